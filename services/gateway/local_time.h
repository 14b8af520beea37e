/* Date-times without a zone are Belgian time: that is how partners write them. Pure. */
#ifndef GATEWAY_LOCAL_TIME_H
#define GATEWAY_LOCAL_TIME_H

#include "bus/bytes.h"
#include "bus/codec.h"

/* "2026-11-22T09:15", with or without seconds and their fraction; false for everything else, and for an hour
 * that is skipped in spring. An hour that comes twice in autumn is the first of the two. */
bool local_time_parse(const char *text, size_t size, int64_t *ret_time_us);
/* What is wrong with a text that is no time. */
const char *local_time_fault(const char *text, size_t size);
#define LOCAL_TIME_WANTED                                                                                  \
    "must be a time from 1900 to 2199: Belgian, such as 2026-11-22T09:20 or 2026-11-22T09:20:00, or with " \
    "its "                                                                                                 \
    "zone, such as 2026-11-22T09:20:00+01:00 or 2026-11-22T08:20:00Z"
#define LOCAL_TIME_NO_DAY  "names a day that is not in the calendar; it "
#define LOCAL_TIME_NO_HOUR "is a date without the time of day; it "
#define LOCAL_TIME_SKIPPED "does not exist: that night Belgian clocks go from 02:00 to 03:00"

/* Appends `value` to `out`, with the times of that shape that have no zone written with one. What does not
 * fit the shape passes unchanged. `value` has been scanned. */
void local_times_write(const struct bus_shape *shape, struct bus_bytes value, struct bus_buffer *out);

#endif
