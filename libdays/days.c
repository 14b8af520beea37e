/* See days.h. */
#include "days/days.h"

/* Looked up once a thread: it stands far down the list of all zones. */
static icaltimezone *found(void)
{
    static _Thread_local icaltimezone *zone;
    if (zone == NULL)
        zone = icaltimezone_get_builtin_timezone(ZONE_BELGIUM);
    return zone;
}

static icaltimezone *belgium(void)
{
    if (!belgian_time_known())
        bus_die("the time zone " ZONE_BELGIUM " is not installed: install tzdata");
    return found();
}

bool belgian_time_known(void)
{
    return found() != NULL;
}

struct wall belgian_wall(int64_t time_us)
{
    return zone_wall(belgium(), time_us);
}

int64_t belgian_moment_us(struct wall wall)
{
    return zone_moment_us(belgium(), wall);
}

int32_t belgian_day(int64_t time_us)
{
    return belgian_wall(time_us).day;
}

int64_t belgian_midnight_us(int32_t day)
{
    return belgian_moment_us((struct wall){.day = day});
}

int32_t belgian_days_between(int64_t from_us, int64_t until_us)
{
    return belgian_day(until_us) - belgian_day(from_us);
}
