/* When a series has its sessions: rules, both changes of summer time, ends, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/scheduling/recurrence.h"
#include "bus/clock.h"

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(bus_date_parse(text, strlen(text), &day));
    return day;
}

static struct recurrence rule_of(const char *rrule, const char *starts)
{
    struct recurrence rule;
    struct bus_error err = {0};
    if (recurrence_check(&rule, rrule, "Europe/Brussels", starts, &err) != BUS_OK)
        fail_msg("%s", err.text);
    return rule;
}

/* Compares the moments, in UTC, that a rule gives between two days. */
static void assert_times(const char *rrule, const char *starts, const char *from, const char *to, size_t n,
                         const char *const *expected)
{
    struct recurrence rule = rule_of(rrule, starts);
    struct occurrence found[64];
    size_t found_n = recurrence_between(&rule, day_of(from), day_of(to), found, 64);
    assert_int_equal(found_n, n);
    for (size_t i = 0; i < n; i++) {
        char text[BUS_TIME_TEXT];
        bus_time_format(found[i].at_us, text);
        assert_string_equal(text, expected[i]);
    }
}
#define ASSERT_TIMES(rrule, starts, from, to, ...)                                                \
    assert_times(rrule, starts, from, to, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), \
                 (const char *[]){__VA_ARGS__})

static void test_the_clock_time_stays_when_summer_time_begins(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=WEEKLY;BYDAY=TU,TH,SU", "2024-03-01T19:30", "2024-03-28", "2024-04-02",
                 "2024-03-28T18:30:00Z", "2024-03-31T17:30:00Z", "2024-04-02T17:30:00Z");
}

static void test_the_clock_time_stays_when_summer_time_ends(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=DAILY", "2024-03-01T14:00", "2024-10-26", "2024-10-28", "2024-10-26T12:00:00Z",
                 "2024-10-27T13:00:00Z", "2024-10-28T13:00:00Z");
}

static void test_a_time_that_is_skipped_is_an_hour_later_and_one_that_comes_twice_the_first(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=DAILY", "2024-03-01T02:30", "2024-03-30", "2024-04-01", "2024-03-30T01:30:00Z",
                 "2024-03-31T01:30:00Z", "2024-04-01T00:30:00Z");
    ASSERT_TIMES("FREQ=DAILY", "2024-03-01T02:30", "2024-10-26", "2024-10-28", "2024-10-26T00:30:00Z",
                 "2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z");
}

static void test_every_second_week_is_not_twice_a_week(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2024-09-04T10:00", "2024-09-01", "2024-10-10",
                 "2024-09-04T08:00:00Z", "2024-09-18T08:00:00Z", "2024-10-02T08:00:00Z");
    ASSERT_TIMES("FREQ=WEEKLY;BYDAY=TU,TH", "2024-09-03T10:00", "2024-09-01", "2024-09-12",
                 "2024-09-03T08:00:00Z", "2024-09-05T08:00:00Z", "2024-09-10T08:00:00Z",
                 "2024-09-12T08:00:00Z");
}

static void test_it_begins_on_the_first_day_that_fits(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=WEEKLY;BYDAY=TU", "2024-09-02T10:00", "2024-08-01", "2024-09-03",
                 "2024-09-03T08:00:00Z");
    ASSERT_TIMES("FREQ=MONTHLY;BYDAY=2TU", "2024-09-01T10:00", "2024-09-01", "2024-11-01",
                 "2024-09-10T08:00:00Z", "2024-10-08T08:00:00Z");
    ASSERT_TIMES("FREQ=MONTHLY", "2024-01-31T10:00", "2024-01-01", "2024-05-01", "2024-01-31T09:00:00Z",
                 "2024-03-31T08:00:00Z");
}

static void test_it_ends_by_count_by_day_and_by_moment(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=WEEKLY;COUNT=2", "2024-09-02T10:00", "2024-09-01", "2024-12-01",
                 "2024-09-02T08:00:00Z", "2024-09-09T08:00:00Z");
    ASSERT_TIMES("FREQ=WEEKLY;UNTIL=20240909", "2024-09-02T10:00", "2024-09-01", "2024-12-01",
                 "2024-09-02T08:00:00Z", "2024-09-09T08:00:00Z");
    ASSERT_TIMES("FREQ=WEEKLY;UNTIL=20240909T080000Z", "2024-09-02T10:00", "2024-09-01", "2024-12-01",
                 "2024-09-02T08:00:00Z", "2024-09-09T08:00:00Z");
    ASSERT_TIMES("FREQ=WEEKLY;UNTIL=20240909T075959Z", "2024-09-02T10:00", "2024-09-01", "2024-12-01",
                 "2024-09-02T08:00:00Z");
}

