/* Quiet hours by the clock in Belgium, over both changes of summer time, and the pauses between tries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../../services/notifications/timing.h"
#include "bus/clock.h"

static const struct quiet_hours usual;

static int64_t moment(const char *text)
{
    int64_t time_us = 0;
    assert_true(bus_time_parse(text, strlen(text), &time_us));
    return time_us;
}

static void passes(struct quiet_hours quiet, const char *now, const char *expected)
{
    char text[BUS_TIME_TEXT];
    bus_time_format(quiet_passed_us(quiet, moment(now)), text);
    assert_string_equal(text, expected);
}

static void test_by_day_nothing_waits(void **state)
{
    (void)state;
    passes(usual, "2026-11-22T12:00:00+01:00", "2026-11-22T11:00:00Z");
    passes(usual, "2026-11-22T20:59:59+01:00", "2026-11-22T19:59:59Z");
    passes(usual, "2026-11-22T08:00:00+01:00", "2026-11-22T07:00:00Z");
}

static void test_the_evening_and_the_night_wait_for_the_morning(void **state)
{
    (void)state;
    passes(usual, "2026-11-22T21:00:00+01:00", "2026-11-23T07:00:00Z");
    passes(usual, "2026-11-22T23:30:15+01:00", "2026-11-23T07:00:00Z");
    passes(usual, "2026-11-23T07:59:59.5+01:00", "2026-11-23T07:00:00Z");
    passes(usual, "2026-12-31T22:00:00+01:00", "2027-01-01T07:00:00Z");
}

static void test_the_morning_comes_by_the_clock_when_summer_time_changes(void **state)
{
    (void)state;
    passes(usual, "2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00Z");
    passes(usual, "2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00Z");
    passes(usual, "2026-10-25T02:30:00+02:00", "2026-10-25T07:00:00Z");
    passes(usual, "2026-10-25T02:30:00+01:00", "2026-10-25T07:00:00Z");
}

static void test_other_hours(void **state)
{
    (void)state;
    struct quiet_hours noon = {"12:00", "13:30"}, none = {"08:00", "08:00"};
    passes(noon, "2026-07-01T12:15:00+02:00", "2026-07-01T11:30:00Z");
    passes(noon, "2026-07-01T13:30:00+02:00", "2026-07-01T11:30:00Z");
    passes(noon, "2026-07-01T03:00:00+02:00", "2026-07-01T01:00:00Z");
    passes(none, "2026-07-01T08:00:00+02:00", "2026-07-01T06:00:00Z");
    passes(none, "2026-07-01T03:00:00+02:00", "2026-07-01T01:00:00Z");
}

static void test_an_end_that_the_clock_skips_is_an_hour_later(void **state)
{
    (void)state;
    struct quiet_hours night = {"21:00", "02:30"};
    passes(night, "2026-03-28T23:00:00+01:00", "2026-03-29T01:30:00Z");
    passes(night, "2026-03-29T01:59:00+01:00", "2026-03-29T01:30:00Z");
}

static void test_an_end_that_comes_twice_is_the_first_and_never_behind_us(void **state)
{
    (void)state;
    struct quiet_hours night = {"21:00", "02:30"};
    passes(night, "2026-10-25T02:10:00+02:00", "2026-10-25T00:30:00Z");
    passes(night, "2026-10-25T02:45:00+02:00", "2026-10-25T00:45:00Z");
    passes(night, "2026-10-25T02:10:00+01:00", "2026-10-25T01:10:00Z");
}

static void test_pauses_grow(void **state)
{
    (void)state;
    static const int64_t minutes[] = {1, 5, 30, 120, 360, 720, 1440, 1440};
    for (int64_t tries = 1; tries <= TRIES_MAX; tries++)
        assert_int_equal(retry_pause_us(tries), minutes[tries - 1] * BUS_MINUTE_US);
    assert_int_equal(retry_pause_us(0), BUS_MINUTE_US);
    assert_int_equal(retry_pause_us(100), BUS_DAY_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_day_nothing_waits),
        cmocka_unit_test(test_the_evening_and_the_night_wait_for_the_morning),
        cmocka_unit_test(test_the_morning_comes_by_the_clock_when_summer_time_changes),
        cmocka_unit_test(test_other_hours),
        cmocka_unit_test(test_an_end_that_the_clock_skips_is_an_hour_later),
        cmocka_unit_test(test_an_end_that_comes_twice_is_the_first_and_never_behind_us),
        cmocka_unit_test(test_pauses_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
