/* See rrule.h. */
#include "rrule.h"

#include <regex.h>
#include <stdbool.h>
#include <string.h>

#define LIST(item)  "^(" item ")(,(" item "))*$"
#define ORDINAL     "[+-]?([1-9]|[1-4][0-9]|5[0-3])"
#define WEEKDAY     "(MO|TU|WE|TH|FR|SA|SU)"
#define PLAIN_DAYS  LIST(WEEKDAY)
#define KNOWN_PARTS "FREQ, INTERVAL, COUNT, UNTIL, WKST, BYDAY, BYMONTHDAY and BYMONTH"

enum part {
    PART_FREQ,
    PART_INTERVAL,
    PART_COUNT,
    PART_UNTIL,
    PART_WKST,
    PART_DAY,
    PART_MONTHDAY,
    PART_MONTH,
    PARTS
};

static const struct {
    const char *name, *pattern, *wanted;
} grammar[PARTS] = {
    [PART_FREQ] = {"FREQ", "^(DAILY|WEEKLY|MONTHLY|YEARLY)$",
                   "DAILY, WEEKLY, MONTHLY or YEARLY: there is at most one session a day"},
    [PART_INTERVAL] = {"INTERVAL", "^([1-9]|[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])$",
                       "a number from 1 to 366"},
    [PART_COUNT] = {"COUNT", "^[1-9][0-9]{0,3}$", "a number from 1 to 9999"},
    [PART_UNTIL] = {"UNTIL", "^[0-9]{8}(T[0-9]{6}Z?)?$",
                    "a day such as 20250630, or a moment: 20250630T180000Z"},
    [PART_WKST] = {"WKST", "^" WEEKDAY "$", "a day: MO, TU, WE, TH, FR, SA or SU"},
    [PART_DAY] = {"BYDAY", LIST("(" ORDINAL ")?" WEEKDAY),
                  "days such as TU,TH, or 2TU for the second Tuesday"},
    [PART_MONTHDAY] = {"BYMONTHDAY", LIST("[+-]?([1-9]|[12][0-9]|3[01])"),
                       "days of the month such as 1,15, or -1 for the last"},
    [PART_MONTH] = {"BYMONTH", LIST("[1-9]|1[0-2]"), "months such as 9,10"},
};

/* A piece of the rule, not ended by a zero. */
struct piece {
    const char *text;
    size_t n;
};

static bool matches(struct piece piece, const char *pattern)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        bus_die("the pattern %s cannot be compiled", pattern);
    regmatch_t all = {.rm_so = 0, .rm_eo = (regoff_t)piece.n};
    bool found = regexec(&regex, piece.text, 1, &all, REG_STARTEND) == 0;
    regfree(&regex);
    return found;
}

static bool is(struct piece piece, const char *text)
{
    return strlen(text) == piece.n && memcmp(piece.text, text, piece.n) == 0;
}

static enum bus_status read_part(struct piece name, struct piece value, struct piece values[],
                                 struct bus_error *err)
{
    size_t part = 0;
    while (part < PARTS && !is(name, grammar[part].name))
        part++;
    if (part == PARTS)
        return bus_fail_at(err, BUS_INVALID, "/rrule",
                           "rrule: leave out %.*s; a rule has of " KNOWN_PARTS
                           ", and the time of day is that of `starts`",
                           (int)name.n, name.text);
    if (values[part].text != NULL)
        return bus_fail_at(err, BUS_INVALID, "/rrule", "rrule: give %s once", grammar[part].name);
    if (!matches(value, grammar[part].pattern))
        return bus_fail_at(err, BUS_INVALID, "/rrule", "rrule: %s is %s, not %.*s", grammar[part].name,
                           grammar[part].wanted, (int)value.n, value.text);
    values[part] = value;
    return BUS_OK;
}

/* What each part says is fine; what they say together may not be. */
static enum bus_status check_together(const struct piece values[], struct bus_error *err)
{
    struct piece freq = values[PART_FREQ], days = values[PART_DAY];
    if (freq.text == NULL)
        return bus_fail_at(err, BUS_INVALID, "/rrule", "rrule: begin with FREQ, as in FREQ=WEEKLY;BYDAY=TU");
    bool chooses = days.text != NULL || values[PART_MONTHDAY].text != NULL || values[PART_MONTH].text != NULL;
    if (is(freq, "DAILY") && chooses)
        return bus_fail_at(err, BUS_INVALID, "/rrule",
                           "rrule: FREQ=DAILY takes only INTERVAL, COUNT and UNTIL; choose days with "
                           "FREQ=WEEKLY;BYDAY=… or FREQ=MONTHLY");
    if (days.text != NULL && values[PART_MONTHDAY].text != NULL)
        return bus_fail_at(err, BUS_INVALID, "/rrule", "rrule: give either BYDAY or BYMONTHDAY, not both");
    if (is(freq, "WEEKLY") && values[PART_MONTHDAY].text != NULL)
        return bus_fail_at(err, BUS_INVALID, "/rrule", "rrule: BYMONTHDAY goes with FREQ=MONTHLY or YEARLY");
    if (is(freq, "WEEKLY") && days.text != NULL && !matches(days, PLAIN_DAYS))
        return bus_fail_at(err, BUS_INVALID, "/rrule",
                           "rrule: a day with a number before it goes with FREQ=MONTHLY or YEARLY; a week "
                           "has each day once, as in FREQ=WEEKLY;BYDAY=TU,TH");
    return BUS_OK;
}

enum bus_status rrule_check(const char *rrule, struct bus_error *err)
{
    struct piece values[PARTS] = {0};
    for (const char *at = rrule; at != NULL;) {
        const char *equals = at + strcspn(at, "=;"), *end = at + strcspn(at, ";");
        if (*equals != '=')
            return bus_fail_at(err, BUS_INVALID, "/rrule",
                               "rrule: %s is no rule of RFC 5545; an example is FREQ=WEEKLY;BYDAY=TU", rrule);
        struct piece name = {.text = at, .n = (size_t)(equals - at)};
        struct piece value = {.text = equals + 1, .n = (size_t)(end - equals - 1)};
        enum bus_status status = read_part(name, value, values, err);
        if (status != BUS_OK)
            return status;
        at = *end == ';' ? end + 1 : NULL;
    }
    return check_together(values, err);
}
