/* When a series has its sessions: an RRULE from a first wall time on, in a time zone. At most one a day, at
 * the same clock time all year. Pure; no clock, no memory of its own beyond the struct. */
#ifndef SCHEDULING_RECURRENCE_H
#define SCHEDULING_RECURRENCE_H

#include <libical/ical.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/status.h"
#include "days/zone.h"

#define RECURRENCE_YEARS 10 /* a rule must happen at least once within these */

struct recurrence {
    icaltimezone *zone;
    struct icalrecurrencetype rule;
    struct wall starts;
};

struct occurrence {
    int32_t day; /* in the zone of the series */
    int64_t at_us;
};

/* Of a rule that was checked. `starts` is "YYYY-MM-DDTHH:MM". */
BUS_CHECKED enum bus_status recurrence_init(struct recurrence *self, const char *rrule, const char *zone_name,
                                            const char *starts, struct bus_error *err);
/* The same of a rule from outside. BUS_INVALID, with what to change, for one that we do not take, a zone or
 * date that does not exist, and a rule that never happens. */
BUS_CHECKED enum bus_status recurrence_check(struct recurrence *self, const char *rrule,
                                             const char *zone_name, const char *starts,
                                             struct bus_error *err);
/* What can be said of one of them alone. */
BUS_CHECKED enum bus_status recurrence_check_rrule(const char *rrule, struct bus_error *err);
BUS_CHECKED enum bus_status recurrence_check_starts(const char *starts, struct bus_error *err);
/* The occurrences from `from_day` to `to_day`, both included, in order; at most `max` of them. */
size_t recurrence_between(const struct recurrence *self, int32_t from_day, int32_t to_day,
                          struct occurrence *out, size_t max);
/* The first from `from_day` on, within RECURRENCE_YEARS of it. */
bool recurrence_next(const struct recurrence *self, int32_t from_day, struct occurrence *ret);

#endif
