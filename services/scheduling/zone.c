/* See zone.h. */
#include "zone.h"

#include "bus/clock.h"

#define DAY_S    INT64_C(86400)
#define MINUTE_S INT64_C(60)
#define HOUR_S   INT64_C(3600)

enum bus_status zone_get(const char *name, icaltimezone **ret_zone, struct bus_error *err)
{
    icaltimezone *zone = icaltimezone_get_builtin_timezone(name);
    if (zone == NULL)
        return bus_fail_at(err, BUS_INVALID, "/timezone",
                           "there is no time zone %s; use an IANA name such as " ZONE_HOME, name);
    *ret_zone = zone;
    return BUS_OK;
}

/* What the clock on the wall shows at `at_s`, counted as if it were UTC. */
static int64_t shown_s(icaltimezone *zone, int64_t at_s)
{
    icaltimetype shown = icaltime_from_timet_with_zone((time_t)at_s, 0, zone);
    shown.zone = NULL;
    return icaltime_as_timet_with_zone(shown, icaltimezone_get_utc_timezone());
}

icaltimetype zone_ical(struct wall wall)
{
    icaltimetype time =
        icaltime_from_timet_with_zone((time_t)(wall.day * DAY_S + wall.minute * MINUTE_S), 0, NULL);
    time.zone = NULL;
    return time;
}

int64_t zone_to_utc_us(icaltimezone *zone, struct wall wall)
{
    int64_t wanted_s = wall.day * DAY_S + wall.minute * MINUTE_S;
    int64_t at_s = icaltime_as_timet_with_zone(zone_ical(wall), zone);
    int64_t skipped_s = wanted_s - shown_s(zone, at_s);
    if (skipped_s != 0)
        at_s += skipped_s > 0 ? skipped_s : 0;
    else if (shown_s(zone, at_s - HOUR_S) == wanted_s)
        at_s -= HOUR_S;
    return at_s * BUS_SECOND_US;
}

struct wall zone_to_wall(icaltimezone *zone, int64_t at_us)
{
    int64_t at_s = at_us / BUS_SECOND_US - (at_us % BUS_SECOND_US < 0);
    int64_t shown = shown_s(zone, at_s);
    int64_t day = shown / DAY_S - (shown % DAY_S < 0);
    return (struct wall){.day = (int32_t)day, .minute = (int32_t)((shown - day * DAY_S) / MINUTE_S)};
}

int zone_weekday(int32_t day)
{
    return (int)(((day % 7) + 7 + 4) % 7);
}
