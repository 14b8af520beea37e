/* See recurrence.h. */
#include "recurrence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "rrule.h"

/* Whether one of the days of the month exists in one of the months; true when only one of the two is given.
 */
static bool day_exists(const struct icalrecurrencetype *rule)
{
    static const int days[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (rule->by_month[0] == ICAL_RECURRENCE_ARRAY_MAX || rule->by_month_day[0] == ICAL_RECURRENCE_ARRAY_MAX)
        return true;
    for (size_t m = 0; m < ICAL_BY_MONTH_SIZE && rule->by_month[m] != ICAL_RECURRENCE_ARRAY_MAX; m++)
        for (size_t d = 0; d < ICAL_BY_MONTHDAY_SIZE && rule->by_month_day[d] != ICAL_RECURRENCE_ARRAY_MAX;
             d++)
            if (rule->by_month[m] >= 1 && rule->by_month[m] <= 12 &&
                abs(rule->by_month_day[d]) <= days[rule->by_month[m]])
                return true;
    return false;
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
    if (strlen(text) != 16 || sscanf(text + 10, "T%2d:%2d", &hour, &minute) != 2 ||
        !bus_date_parse(text, 10, &day))
        return bus_fail_at(err, BUS_INVALID, "/starts",
                           "starts: %s does not exist; write a date and time such as 2024-09-03T19:30", text);
    *ret = (struct wall){.day = day, .minute = hour * 60 + minute};
    return BUS_OK;
}

static bool repeats(const short *list, size_t size)
{
    for (size_t i = 0; i < size && list[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        for (size_t j = 0; j < i; j++)
            if (list[i] == list[j])
                return true;
    return false;
}

/* libical gives, and counts, a day as often as the rule names it. */
static enum bus_status check_lists(const struct icalrecurrencetype *rule, struct bus_error *err)
{
    if (repeats(rule->by_day, ICAL_BY_DAY_SIZE) || repeats(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE) ||
        repeats(rule->by_month, ICAL_BY_MONTH_SIZE))
        return bus_fail_at(err, BUS_INVALID, "/rrule",
                           "rrule: BYDAY, BYMONTHDAY and BYMONTH name each day or month once");
    return BUS_OK;
}

static enum bus_status read_rule(const char *rrule, struct icalrecurrencetype *ret, struct bus_error *err)
{
    *ret = icalrecurrencetype_from_string(rrule);
    if (ret->freq == ICAL_NO_RECURRENCE)
        return bus_fail_at(err, BUS_INVALID, "/rrule",
                           "rrule: %s is no rule of RFC 5545; an example is FREQ=WEEKLY;BYDAY=TU", rrule);
    return BUS_OK;
}

enum bus_status recurrence_init(struct recurrence *self, const char *rrule, const char *zone_name,
                                const char *starts, struct bus_error *err)
{
    enum bus_status status = zone_get(zone_name, &self->zone, err);
    if (status == BUS_OK)
        status = read_starts(starts, &self->starts, err);
    if (status != BUS_OK)
        return status;
    status = read_rule(rrule, &self->rule, err);
    if (status == BUS_OK)
        settle_until(self);
    return status;
}

enum bus_status recurrence_check_rrule(const char *rrule, struct bus_error *err)
{
    struct icalrecurrencetype rule;
    enum bus_status status = rrule_check(rrule, err);
    if (status == BUS_OK)
        status = read_rule(rrule, &rule, err);
    if (status == BUS_OK)
        status = check_lists(&rule, err);
    return status;
}

enum bus_status recurrence_check_starts(const char *starts, struct bus_error *err)
{
    struct wall wall;
    return read_starts(starts, &wall, err);
}

enum bus_status recurrence_check(struct recurrence *self, const char *rrule, const char *zone_name,
                                 const char *starts, struct bus_error *err)
{
    enum bus_status status = recurrence_check_rrule(rrule, err);
    if (status == BUS_OK)
        status = recurrence_init(self, rrule, zone_name, starts, err);
    if (status != BUS_OK)
        return status;
    struct occurrence first;
    if (!day_exists(&self->rule) || !recurrence_next(self, self->starts.day, &first))
        return bus_fail_at(err, BUS_INVALID, "/rrule",
                           "rrule: %s never happens in the %d years after `starts`", rrule, RECURRENCE_YEARS);
    return BUS_OK;
}

static void iterator_done(icalrecur_iterator **self_p)
{
    if (*self_p != NULL)
        icalrecur_iterator_free(*self_p);
}

static icaltimetype on_wall(struct wall wall)
{
    time_t shown_s = wall.day * (BUS_DAY_US / BUS_SECOND_US) + wall.minute * (BUS_MINUTE_US / BUS_SECOND_US);
    icaltimetype time = icaltime_from_timet_with_zone(shown_s, 0, NULL);
    time.zone = NULL;
    return time;
}

/* From the wanted days on, else libical walks there from the first one. A rule with COUNT has to be counted.
 */
static icalrecur_iterator *iterator_new(const struct recurrence *self, int32_t from_day)
{
    icalrecur_iterator *iterator = icalrecur_iterator_new(self->rule, on_wall(self->starts));
    if (iterator != NULL && self->rule.count == 0 && from_day > self->starts.day)
        icalrecur_iterator_set_start(iterator, on_wall((struct wall){.day = from_day}));
    return iterator;
}

size_t recurrence_between(const struct recurrence *self, int32_t from_day, int32_t to_day,
                          struct occurrence *out, size_t max)
{
    AUTO(iterator_done) icalrecur_iterator *iterator = iterator_new(self, from_day);
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
        bool again = n > 0 && day == out[n - 1].day; /* the 31st is the last day of some months */
        if (day < from_day || again)
            continue;
        struct wall wall = {.day = day, .minute = self->starts.minute};
        out[n++] = (struct occurrence){.day = day, .at_us = zone_moment_us(self->zone, wall)};
    }
    return n;
}

bool recurrence_next(const struct recurrence *self, int32_t from_day, struct occurrence *ret)
{
    return recurrence_between(self, from_day, from_day + RECURRENCE_YEARS * 366, ret, 1) == 1;
}
