/* See zone.h. */
#include "zone.h"

#include <libical/ical.h>

#include "bus/clock.h"
#include "bus/status.h"

/* Looked up once: it stands far down the list of all zones. */
static icaltimezone *belgium(void)
{
    static _Thread_local icaltimezone *zone;
    if (zone == NULL)
        zone = icaltimezone_get_builtin_timezone("Europe/Brussels");
    if (zone == NULL)
        bus_die("the time zone Europe/Brussels is not installed: install tzdata");
    return zone;
}

/* Rounds down, also before 1970. */
static time_t seconds(int64_t time_us)
{
    return (time_t)((time_us - (time_us % BUS_SECOND_US + BUS_SECOND_US) % BUS_SECOND_US) / BUS_SECOND_US);
}

struct local_time zone_local(int64_t time_us)
{
    struct icaltimetype at = icaltime_from_timet_with_zone(seconds(time_us), 0, belgium());
    return (struct local_time){
        .year = at.year,
        .month = at.month,
        .day = at.day,
        .hour = at.hour,
        .minute = at.minute,
        .weekday = (icaltime_day_of_week(at) + 5) % 7 + 1,
    };
}

int64_t zone_moment_us(struct local_time local, int days)
{
    struct icaltimetype at = icaltime_null_time();
    at.year = local.year;
    at.month = local.month;
    at.day = local.day + days;
    at.hour = local.hour;
    at.minute = local.minute;
    at = icaltime_normalize(at);
    return (int64_t)icaltime_as_timet_with_zone(at, belgium()) * BUS_SECOND_US;
}
