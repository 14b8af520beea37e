/* See calendar.h. */
#include "calendar.h"

#include <time.h>

#include "bus/clock.h"

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

/* 1970-01-01 was a Thursday, so day 3 was the first Sunday. */
static int32_t last_sunday(int64_t year, int month)
{
    int32_t last = day_of(year, month, 31);
    return last - (last - 3) % 7;
}

/* Summer time begins and ends at 01:00 UTC on the last Sunday of March and October. */
static int64_t offset_us(int64_t time_us)
{
    int64_t year = 0;
    int month = 0;
    date_of((int32_t)(time_us / BUS_DAY_US), &year, &month);
    int64_t begins = last_sunday(year, 3) * BUS_DAY_US + BUS_HOUR_US;
    int64_t ends = last_sunday(year, 10) * BUS_DAY_US + BUS_HOUR_US;
    return time_us >= begins && time_us < ends ? 2 * BUS_HOUR_US : BUS_HOUR_US;
}

int32_t belgian_day(int64_t time_us)
{
    return (int32_t)((time_us + offset_us(time_us)) / BUS_DAY_US);
}

int64_t belgian_midnight_us(int32_t day)
{
    int64_t midnight_us = day * BUS_DAY_US;
    return midnight_us - offset_us(midnight_us - BUS_HOUR_US);
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
