/* Time zones by libical: between a moment and what the clock on the wall shows. A wall time is a day (since
 * 1970) and a minute of that day. A time that summer time skips is an hour later; one that comes twice is the
 * first. */
#ifndef SCHEDULING_ZONE_H
#define SCHEDULING_ZONE_H

#include <libical/ical.h>
#include <stdint.h>

#include "bus/status.h"

#define ZONE_HOME "Europe/Brussels"

struct wall {
    int32_t day;
    int32_t minute;
};

/* Borrowed from libical, for ever. BUS_INVALID for a name that is no zone. */
BUS_CHECKED enum bus_status zone_get(const char *name, icaltimezone **ret_zone, struct bus_error *err);
int64_t zone_to_utc_us(icaltimezone *zone, struct wall wall);
struct wall zone_to_wall(icaltimezone *zone, int64_t at_us);

/* 0 is Sunday. */
int zone_weekday(int32_t day);
/* The same as libical holds it, without a zone. */
icaltimetype zone_ical(struct wall wall);

#endif
