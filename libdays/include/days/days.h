/* Dates and times in Belgium: which day a moment falls on, when one begins, and what the clock on the wall
 * shows. Days are counted since 1970-01-01. Pure, for any thread. */
#ifndef DAYS_DAYS_H
#define DAYS_DAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "days/zone.h"

/* Whether the zone's rules are on this machine; without them the others end the program. */
bool belgian_time_known(void);

int32_t belgian_day(int64_t time_us);
int64_t belgian_midnight_us(int32_t day);
/* From the day of one moment to that of another, whatever the hour. */
int32_t belgian_days_between(int64_t from_us, int64_t until_us);

struct wall belgian_wall(int64_t time_us);
/* As zone_moment_us() where summer time begins or ends. */
int64_t belgian_moment_us(struct wall wall);

#endif
