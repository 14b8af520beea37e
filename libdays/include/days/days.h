/* Days in Belgium: which one a moment falls on, and when one begins. Days are counted since 1970-01-01; the
 * zone's rules are tzdata's, by libical. Pure, for any thread. */
#ifndef DAYS_DAYS_H
#define DAYS_DAYS_H

#include <stdint.h>

int32_t belgian_day(int64_t time_us);
int64_t belgian_midnight_us(int32_t day);
/* From the day of one moment to that of another, whatever the hour. */
int32_t belgian_days_between(int64_t from_us, int64_t until_us);

#endif
