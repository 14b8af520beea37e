/* Reads msgpack in place, value by value, without allocating. Meant for bytes that passed bus_scan; on
 * others it refuses rather than read beyond the end. Borrows the bytes it walks. */
#ifndef BUS_CURSOR_H
#define BUS_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/id.h"

struct bus_cursor {
    const uint8_t *at; /* the next value */
    const uint8_t *end;
};

enum bus_wire {
    BUS_WIRE_NONE, /* the end, or bytes that are no value we take */
    BUS_WIRE_NIL,
    BUS_WIRE_BOOL,
    BUS_WIRE_INT,
    BUS_WIRE_NUMBER,
    BUS_WIRE_TEXT,
    BUS_WIRE_ARRAY,
    BUS_WIRE_MAP,
};

static inline struct bus_cursor bus_cursor(struct bus_bytes bytes)
{
    return (struct bus_cursor){.at = bytes.data, .end = bytes.size ? bytes.data + bytes.size : bytes.data};
}
static inline bool bus_cursor_done(const struct bus_cursor *self)
{
    return self->at == self->end;
}
enum bus_wire bus_cursor_peek(const struct bus_cursor *self); /* what the next value is */

/* Each takes the next value when it is of that kind; otherwise false, and nothing has moved. After a map
 * of n come n times a key (text) and a value; after an array of n come n values. */
bool bus_cursor_map(struct bus_cursor *self, uint32_t *ret_n);
bool bus_cursor_array(struct bus_cursor *self, uint32_t *ret_n);
bool bus_cursor_text(struct bus_cursor *self, struct bus_bytes *ret_text); /* borrowed, not NUL-terminated */
bool bus_cursor_int(struct bus_cursor *self, int64_t *ret_value);
bool bus_cursor_number(struct bus_cursor *self, double *ret_value); /* takes integers too */
bool bus_cursor_bool(struct bus_cursor *self, bool *ret_value);
bool bus_cursor_nil(struct bus_cursor *self);
bool bus_cursor_id(struct bus_cursor *self, struct bus_id *ret_id);  /* canonical text; nil is refused */
bool bus_cursor_time(struct bus_cursor *self, int64_t *ret_time_us); /* RFC 3339 text */
bool bus_cursor_strdup(struct bus_cursor *self, struct bus_arena *arena,
                       const char **ret_text);                             /* a text, copied */
bool bus_cursor_skip(struct bus_cursor *self);                             /* any one value, whole */
bool bus_cursor_raw(struct bus_cursor *self, struct bus_bytes *ret_value); /* the same, and where it stood */

/* Finds `key` in the map that `map` is, and sets a cursor on its value. */
bool bus_cursor_get(struct bus_bytes map, const char *key, struct bus_cursor *ret_value);
/* The value of `key` in the map that `map` is, when it is one: false otherwise, and *ret as it was. */
bool bus_cursor_get_int(struct bus_bytes map, const char *key, int64_t *ret);
/* The same, copied; `otherwise` when the map has no such text. */
const char *bus_cursor_get_text(struct bus_bytes map, const char *key, struct bus_arena *arena,
                                const char *otherwise);

/* Whether borrowed text is this literal. */
bool bus_text_is(struct bus_bytes text, const char *literal);

#endif
