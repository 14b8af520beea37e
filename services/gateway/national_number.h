/* A national number is refused where the gateway takes in an event or a command. Pure. */
#ifndef GATEWAY_NATIONAL_NUMBER_H
#define GATEWAY_NATIONAL_NUMBER_H

#include "input.h"

/* A fault at `pointer` if there is one in the text. */
void national_number_refuse(struct bus_faults *faults, struct bus_arena *arena, const char *pointer,
                            struct bus_bytes text);
/* A fault for every text of a checked struct that has one, each pointer behind `place`. */
void national_number_refuse_all(struct bus_faults *faults, struct bus_arena *arena, const char *place,
                                const struct bus_shape *shape, const void *value);

#endif
