/* See talk.h. */
#include "talk.h"

#include <stdbool.h>

#include "zone.h"

static bool is_weekend(int32_t day)
{
    int weekday = zone_weekday(day);
    return weekday == 0 || weekday == 6;
}

int64_t talk_slot_us(icaltimezone *zone, int64_t accepted_us)
{
    int32_t day = zone_to_wall(zone, accepted_us).day + TALK_AFTER_DAYS;
    while (is_weekend(day))
        day++;
    return zone_to_utc_us(zone, (struct wall){.day = day, .minute = TALK_HOUR * 60});
}
