/* What looks like a national number, which may stand in no text of an event or a command: streams are kept,
 * and nobody can be forgotten in them. Pure. */
#ifndef PRIVACY_NUMBER_H
#define PRIVACY_NUMBER_H

#include "bus/codec.h"

/* Whether eleven digits with a day of birth and check digits that fit stand in a usual way: in one row, or
 * parted as 93.05.18-223.61, 930518-223.61, 930518-22361, 930518223-61 or 93.05.18-22361, by any of . - / _ :
 * or a space. Passed over: UUIDs, mobile phones (+324...), what begins with a year from 2020 to 2032 and, in
 * one row, what begins with 17 to 20, as seconds since 1970 and days such as 20261122 do: of national numbers
 * those of children and of the very old. Of other rows of eleven digits one in 400 looks like one; of those
 * that begin with a day as 261122 one in 50. */
bool privacy_number_in(struct bus_bytes text);

#define PRIVACY_NUMBER_WORDS                                                                               \
    "looks like a national number, which may stand in the personal field `national_number` alone: give a " \
    "reference of your own"

typedef void privacy_number_fn(void *context, const char *pointer);
/* Calls `found` for every text of a decoded struct that has one, each pointer behind `place`, in the arena.
 * Personal fields are passed over: nobody keeps those. */
void privacy_numbers(const struct bus_shape *shape, const void *value, const char *place,
                     struct bus_arena *arena, privacy_number_fn *found, void *context);

#endif
