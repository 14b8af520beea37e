/* See lifecycle.h. */
#include "lifecycle.h"

int64_t days_between(int64_t from_us, int64_t until_us)
{
    int64_t days = belgian_days_between(from_us, until_us);
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
