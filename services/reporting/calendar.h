/* Project years, beside the days of libdays. A project year begins on the first of a month that is a setting,
 * and is named by the calendar year it begins in. */
#ifndef REPORTING_CALENDAR_H
#define REPORTING_CALENDAR_H

#include <stdint.h>

#include "days/days.h"

int64_t project_year_of(int32_t day, int first_month);
int32_t project_year_first(int64_t year, int first_month);
int32_t project_year_last(int64_t year, int first_month);

#endif
