/* Days in Belgium and project years. A project year begins on the first of a month that is a setting, and is
 * named by the calendar year it begins in. */
#ifndef REPORTING_CALENDAR_H
#define REPORTING_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Days since 1970, on the calendar of Europe/Brussels. */
int32_t belgian_day(int64_t time_us);
/* The moment a Belgian day begins. */
int64_t belgian_midnight_us(int32_t day);

int64_t project_year_of(int32_t day, int first_month);
int32_t project_year_first(int64_t year, int first_month);
int32_t project_year_last(int64_t year, int first_month);

#endif