static void test_a_day_that_two_entries_mean_has_one_session(void **state)
{
    (void)state;
    ASSERT_TIMES("FREQ=MONTHLY;BYMONTHDAY=31,-1", "2024-03-01T10:00", "2024-03-01", "2024-05-31",
                 "2024-03-31T08:00:00Z", "2024-04-30T08:00:00Z", "2024-05-31T08:00:00Z");
}

/* Asking from a later day on must not shift the rule: what every second week is, is counted from the start.
 */
static void test_asking_from_any_day_gives_the_same_sessions(void **state)
{
    (void)state;
    static const char *const rules[] = {"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
                                        "FREQ=WEEKLY;INTERVAL=3",
                                        "FREQ=DAILY;INTERVAL=10",
                                        "FREQ=MONTHLY;BYDAY=2TU",
                                        "FREQ=MONTHLY;INTERVAL=3",
                                        "FREQ=MONTHLY;BYMONTHDAY=-1",
                                        "FREQ=WEEKLY;BYMONTH=1,2,11,12",
                                        "FREQ=YEARLY",
                                        "FREQ=MONTHLY;BYMONTH=1,3,5;BYDAY=1TU",
                                        "FREQ=WEEKLY;INTERVAL=2;COUNT=30"};
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        struct recurrence rule = rule_of(rules[r], "2023-01-31T10:00");
        int32_t first = rule.starts.day, last = first + 900;
        struct occurrence all[512], one;
        size_t n = recurrence_between(&rule, first, last, all, 512), next = 0;
        assert_in_range(n, 2, 500);
        for (int32_t day = first; next < n; day++) {
            bool expected = all[next].day == day;
            if (recurrence_between(&rule, day, day, &one, 1) != expected)
                fail_msg("%s on day %d", rules[r], (int)(day - first));
            next += expected;
        }
    }
}

static void test_days_and_limits(void **state)
{
    (void)state;
    struct recurrence rule = rule_of("FREQ=WEEKLY;BYDAY=TU", "2024-09-03T00:15");
    struct occurrence found[3];
    assert_int_equal(recurrence_between(&rule, day_of("2024-09-03"), day_of("2024-12-31"), found, 3), 3);
    assert_int_equal(found[0].day, day_of("2024-09-03")); /* although it is still Monday in UTC */
    assert_int_equal(recurrence_between(&rule, day_of("2024-09-04"), day_of("2024-09-09"), found, 3), 0);
    assert_int_equal(recurrence_between(&rule, day_of("2024-09-10"), day_of("2024-09-10"), found, 3), 1);
    assert_true(recurrence_next(&rule, day_of("2024-09-04"), found));
    assert_int_equal(found[0].day, day_of("2024-09-10"));
    rule = rule_of("FREQ=WEEKLY;COUNT=1", "2024-09-03T10:00");
    assert_false(recurrence_next(&rule, day_of("2024-09-04"), found));
}

