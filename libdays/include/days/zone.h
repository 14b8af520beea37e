/* The clock on the wall in a time zone: between a moment and what it shows then, a day (since 1970-01-01) and
 * a minute of that day. The zone's rules are tzdata's, by libical. Pure, for any thread. */
#ifndef DAYS_ZONE_H
#define DAYS_ZONE_H

#include <libical/ical.h>
#include <stdint.h>

#include "bus/status.h"

#define ZONE_BELGIUM "Europe/Brussels"

struct wall {
    int32_t day;
    int32_t minute;
};

/* Borrowed from libical, for ever. BUS_INVALID, at /timezone, for a name that is no zone. */
BUS_CHECKED enum bus_status zone_get(const char *name, icaltimezone **ret_zone, struct bus_error *err);
struct wall zone_wall(icaltimezone *zone, int64_t at_us);
/* What summer time skips is later by as much (02:30 is 03:30); what comes twice is the first. */
int64_t zone_moment_us(icaltimezone *zone, struct wall wall);

/* 1 is Monday, 7 Sunday. */
int day_weekday(int32_t day);

#endif
