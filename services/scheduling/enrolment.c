/* See enrolment.h. */
#include "enrolment.h"

bool enrolment_has_place(int64_t capacity, int64_t enrolled_n, int64_t waiting_n)
{
    return enrolled_n < capacity && waiting_n == 0;
}

int64_t enrolment_moves_up(int64_t capacity, int64_t enrolled_n, int64_t waiting_n)
{
    int64_t room = capacity > enrolled_n ? capacity - enrolled_n : 0;
    return room < waiting_n ? room : waiting_n;
}

bool enrolment_names(const struct bus_id *ids, size_t n, struct bus_id id)
{
    for (size_t i = 0; i < n; i++)
        if (bus_id_equal(ids[i], id))
            return true;
    return false;
}

struct roll enrolment_roll(struct bus_arena *arena, const struct bus_id *enrolled, size_t enrolled_n,
                           const struct bus_id *named, size_t named_n)
{
    struct roll roll = {
        .attended = bus_alloc_array(arena, named_n, sizeof *roll.attended),
        .had_place = bus_alloc_array(arena, named_n, sizeof *roll.had_place),
        .missed = bus_alloc_array(arena, enrolled_n, sizeof *roll.missed),
    };
    for (size_t i = 0; i < named_n; i++) {
        if (enrolment_names(roll.attended, roll.attended_n, named[i]))
            continue;
        roll.had_place[roll.attended_n] = enrolment_names(enrolled, enrolled_n, named[i]);
        roll.attended[roll.attended_n++] = named[i];
    }
    for (size_t i = 0; i < enrolled_n; i++)
        if (!enrolment_names(roll.attended, roll.attended_n, enrolled[i]))
            roll.missed[roll.missed_n++] = enrolled[i];
    return roll;
}
