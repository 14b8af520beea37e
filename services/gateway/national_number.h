/* A national number may never stand in an event or a recorded command: streams are kept and nobody can be
 * forgotten in them. Pure. */
#ifndef GATEWAY_NATIONAL_NUMBER_H
#define GATEWAY_NATIONAL_NUMBER_H

#include "input.h"

/* Whether eleven digits, with any signs but letters between them, have a day of birth and check digits that
 * fit. Where more digits stand beside them only the usual ways to write one count. A UUID is none, whatever
 * digits it has. Of other numbers of eleven digits one in a few hundred looks so. */
bool national_number_in(struct bus_bytes text);

/* A fault at `pointer` if there is one in the text. */
void national_number_refuse(struct bus_faults *faults, struct bus_arena *arena, const char *pointer,
                            struct bus_bytes text);
/* A fault for every text of a checked struct that has one, each pointer behind `place`. Personal fields are
 * passed over: nobody keeps those. */
void national_number_refuse_all(struct bus_faults *faults, struct bus_arena *arena, const char *place,
                                const struct bus_shape *shape, const void *value);

#endif
