/* The texts of times and dates in the proleptic Gregorian calendar, UTC. */
#include "bus/clock.h"

#include <stdio.h>

#define FIRST_YEAR  1900
#define LAST_YEAR   2199
#define DAY_SECONDS 86400

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days from 1970-01-01 to the first of January of `year`. */
static int64_t year_start(int64_t year)
{
    int64_t before = year - 1;
    int64_t leaps = floor_div(before, 4) - floor_div(before, 100) + floor_div(before, 400);
    return 365 * (year - 1970) + leaps - 477; /* 477 leap days from year 1 to 1969 */
}

struct day {
    int64_t year;
    int month, day;
};

static int64_t day_number(struct day date)
{
    int64_t days = year_start(date.year) + date.day - 1;
    for (int month = 1; month < date.month; month++)
        days += month_days(date.year, month);
    return days;
}

static struct day day_of(int64_t days)
{
    struct day date = {.year = 1970 + floor_div(days * 400, 146097), .month = 1};
    while (year_start(date.year) > days)
        date.year--;
    while (year_start(date.year + 1) <= days)
        date.year++;
    int left = (int)(days - year_start(date.year));
    while (left >= month_days(date.year, date.month))
        left -= month_days(date.year, date.month++);
    date.day = left + 1;
    return date;
}

/* Written by hand: every event carries two or three times, and snprintf costs ten times as much. */
static char *put_digits(char *at, int64_t value, int n)
{
    for (int i = n - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + n;
}

static char *put_date(char *at, struct day date)
{
    at = put_digits(at, date.year, 4);
    *at++ = '-';
    at = put_digits(at, date.month, 2);
    *at++ = '-';
    return put_digits(at, date.day, 2);
}

void bus_time_format(int64_t time_us, char text[BUS_TIME_TEXT])
{
    int64_t seconds = floor_div(time_us, BUS_SECOND_US);
    int us = (int)(time_us % BUS_SECOND_US);
    if (us < 0)
        us += (int)BUS_SECOND_US;
    int64_t days = floor_div(seconds, DAY_SECONDS);
    int second = (int)(seconds - days * DAY_SECONDS);
    struct day date = day_of(days);
    char *at = text;
    if (date.year < 0 || date.year > 9999) { /* only a broken clock: readable, if no RFC 3339 */
        at += snprintf(at, 9, "%d", (int)date.year);
        at += snprintf(at, 7, "-%02u-%02u", (unsigned)date.month % 100, (unsigned)date.day % 100);
    } else {
        at = put_date(at, date);
    }
    *at++ = 'T';
    at = put_digits(at, second / 3600, 2);
    *at++ = ':';
    at = put_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, second % 60, 2);
    if (us) {
        *at++ = '.';
        at = put_digits(at, us, 6);
    }
    *at++ = 'Z';
    *at = '\0';
}

/* Reads `n` digits at *at; false when there are fewer. */
static bool take_digits(const char **at, const char *end, int n, int *ret_value)
{
    int value = 0;
    if (end - *at < n)
        return false;
    for (int i = 0; i < n; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += n;
    *ret_value = value;
    return true;
}

static bool take_char(const char **at, const char *end, char c)
{
    if (*at == end || **at != c)
        return false;
    (*at)++;
    return true;
}

static bool take_date(const char **at, const char *end, int64_t *ret_days)
{
    int year, month, day;
    if (!take_digits(at, end, 4, &year) || !take_char(at, end, '-') || !take_digits(at, end, 2, &month) ||
        !take_char(at, end, '-') || !take_digits(at, end, 2, &day))
        return false;
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month))
        return false;
    *ret_days = day_number((struct day){.year = year, .month = month, .day = day});
    return true;
}

/* ".5" to ".123456789"; what is finer than a microsecond is cut off. Nothing there is 0. */
static bool take_fraction(const char **at, const char *end, int *ret_us)
{
    *ret_us = 0;
    if (!take_char(at, end, '.'))
        return true;
    int digits = 0, us = 0, digit;
    while (digits < 9 && take_digits(at, end, 1, &digit)) {
        if (digits++ < 6)
            us = us * 10 + digit;
    }
    for (int i = digits; i < 6; i++)
        us *= 10;
    *ret_us = us;
    return digits > 0;
}

static bool take_offset(const char **at, const char *end, int *ret_minutes)
{
    if (take_char(at, end, 'Z') || take_char(at, end, 'z')) {
        *ret_minutes = 0;
        return true;
    }
    bool west = take_char(at, end, '-');
    int hours, minutes;
    if ((!west && !take_char(at, end, '+')) || !take_digits(at, end, 2, &hours) || !take_char(at, end, ':') ||
        !take_digits(at, end, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool bus_time_parse(const char *text, size_t size, int64_t *ret_time_us)
{
    if (!text)
        return false;
    const char *at = text, *end = text + size;
    int64_t days;
    int hour, minute, second, us, offset;
    if (!take_date(&at, end, &days) || (!take_char(&at, end, 'T') && !take_char(&at, end, 't')))
        return false;
    if (!take_digits(&at, end, 2, &hour) || !take_char(&at, end, ':') || !take_digits(&at, end, 2, &minute) ||
        !take_char(&at, end, ':') || !take_digits(&at, end, 2, &second))
        return false;
    if (!take_fraction(&at, end, &us) || !take_offset(&at, end, &offset) || at != end)
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t time_us = days * BUS_DAY_US + hour * BUS_HOUR_US + minute * BUS_MINUTE_US +
                      second * BUS_SECOND_US + us - offset * BUS_MINUTE_US;
    if (time_us < BUS_TIME_FIRST_US || time_us > BUS_TIME_LAST_US)
        return false;
    *ret_time_us = time_us;
    return true;
}

bool bus_date_parse(const char *text, size_t size, int32_t *ret_days)
{
    if (!text)
        return false;
    const char *at = text, *end = text + size;
    int64_t days;
    if (!take_date(&at, end, &days) || at != end)
        return false;
    *ret_days = (int32_t)days;
    return true;
}

void bus_date_format(int32_t days, char text[11])
{
    int32_t first = (int32_t)year_start(FIRST_YEAR);
    int32_t last = (int32_t)year_start(LAST_YEAR + 1) - 1;
    *put_date(text, day_of(days < first ? first : days > last ? last : days)) = '\0';
}
