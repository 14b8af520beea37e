/* See zone.h. */
#include "days/zone.h"

#include "bus/clock.h"

enum bus_status zone_get(const char *name, icaltimezone **ret_zone, struct bus_error *err)
{
    icaltimezone *zone = icaltimezone_get_builtin_timezone(name);
    if (zone == NULL)
        return bus_fail_at(err, BUS_INVALID, "/timezone",
                           "there is no time zone %s; use an IANA name such as " ZONE_BELGIUM, name);
    *ret_zone = zone;
    return BUS_OK;
}

/* Rounds down, also before 1970. */
static int64_t floor_div(int64_t time_us, int64_t unit_us)
{
    return time_us / unit_us - (time_us % unit_us < 0);
}

static int64_t offset_us(icaltimezone *zone, int64_t at_us)
{
    int summer = 0;
    struct icaltimetype at = icaltime_from_timet_with_zone((time_t)floor_div(at_us, BUS_SECOND_US), 0,
                                                           icaltimezone_get_utc_timezone());
    return icaltimezone_get_utc_offset_of_utc_time(zone, &at, &summer) * BUS_SECOND_US;
}

struct wall zone_wall(icaltimezone *zone, int64_t at_us)
{
    int64_t shown_us = at_us + offset_us(zone, at_us);
    int64_t day = floor_div(shown_us, BUS_DAY_US);
    return (struct wall){.day = (int32_t)day,
                         .minute = (int32_t)((shown_us - day * BUS_DAY_US) / BUS_MINUTE_US)};
}

/* By the offset of a day before, which holds first where two do, and where none does is the one that skips;
 * by that of a day after where the clock has changed since. */
int64_t zone_moment_us(icaltimezone *zone, struct wall wall)
{
    int64_t shown_us = wall.day * BUS_DAY_US + wall.minute * BUS_MINUTE_US;
    int64_t before_us = offset_us(zone, shown_us - BUS_DAY_US);
    int64_t after_us = offset_us(zone, shown_us + BUS_DAY_US);
    bool changed = offset_us(zone, shown_us - before_us) != before_us;
    return changed && offset_us(zone, shown_us - after_us) == after_us ? shown_us - after_us
                                                                       : shown_us - before_us;
}

int day_weekday(int32_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7) + 1;
}
