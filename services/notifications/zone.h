/* The clock on the wall in Belgium: between a moment and its local date and time. */
#ifndef NOTIFICATIONS_ZONE_H
#define NOTIFICATIONS_ZONE_H

#include <stdint.h>

struct local_time {
    int year, month, day; /* month and day from 1 */
    int hour, minute;
    int weekday; /* 1: Monday … 7: Sunday */
};

struct local_time zone_local(int64_t time_us);
/* The moment of a local date and time; `days` later on the calendar. A time that is skipped when summer time
 * begins gives a moment within the hour around it. */
int64_t zone_moment_us(struct local_time local, int days);

#endif