static void test_what_cannot_be_is_refused_with_words(void **state)
{
    (void)state;
    static const struct {
        const char *rrule, *zone, *starts, *word;
    } cases[] = {
        {"FREQ=SECONDLY", "Europe/Brussels", "2024-09-02T10:00", "one session a day"},
        {"FREQ=HOURLY;COUNT=3", "Europe/Brussels", "2024-09-02T10:00", "one session a day"},
        {"FREQ=WEEKLY;BYHOUR=10,11", "Europe/Brussels", "2024-09-02T10:00", "BYHOUR"},
        {"FREQ=WEEKLY;BYMINUTE=10", "Europe/Brussels", "2024-09-02T10:00", "BYMINUTE"},
        {"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "Europe/Brussels", "2024-09-02T10:00",
         "FREQ=DAILY takes only"},
        {"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "Europe/Brussels", "2024-09-02T10:00", "never happens"},
        {"FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2,4,6", "Europe/Brussels", "2024-09-02T10:00", "never happens"},
        {"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "Europe/Brussels", "2024-09-02T10:00", "either"},
        {"FREQ=MONTHLY;BYMONTHDAY=31;BYSETPOS=2", "Europe/Brussels", "2024-09-02T10:00", "BYSETPOS"},
        {"FREQ=WEEKLY;BYDAY=TU,TU", "Europe/Brussels", "2024-09-02T10:00", "once"},
        {"FREQ=MONTHLY;BYMONTHDAY=3,3;COUNT=4", "Europe/Brussels", "2024-09-02T10:00", "once"},
        {"FREQ=WEEKLY;BYMONTH=9,9", "Europe/Brussels", "2024-09-02T10:00", "once"},
        {"FREQ=WEEKLY;INTERVAL=0", "Europe/Brussels", "2024-09-02T10:00", "INTERVAL"},
        {"FREQ=WEEKLY;INTERVAL=400", "Europe/Brussels", "2024-09-02T10:00", "INTERVAL"},
        {"FREQ=WEEKLY;NONSENSE=1", "Europe/Brussels", "2024-09-02T10:00", "leave out NONSENSE"},
        {"FREQ=MONTHLY;BYMONTHDAY=-1;RSCALE=GREGORIAN", "Europe/Brussels", "2024-09-02T10:00", "RSCALE"},
        {"FREQ=WEEKLY;BYDAY=4TU,TH", "Europe/Brussels", "2024-09-02T10:00", "a number before it"},
        {"FREQ=WEEKLY;BYMONTHDAY=3", "Europe/Brussels", "2024-09-02T10:00", "FREQ=MONTHLY or YEARLY"},
        {"FREQ=WEEKLY;BYDAY=TU;BYDAY=TH", "Europe/Brussels", "2024-09-02T10:00", "give BYDAY once"},
        {"FREQ=WEEKLY;BYDAY=", "Europe/Brussels", "2024-09-02T10:00", "days such as"},
        {"FREQ=WEEKLY;BYDAY=TUE", "Europe/Brussels", "2024-09-02T10:00", "days such as"},
        {"FREQ=MONTHLY;BYDAY=54MO", "Europe/Brussels", "2024-09-02T10:00", "days such as"},
        {"FREQ=MONTHLY;BYMONTHDAY=32", "Europe/Brussels", "2024-09-02T10:00", "days of the month"},
        {"FREQ=WEEKLY;UNTIL=soon", "Europe/Brussels", "2024-09-02T10:00", "a day such as 20250630"},
        {"FREQ=WEEKLY;;COUNT=3", "Europe/Brussels", "2024-09-02T10:00", "no rule"},
        {"FREQ=WEEKLY;", "Europe/Brussels", "2024-09-02T10:00", "no rule"},
        {"COUNT=3", "Europe/Brussels", "2024-09-02T10:00", "begin with FREQ"},
        {"FREQ=WEEKLY;UNTIL=20230101", "Europe/Brussels", "2024-09-02T10:00", "never happens"},
        {"FREQ=WEEKLY", "Mars/Base", "2024-09-02T10:00", "no time zone"},
        {"FREQ=WEEKLY", "Europe/Brussels", "2024-02-30T10:00", "does not exist"},
        {"FREQ=WEEKLY", "Europe/Brussels", "2024-02-28", "does not exist"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct recurrence rule;
        struct bus_error err = {0};
        assert_int_equal(recurrence_check(&rule, cases[i].rrule, cases[i].zone, cases[i].starts, &err),
                         BUS_INVALID);
        assert_non_null(strstr(err.text, cases[i].word));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_clock_time_stays_when_summer_time_begins),
        cmocka_unit_test(test_the_clock_time_stays_when_summer_time_ends),
        cmocka_unit_test(test_a_time_that_is_skipped_is_an_hour_later_and_one_that_comes_twice_the_first),
        cmocka_unit_test(test_every_second_week_is_not_twice_a_week),
        cmocka_unit_test(test_it_begins_on_the_first_day_that_fits),
        cmocka_unit_test(test_it_ends_by_count_by_day_and_by_moment),
        cmocka_unit_test(test_a_day_that_two_entries_mean_has_one_session),
        cmocka_unit_test(test_asking_from_any_day_gives_the_same_sessions),
        cmocka_unit_test(test_days_and_limits),
        cmocka_unit_test(test_what_cannot_be_is_refused_with_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
