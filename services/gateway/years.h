/* Years of birth that lie ahead: told at the door, beside what else is wrong. Pure. */
#ifndef GATEWAY_YEARS_H
#define GATEWAY_YEARS_H

#include "input.h"

/* A fault for each year of birth in the `profile` of a struct, if its shape has one, that begins after
 * `latest_us`; each pointer behind `place`. What is at fault already is passed over. */
void years_refuse(const struct bus_shape *shape, const void *value, const char *place, int64_t latest_us,
                  struct bus_arena *arena, struct bus_faults *faults);

#endif
