/* Days in Belgium and project years. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/reporting/calendar.h"
#include "bus/clock.h"

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

static void test_a_project_year_is_named_by_the_year_it_begins_in(void **state)
{
    (void)state;
    assert_int_equal(project_year_of(day("2023-12-31"), 1), 2023);
    assert_int_equal(project_year_of(day("2024-01-01"), 1), 2024);
    assert_int_equal(project_year_of(day("2024-06-30"), 7), 2023);
    assert_int_equal(project_year_of(day("2024-07-01"), 7), 2024);
    assert_int_equal(project_year_first(2024, 7), day("2024-07-01"));
    assert_int_equal(project_year_last(2024, 7), day("2025-06-30"));
    assert_int_equal(project_year_last(2024, 1), day("2024-12-31"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_begins_at_belgian_midnight),
        cmocka_unit_test(test_summer_time_turns_on_the_last_sundays),
        cmocka_unit_test(test_every_midnight_begins_its_day),
        cmocka_unit_test(test_a_project_year_is_named_by_the_year_it_begins_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
