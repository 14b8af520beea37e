/* See talk.h. The words of the schema count on from Monday morning, three a day, which is asserted here. */
#include "talk.h"

#include <assert.h>
#include <stdbool.h>

#include "days/days.h"
#include "holidays.h"

static_assert(COMMON_SLOT_MON_MORNING == 1 && COMMON_SLOT_TUE_MORNING == 4 && COMMON_SLOT_SUN_EVENING == 21,
              "parts of the week");

enum { MORNING, AFTERNOON, EVENING, PARTS };

static const int32_t part_minute[PARTS] = {[MORNING] = 10 * 60, [AFTERNOON] = 14 * 60, [EVENING] = 19 * 60};

static struct wall first_weekday(int32_t from_day)
{
    int32_t day = from_day;
    while (day_weekday(day) >= 6 || holiday_is(day))
        day++;
    return (struct wall){.day = day, .minute = part_minute[AFTERNOON]};
}

static struct wall first_of_slot(int32_t from_day, int slot)
{
    int weekday = (slot - 1) / PARTS + 1;
    int32_t day = from_day + (weekday - day_weekday(from_day) + 7) % 7;
    while (holiday_is(day))
        day += 7;
    return (struct wall){.day = day, .minute = part_minute[(slot - 1) % PARTS]};
}

static bool is_before(struct wall a, struct wall b)
{
    return a.day != b.day ? a.day < b.day : a.minute < b.minute;
}

int64_t talk_slot_us(int64_t accepted_us, const int *shared, size_t shared_n)
{
    int32_t from_day = belgian_day(accepted_us) + TALK_AFTER_DAYS;
    struct wall first = shared_n > 0 ? first_of_slot(from_day, shared[0]) : first_weekday(from_day);
    for (size_t i = 1; i < shared_n; i++) {
        struct wall other = first_of_slot(from_day, shared[i]);
        if (is_before(other, first))
            first = other;
    }
    return belgian_moment_us(first);
}
