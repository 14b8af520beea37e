/* Time as microseconds since 1970 UTC, and its RFC 3339 text. Only the loop reads the clock:
 * handlers get `now` from their context. */
#ifndef BUS_CLOCK_H
#define BUS_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_SECOND_US INT64_C(1000000)
#define BUS_MINUTE_US (60 * BUS_SECOND_US)
#define BUS_HOUR_US   (60 * BUS_MINUTE_US)
#define BUS_DAY_US    (24 * BUS_HOUR_US)
#define BUS_TIME_TEXT 32
/* What a text of a time can hold: the years 1900 to 2199, UTC. */
#define BUS_TIME_FIRST_US (INT64_C(-25567) * BUS_DAY_US)
#define BUS_TIME_LAST_US  (INT64_C(84006) * BUS_DAY_US - 1)

int64_t bus_clock_wall_us(void);      /* the wall clock; may jump */
int64_t bus_clock_monotonic_us(void); /* for intervals only; never jumps */
void bus_clock_sleep_ms(int ms);

/* "2026-11-22T08:20:00Z", with six decimals when the microseconds are not zero. */
void bus_time_format(int64_t time_us, char text[BUS_TIME_TEXT]);
/* RFC 3339 with Z or an offset. A date-time without one is refused: the caller knows the zone, not we.
 * Leap seconds are refused; what is finer than a microsecond is cut off. Years 1900 to 2199. */
bool bus_time_parse(const char *text, size_t size, int64_t *ret_time_us);
/* "2026-11-22" as days since 1970, and back; refuses days that do not exist. Years 1900 to 2199; days
 * outside them are written as the first or the last day within. */
bool bus_date_parse(const char *text, size_t size, int32_t *ret_days);
void bus_date_format(int32_t days, char text[11]);

#endif
