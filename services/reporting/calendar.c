/* See calendar.h. */
#include "calendar.h"

#include <time.h>

#define DAY_S 86400

static int32_t day_of(int64_t year, int month, int day)
{
    struct tm date = {.tm_year = (int)(year - 1900), .tm_mon = month - 1, .tm_mday = day};
    return (int32_t)(timegm(&date) / DAY_S);
}

static void date_of(int32_t day, int64_t *ret_year, int *ret_month)
{
    struct tm date = {0};
    (void)gmtime_r(&(time_t){(time_t)day * DAY_S}, &date);
    *ret_year = date.tm_year + 1900;
    *ret_month = date.tm_mon + 1;
}

int64_t project_year_of(int32_t day, int first_month)
{
    int64_t year = 0;
    int month = 0;
    date_of(day, &year, &month);
    return month >= first_month ? year : year - 1;
}

int32_t project_year_first(int64_t year, int first_month)
{
    return day_of(year, first_month, 1);
}

int32_t project_year_last(int64_t year, int first_month)
{
    return day_of(year + 1, first_month, 1) - 1;
}
