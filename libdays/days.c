/* See days.h. */
#include "days/days.h"

#include <libical/ical.h>

#include "bus/clock.h"
#include "bus/status.h"

/* Looked up once a thread: it stands far down the list of all zones. */
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
static int64_t floor_div(int64_t time_us, int64_t unit_us)
{
    return time_us / unit_us - (time_us % unit_us < 0);
}

static struct icaltimetype utc(int64_t time_us)
{
    time_t seconds = (time_t)floor_div(time_us, BUS_SECOND_US);
    return icaltime_from_timet_with_zone(seconds, 0, icaltimezone_get_utc_timezone());
}

int32_t belgian_day(int64_t time_us)
{
    int summer = 0;
    struct icaltimetype at = utc(time_us);
    int64_t offset_us = icaltimezone_get_utc_offset_of_utc_time(belgium(), &at, &summer) * BUS_SECOND_US;
    return (int32_t)floor_div(time_us + offset_us, BUS_DAY_US);
}

int64_t belgian_midnight_us(int32_t day)
{
    int summer = 0;
    struct icaltimetype at = utc(day * BUS_DAY_US);
    return day * BUS_DAY_US - icaltimezone_get_utc_offset(belgium(), &at, &summer) * BUS_SECOND_US;
}

int32_t belgian_days_between(int64_t from_us, int64_t until_us)
{
    return belgian_day(until_us) - belgian_day(from_us);
}
