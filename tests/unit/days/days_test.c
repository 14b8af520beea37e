/* Days in Belgium. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bus/clock.h"
#include "days/days.h"

static int32_t day(const char *text)
{
    int32_t days = 0;
    assert_true(bus_date_parse(text, strlen(text), &days));
    return days;
}

static int64_t at(const char *text)
{
    int64_t time_us = 0;
    assert_true(bus_time_parse(text, strlen(text), &time_us));
    return time_us;
}

static void test_a_day_begins_at_belgian_midnight(void **state)
{
    (void)state;
    assert_int_equal(belgian_day(at("2024-01-15T22:59:59Z")), day("2024-01-15"));
    assert_int_equal(belgian_day(at("2024-01-15T23:00:00Z")), day("2024-01-16"));
    assert_int_equal(belgian_day(at("2024-07-15T21:59:59Z")), day("2024-07-15"));
    assert_int_equal(belgian_day(at("2024-07-15T22:00:00Z")), day("2024-07-16"));
}

static void test_summer_time_turns_on_the_last_sundays(void **state)
{
    (void)state;
    assert_int_equal(belgian_day(at("2024-03-30T22:30:00Z")), day("2024-03-30"));
    assert_int_equal(belgian_day(at("2024-03-31T22:30:00Z")), day("2024-04-01"));
    assert_int_equal(belgian_day(at("2024-10-26T22:30:00Z")), day("2024-10-27"));
    assert_int_equal(belgian_day(at("2024-10-27T22:30:00Z")), day("2024-10-27"));
    assert_true(belgian_midnight_us(day("2024-03-31")) == at("2024-03-30T23:00:00Z"));
    assert_true(belgian_midnight_us(day("2024-04-01")) == at("2024-03-31T22:00:00Z"));
    assert_true(belgian_midnight_us(day("2024-10-27")) == at("2024-10-26T22:00:00Z"));
    assert_true(belgian_midnight_us(day("2024-10-28")) == at("2024-10-27T23:00:00Z"));
}

static void test_every_midnight_begins_its_day(void **state)
{
    (void)state;
    for (int32_t one = day("2012-01-01"); one < day("2032-01-01"); one++) {
        assert_int_equal(belgian_day(belgian_midnight_us(one)), one);
        assert_int_equal(belgian_day(belgian_midnight_us(one) - 1), one - 1);
    }
}

/* Told at noon of the day itself, or at any hour of it. */
static void test_days_are_counted_on_the_calendar(void **state)
{
    (void)state;
    int64_t begun = at("2024-01-10T15:00:00Z");
    assert_int_equal(belgian_days_between(begun, at("2024-02-09T16:00:00Z")), 30);
    assert_int_equal(belgian_days_between(begun, at("2024-02-09T12:00:00Z")), 30);
    assert_int_equal(belgian_days_between(at("2024-03-01T12:00:00Z"), at("2024-04-01T11:00:00Z")), 31);
    assert_int_equal(belgian_days_between(begun, at("2024-01-10T23:00:00Z")), 1);
    assert_int_equal(belgian_days_between(at("2024-01-12T00:00:00Z"), begun), -2);
}

static void test_days_before_1970(void **state)
{
    (void)state;
    assert_int_equal(belgian_day(at("1969-12-31T22:59:59Z")), -1);
    assert_int_equal(belgian_day(at("1969-12-31T23:00:00Z")), 0);
    assert_int_equal(belgian_day(belgian_midnight_us(-25567)), -25567); /* 1900 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_begins_at_belgian_midnight),
        cmocka_unit_test(test_summer_time_turns_on_the_last_sundays),
        cmocka_unit_test(test_every_midnight_begins_its_day),
        cmocka_unit_test(test_days_are_counted_on_the_calendar),
        cmocka_unit_test(test_days_before_1970),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
