/* What comes from outside, checked against its schema: every fault with its place. Pure. */
#ifndef GATEWAY_INPUT_H
#define GATEWAY_INPUT_H

#include "bus/codec.h"

/* One more fault; beyond BUS_FAULTS_MAX they are only counted. The text never quotes what was sent. */
void input_fault(struct bus_faults *faults, struct bus_arena *arena, const char *pointer, const char *fmt,
                 ...) __attribute__((format(printf, 4, 5)));
/* Those told from the `from`th on are none of the schema's. */
void input_ruled(struct bus_faults *faults, size_t from);
/* Whether none of those told from the `from`th on is the schema's, so that it can be written all the same. */
bool input_only_ruled(const struct bus_faults *faults, size_t from);
/* The pointer to `name`, which was sent, within `place`: escaped, and shortened if it is long. What no
 * field's name has becomes a question mark. */
const char *input_place(struct bus_arena *arena, const char *place, const char *name);
/* Whether a fault was told of that place. */
bool input_is_faulty(const struct bus_faults *faults, const char *pointer);
/* `data` has been scanned. The struct of that shape, or BUS_INVALID with its faults added, each pointer
 * behind `place`, and what could be read of it: see bus_decode_outside(). Times without a zone are taken as
 * Belgian. */
BUS_CHECKED enum bus_status input_check(const struct bus_shape *shape, struct bus_bytes data,
                                        const char *place, struct bus_arena *arena, void **ret_value,
                                        struct bus_faults *faults, struct bus_error *err);
/* A checked struct as msgpack in the arena: fields in schema order, so that equal content is equal bytes. */
BUS_CHECKED enum bus_status input_encode(const struct bus_shape *shape, const void *value,
                                         struct bus_arena *arena, struct bus_bytes *ret_data,
                                         struct bus_error *err);
const struct bus_field *input_field_find(const struct bus_shape *shape, const char *name);

#endif
