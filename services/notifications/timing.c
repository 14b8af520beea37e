/* See timing.h. */
#include "timing.h"

#include <stdbool.h>
#include <stddef.h>

#include "bus/clock.h"
#include "days/days.h"

static int minutes(const char *text)
{
    return ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0');
}

int64_t quiet_passed_us(struct quiet_hours quiet, int64_t time_us)
{
    int from = minutes(quiet.from != NULL ? quiet.from : QUIET_FROM);
    int to = minutes(quiet.to != NULL ? quiet.to : QUIET_TO);
    struct wall now = belgian_wall(time_us);
    bool begun = now.minute >= from, ended = now.minute >= to;
    bool within = from <= to ? begun && !ended : begun || !ended;
    if (!within)
        return time_us;
    int64_t end_us = belgian_moment_us((struct wall){.day = now.day + ended, .minute = to});
    /* An end in the hour that the clock repeats could lie behind us. */
    return end_us > time_us ? end_us : time_us;
}

int64_t retry_pause_us(int64_t tries)
{
    static const int64_t pauses[] = {1, 5, 30, 120, 360, 720, 1440};
    size_t n = sizeof pauses / sizeof pauses[0];
    size_t i = tries < 1 ? 0 : (size_t)tries - 1;
    return pauses[i < n ? i : n - 1] * BUS_MINUTE_US;
}
