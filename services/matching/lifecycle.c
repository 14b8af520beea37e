/* See lifecycle.h. */
#include "lifecycle.h"

int64_t days_between(int64_t from_us, int64_t until_us)
{
    int64_t days = (until_us - from_us) / BUS_DAY_US;
    return days < 0 ? 0 : days > 36500 ? 36500 : days;
}

bool newcomer_returns_by_default(enum common_stop_reason reason)
{
    return reason != COMMON_STOP_REASON_GOAL_REACHED && reason != COMMON_STOP_REASON_MOVED &&
           reason != COMMON_STOP_REASON_WORK_OR_STUDY;
}

int64_t next_round_us(int64_t now_us, int64_t every_us)
{
    return (now_us / every_us + 1) * every_us;
}

/* One in the morning, UTC, on the last Sunday of the month whose last day this is: 1970-01-01 was a Thursday.
 */
static int64_t last_sunday_us(int64_t last_day_of_month)
{
    int64_t sunday = last_day_of_month - (last_day_of_month + 4) % 7;
    return sunday * BUS_DAY_US + BUS_HOUR_US;
}

static int64_t summer_time_us(int64_t time_us)
{
    char date[11];
    bus_date_format((int32_t)(time_us / BUS_DAY_US), date);
    char march[11] = "YYYY-03-31", october[11] = "YYYY-10-31";
    for (int i = 0; i < 4; i++)
        march[i] = october[i] = date[i];
    int32_t begins = 0, ends = 0;
    if (!bus_date_parse(march, 10, &begins) || !bus_date_parse(october, 10, &ends))
        return 0;
    return time_us >= last_sunday_us(begins) && time_us < last_sunday_us(ends) ? BUS_HOUR_US : 0;
}

int32_t belgian_day(int64_t time_us)
{
    return (int32_t)((time_us + BUS_HOUR_US + summer_time_us(time_us)) / BUS_DAY_US);
}

int64_t told_time_us(int32_t day, int64_t now_us)
{
    return day == belgian_day(now_us) ? now_us : day * BUS_DAY_US + 12 * BUS_HOUR_US;
}

int64_t duo_last_sign_us(int64_t started_us, int64_t last_contact_us)
{
    return last_contact_us > started_us ? last_contact_us : started_us;
}

bool duo_is_silent(int64_t started_us, int64_t last_contact_us, int64_t silence_after_us, int64_t now_us)
{
    return now_us - duo_last_sign_us(started_us, last_contact_us) >= silence_after_us;
}
