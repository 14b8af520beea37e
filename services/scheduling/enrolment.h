/* The rules of places and attendance. Pure. */
#ifndef SCHEDULING_ENROLMENT_H
#define SCHEDULING_ENROLMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/id.h"

/* Whether who comes now gets a place: not while others wait. */
bool enrolment_has_place(int64_t capacity, int64_t enrolled_n, int64_t waiting_n);
/* How many of those who wait move up. */
int64_t enrolment_moves_up(int64_t capacity, int64_t enrolled_n, int64_t waiting_n);

bool enrolment_names(const struct bus_id *ids, size_t n, struct bus_id id);

/* Who was there, each once and in the order named, and who was not though enrolled, in order of enrolment. */
struct roll {
    struct bus_id *attended;
    bool *had_place; /* of each in `attended` */
    size_t attended_n;
    struct bus_id *missed;
    size_t missed_n;
};
struct roll enrolment_roll(struct bus_arena *arena, const struct bus_id *enrolled, size_t enrolled_n,
                           const struct bus_id *named, size_t named_n);

#endif
