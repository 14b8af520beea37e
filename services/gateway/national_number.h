/* What looks like a national number is refused where the gateway takes in an event or a command: streams are
 * kept, and nobody can be forgotten in them. Pure. */
#ifndef GATEWAY_NATIONAL_NUMBER_H
#define GATEWAY_NATIONAL_NUMBER_H

#include "input.h"

/* Whether eleven digits with a day of birth and check digits that fit stand in a usual way: in one row, or
 * parted as 93.05.18-223.61, 930518-223.61, 930518-22361, 930518223-61 or 93.05.18-22361, by any of . - / _ :
 * or a space. Passed over: UUIDs, mobile phones (+324...), what begins with a year from 2020 to 2032 and, in
 * one row, what begins with 17 to 20, as seconds since 1970 and days such as 20261122 do: of national numbers
 * those of children and of the very old. Of other rows of eleven digits one in 400 looks like one; of those
 * that begin with a day as 261122 one in 50. */
bool national_number_in(struct bus_bytes text);

/* A fault at `pointer` if there is one in the text. */
void national_number_refuse(struct bus_faults *faults, struct bus_arena *arena, const char *pointer,
                            struct bus_bytes text);
/* A fault for every text of a checked struct that has one, each pointer behind `place`. Personal fields are
 * passed over: nobody keeps those. */
void national_number_refuse_all(struct bus_faults *faults, struct bus_arena *arena, const char *place,
                                const struct bus_shape *shape, const void *value);

#endif
