/* A postcode that does not exist, told beside what else is wrong: only the sender can put it right. Pure. */
#ifndef GATEWAY_POSTCODE_H
#define GATEWAY_POSTCODE_H

#include "input.h"

/* For data that is not as its shape says: a fault behind `place` if its postcode is one in form alone. */
void postcode_refuse(const struct bus_shape *shape, struct bus_bytes data, const char *place,
                     struct bus_arena *arena, struct bus_faults *faults);

#endif
