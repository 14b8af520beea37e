/* See recurrence.h. */
#include "recurrence.h"

#include <stdio.h>
#include <string.h>

#include "bus/clock.h"

#define INTERVAL_MAX 366

/* A time of day belongs to `starts`. Parts that only narrow days make libical search day by day for centuries when
 * they never meet: the other frequencies say the same. */
static enum bus_status check_text(const char *rrule, struct bus_error *err)
{
    static const char *const of_day[] = {";BYHOUR=", ";BYMINUTE=", ";BYSECOND="};
    for (size_t i = 0; i < sizeof of_day / sizeof *of_day; i++)
        if (strstr(rrule, of_day[i]) != NULL)
            return bus_fail(err, BUS_INVALID, "rrule: leave out %.*s; the time of day is that of `starts`",
                            (int)strlen(of_day[i]) - 2, of_day[i] + 1);
    bool known = strncmp(rrule, "FREQ=DAILY", 10) == 0 || strncmp(rrule, "FREQ=WEEKLY", 11) == 0 ||
                 strncmp(rrule, "FREQ=MONTHLY", 12) == 0 || strncmp(rrule, "FREQ=YEARLY", 11) == 0;
    if (!known)
        return bus_fail(err, BUS_INVALID, "rrule: there is at most one session a day; use FREQ=DAILY, WEEKLY, "
                                          "MONTHLY or YEARLY");
    if (strncmp(rrule, "FREQ=DAILY", 10) == 0 && strstr(rrule, ";BY") != NULL)
        return bus_fail(err, BUS_INVALID, "rrule: FREQ=DAILY takes only INTERVAL, COUNT and UNTIL; choose days with "
                                          "FREQ=WEEKLY;BYDAY=… or FREQ=MONTHLY");
    return BUS_OK;
}

/* An end counts on the wall: a day means all of it, a moment in UTC what the clock shows then. */
static void settle_until(struct recurrence *self)
{
    icaltimetype *until = &self->rule.until;
    if (icaltime_is_null_time(*until))
        return;
    if (icaltime_is_utc(*until))
        *until = icaltime_convert_to_zone(*until, self->zone);
    until->zone = NULL;
    if (until->is_date) {
        until->is_date = 0;
        until->hour = 23;
        until->minute = 59;
        until->second = 59;
    }
}

static enum bus_status read_starts(const char *text, struct wall *ret, struct bus_error *err)
{
    int hour = 0, minute = 0;
    int32_t day = 0;
    if (strlen(text) != 16 || sscanf(text + 10, "T%2d:%2d", &hour, &minute) != 2 || !bus_date_parse(text, 10, &day))
        return bus_fail(err, BUS_INVALID, "starts: %s does not exist; write a date and time such as 2024-09-03T19:30",
                        text);
    *ret = (struct wall){.day = day, .minute = hour * 60 + minute};
    return BUS_OK;
}

enum bus_status recurrence_init(struct recurrence *self, const char *rrule, const char *zone_name, const char *starts,
                                struct bus_error *err)
{
    enum bus_status status = check_text(rrule, err);
    if (status == BUS_OK)
        status = zone_get(zone_name, &self->zone, err);
    if (status == BUS_OK)
        status = read_starts(starts, &self->starts, err);
    if (status != BUS_OK)
        return status;
    self->rule = icalrecurrencetype_from_string(rrule);
    if (self->rule.freq == ICAL_NO_RECURRENCE)
        return bus_fail(err, BUS_INVALID, "rrule: %s is no rule of RFC 5545; an example is FREQ=WEEKLY;BYDAY=TU", rrule);
    if (self->rule.interval > INTERVAL_MAX)
        return bus_fail(err, BUS_INVALID, "rrule: INTERVAL is at most %d", INTERVAL_MAX);
    settle_until(self);
    struct occurrence first;
    if (!recurrence_next(self, self->starts.day, &first))
        return bus_fail(err, BUS_INVALID, "rrule: %s never happens in the %d years after `starts`", rrule,
                        RECURRENCE_YEARS);
    return BUS_OK;
}

static void iterator_done(icalrecur_iterator **self_p)
{
    if (*self_p != NULL)
        icalrecur_iterator_free(*self_p);
}

size_t recurrence_between(const struct recurrence *self, int32_t from_day, int32_t to_day, struct occurrence *out,
                          size_t max)
{
    AUTO(iterator_done) icalrecur_iterator *iterator = icalrecur_iterator_new(self->rule, zone_ical(self->starts));
    size_t n = 0;
    while (iterator != NULL && n < max) {
        icaltimetype next = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(next))
            break;
        next.zone = NULL;
        int64_t second = icaltime_as_timet_with_zone(next, icaltimezone_get_utc_timezone());
        int32_t day = (int32_t)(second / 86400 - (second % 86400 < 0));
        if (day > to_day)
            break;
        if (day < from_day)
            continue;
        struct wall wall = {.day = day, .minute = self->starts.minute};
        out[n++] = (struct occurrence){.day = day, .at_us = zone_to_utc_us(self->zone, wall)};
    }
    return n;
}

bool recurrence_next(const struct recurrence *self, int32_t from_day, struct occurrence *ret)
{
    return recurrence_between(self, from_day, from_day + RECURRENCE_YEARS * 366, ret, 1) == 1;
}
