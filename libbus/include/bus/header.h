/* The header of a message: CloudEvents 1.0 attributes, those of the bus, and extensions of the system that is
 * built on it, as one msgpack map. */
#ifndef BUS_HEADER_H
#define BUS_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/id.h"
#include "bus/status.h"

#define BUS_AFTER_MAX      16
#define BUS_EXTENSIONS_MAX 4

/* "This was written by someone who had read `stream` up to `seq`." */
struct bus_after {
    const char *stream;
    int64_t seq;
};

/* An attribute that the bus does not know: text under a name of 1 to 20 lower-case letters and digits. */
struct bus_extension {
    const char *name;  /* NULL: not used */
    const char *value; /* NULL: not written */
};

/* Text is NUL-terminated, in the arena it was decoded into or owned by the caller; NULL when absent. */
struct bus_header {
    const char *id; /* unique within `source`; ours are UUIDs, an adapter's may be any text ≤ 128 bytes */
    const char *source;  /* URI reference: "/till", "https://partner.example/adapter" */
    const char *type;    /* "shop.till.sold.v1" */
    const char *subject; /* what it is about; messages of one subject keep their order when parked */
    int64_t time_us;     /* when it happened, by the writer's clock or its sender's word */
    int64_t recorded_us; /* when the bus heard of it, where that is not `time`; 0: at `time` */
    const char *stream;  /* whose log it stands in; with epoch and seq: set by the writer's loop */
    int64_t epoch;
    int64_t seq;
    struct bus_after after[BUS_AFTER_MAX];
    size_t after_n;
    bool command; /* on the wire kind: "command": recorded input, for audit and replay; followers pass over it
                   */
    const char *correlationid; /* the first message of a chain of causes */
    const char *causationid;   /* the message that caused this one */
    const char *traceparent;
    const char *actor; /* who did it: "clerk:17", "adapter:partner" */
    const char *kid;   /* key id, kept for per-person encryption */
    /* Of a command or a query: what its sender may touch, as words name=value; NULL: everything. The first
     * event that a command says must have, for each name, one of its values (wire/within.h). Not taken over.
     */
    const char *within;
    /* What an event does not set itself, it takes over from the message that caused it. */
    struct bus_extension extensions[BUS_EXTENSIONS_MAX];
};

/* Appends the map. `specversion` "1.0" is written always, `datacontenttype` never: it is msgpack, as the
 * header itself is; one that is read must say "application/msgpack". BUS_INVALID when it would be over
 * BUS_HEADER_BYTES. */
BUS_CHECKED enum bus_status bus_header_encode(const struct bus_header *header, struct bus_buffer *out,
                                              struct bus_error *err);
/* `bytes` may come from anyone: it is scanned here. id, source and type are required and non-empty;
 * unknown attributes become extensions when they can be one and there is room, and are passed over otherwise.
 */
BUS_CHECKED enum bus_status bus_header_decode(struct bus_bytes bytes, struct bus_arena *arena,
                                              struct bus_header *ret_header, struct bus_error *err);
/* The same for bytes that have passed a scan already. */
BUS_CHECKED enum bus_status bus_header_read(struct bus_bytes bytes, struct bus_arena *arena,
                                            struct bus_header *ret_header, struct bus_error *err);
/* The message's own time: when it entered the bus. What a sender claims of it moves no clock. */
int64_t bus_header_moment_us(const struct bus_header *header);
/* The value of an extension, or NULL. */
const char *bus_header_extension_find(const struct bus_header *header, const char *name);
/* Sets an extension; false when all places are taken. Both texts stay the caller's. */
bool bus_header_extend(struct bus_header *header, const char *name, const char *value);

#endif
