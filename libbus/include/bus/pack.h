/* Writes msgpack into a growing buffer: the counterpart of cursor.h, over msgpack-c's packer.
 * A map or array header is followed by as many values as it says; nothing checks that. */
#ifndef BUS_PACK_H
#define BUS_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/bytes.h"
#include "bus/id.h"

void bus_pack_map(struct bus_buffer *out, uint32_t n); /* n keys and n values follow, by turns */
void bus_pack_array(struct bus_buffer *out, uint32_t n);
void bus_pack_text(struct bus_buffer *out, const char *text); /* not NULL */
void bus_pack_text_n(struct bus_buffer *out, const char *text, size_t size);
void bus_pack_int(struct bus_buffer *out, int64_t value);
void bus_pack_number(struct bus_buffer *out, double value); /* finite */
void bus_pack_bool(struct bus_buffer *out, bool value);
void bus_pack_nil(struct bus_buffer *out);
void bus_pack_id(struct bus_buffer *out, struct bus_id id);        /* its text */
void bus_pack_time(struct bus_buffer *out, int64_t time_us);       /* RFC 3339 text */
void bus_pack_raw(struct bus_buffer *out, struct bus_bytes value); /* one value that is msgpack already */
/* A map that has passed a scan, without one of its keys. */
void bus_pack_map_without(struct bus_buffer *out, struct bus_bytes map, const char *key);

#endif
