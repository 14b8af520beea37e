/* What two people have in common, that makes them perhaps the same. Pure. */
#ifndef REGISTRY_GROUNDS_H
#define REGISTRY_GROUNDS_H

#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "personal.h"

/* Bits, one for each ground; a greater mask counts more. */
#define GROUND_NUMBER 8
#define GROUND_EMAIL  4
#define GROUND_PHONE  2
#define GROUND_NAME   1

struct grounds_side {
    const struct personal *personal;
    int64_t birth_year; /* 0: not known */
    const char *postcode;
};

/* The grounds on which two are perhaps one. A name alone says little: the year of birth must be the same too,
 * or, where either is not known, the postcode.
 * The function people_alike says the same in SQL. */
int64_t grounds_between(const struct grounds_side *a, const struct grounds_side *b);
/* The grounds as the schemas write them, most telling first. */
const int *grounds_list(int64_t mask, struct bus_arena *arena, size_t *ret_n);

#endif
