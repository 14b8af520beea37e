/* The public holidays of Belgium. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/scheduling/holidays.h"
#include "bus/clock.h"

static int32_t day_of(const char *date)
{
    int32_t day = 0;
    assert_true(bus_date_parse(date, strlen(date), &day));
    return day;
}

/* As the almanacs have it, with the earliest and the latest there can be, and those that the tables moved. */
static void test_easter(void **state)
{
    (void)state;
    static const char *const easters[] = {
        "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2018-04-01",
        "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20",
        "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28"};
    for (size_t i = 0; i < sizeof easters / sizeof *easters; i++) {
        char found[11];
        int32_t day = day_of(easters[i]);
        int year = 0;
        for (int c = 0; c < 4; c++)
            year = year * 10 + easters[i][c] - '0';
        bus_date_format(holiday_easter(year), found);
        assert_string_equal(found, easters[i]);
        assert_true(holiday_is(day + 1));
        assert_true(holiday_is(day + 39));
        assert_true(holiday_is(day + 50));
    }
}

static void test_a_year_has_ten(void **state)
{
    (void)state;
    static const char *const expected[] = {"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-14",
                                           "2026-05-25", "2026-07-21", "2026-08-15", "2026-11-01",
                                           "2026-11-11", "2026-12-25"};
    size_t n = 0;
    for (int32_t day = day_of("2026-01-01"); day < day_of("2027-01-01"); day++)
        if (holiday_is(day)) {
            assert_in_range(n, 0, sizeof expected / sizeof *expected - 1);
            assert_int_equal(day, day_of(expected[n]));
            n++;
        }
    assert_int_equal(n, sizeof expected / sizeof *expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_easter),
        cmocka_unit_test(test_a_year_has_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
