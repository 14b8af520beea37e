/* See timing.h. */
#include "timing.h"

#include <stdbool.h>
#include <stddef.h>

#include "bus/clock.h"
#include "zone.h"

static int minutes(const char *text)
{
    return ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0');
}

int64_t quiet_passed_us(struct quiet_hours quiet, int64_t time_us)
{
    int from = minutes(quiet.from != NULL ? quiet.from : QUIET_FROM);
    int to = minutes(quiet.to != NULL ? quiet.to : QUIET_TO);
    struct local_time local = zone_local(time_us);
    int now = local.hour * 60 + local.minute;
    bool within = from <= to ? now >= from && now < to : now >= from || now < to;
    if (!within)
        return time_us;
    int days = now >= to ? 1 : 0;
    local.hour = to / 60;
    local.minute = to % 60;
    int64_t end_us = zone_moment_us(local, days);
    /* An end in the hour that the clock skips or repeats could lie behind us. */
    return end_us > time_us ? end_us : time_us;
}

int64_t retry_pause_us(int64_t tries)
{
    static const int64_t pauses[] = {1, 5, 30, 120, 360, 720, 1440};
    size_t n = sizeof pauses / sizeof pauses[0];
    size_t i = tries < 1 ? 0 : (size_t)tries - 1;
    return pauses[i < n ? i : n - 1] * BUS_MINUTE_US;
}
