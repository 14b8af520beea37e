/* Project years. */
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
        cmocka_unit_test(test_a_project_year_is_named_by_the_year_it_begins_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
