/* Times and dates: against the C library's own calendar, and everything that is not RFC 3339. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bus/clock.h"

static void assert_time(const char *text, int64_t wanted_us)
{
    int64_t time_us = -1;
    if (!bus_time_parse(text, strlen(text), &time_us))
        fail_msg("refused: %s", text);
    assert_true(time_us == wanted_us);
}

static void test_every_day_as_libc(void **state)
{
    (void)state;
    for (int32_t days = -25567; days < 84006; days++) {
        time_t seconds = (time_t)days * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        char wanted[40], text[11];
        strftime(wanted, sizeof(wanted), "%Y-%m-%d", &tm);
        bus_date_format(days, text);
        assert_string_equal(text, wanted);
        int32_t back = 0;
        assert_true(bus_date_parse(text, 10, &back));
        assert_int_equal(back, days);
    }
    char text[11];
    bus_date_format(INT32_MIN, text);
    assert_string_equal(text, "1900-01-01");
    bus_date_format(INT32_MAX, text);
    assert_string_equal(text, "2199-12-31");
}

static void test_format(void **state)
{
    (void)state;
    char text[BUS_TIME_TEXT];
    bus_time_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    bus_time_format(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
    bus_time_format(INT64_C(1795335600000001), text);
    assert_string_equal(text, "2026-11-22T08:20:00.000001Z");
    bus_time_format(BUS_TIME_FIRST_US, text);
    assert_string_equal(text, "1900-01-01T00:00:00Z");
    bus_time_format(BUS_TIME_LAST_US, text);
    assert_string_equal(text, "2199-12-31T23:59:59.999999Z");
    bus_time_format(INT64_MAX, text);
    assert_string_equal(text, "294247-01-10T04:00:54.775807Z");
    bus_time_format(INT64_MIN, text);
    assert_string_equal(text, "-290308-12-21T19:59:05.224192Z");
}

static void test_parse(void **state)
{
    (void)state;
    assert_time("1970-01-01T00:00:00Z", 0);
    assert_time("2026-11-22T08:20:00Z", INT64_C(1795335600000000));
    assert_time("2026-11-22t08:20:00z", INT64_C(1795335600000000));
    assert_time("2026-11-22T09:20:00+01:00", INT64_C(1795335600000000));
    assert_time("2026-11-21T22:50:00-09:30", INT64_C(1795335600000000));
    assert_time("2026-11-22T08:20:00.5Z", INT64_C(1795335600500000));
    assert_time("2026-11-22T08:20:00.123456789Z", INT64_C(1795335600123456));
    assert_time("2026-11-22T08:20:00-00:00", INT64_C(1795335600000000));
    for (int64_t time_us = BUS_TIME_FIRST_US; time_us < BUS_TIME_LAST_US;
         time_us += 7919 * BUS_HOUR_US + 1234567) {
        char text[BUS_TIME_TEXT];
        bus_time_format(time_us, text);
        assert_time(text, time_us);
    }
}

static void test_refused_times(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026-11-22",
        "2026-11-22T08:20:00", /* no zone: nobody knows when */
        "2026-11-22 08:20:00Z",
        "2026-11-22T08:20Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T08:60:00Z",
        "2026-11-22T08:20:60Z",
        "2026-11-22T08:20:00.Z",
        "2026-11-22T08:20:00.1234567890Z",
        "2026-11-22T08:20:00,5Z",
        "2026-11-22T08:20:00+24:00",
        "2026-11-22T08:20:00+01:60",
        "2026-11-22T08:20:00+0100",
        "2026-11-22T08:20:00+01",
        "2026-11-22T08:20:00Z ",
        " 2026-11-22T08:20:00Z",
        "2026-02-29T08:20:00Z",
        "2026-13-01T08:20:00Z",
        "2026-00-01T08:20:00Z",
        "2026-01-00T08:20:00Z",
        "1899-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "1900-01-01T00:00:00+01:00", /* in UTC it is 1899 */
        "2199-12-31T23:59:59-01:00",
        "+026-11-22T08:20:00Z",
        "2026-1-22T08:20:00Z",
    };
    int64_t time_us = 42;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (bus_time_parse(wrong[i], strlen(wrong[i]), &time_us))
            fail_msg("accepted: %s", wrong[i]);
    static const char good[] = "2026-11-22T08:20:00.123456+01:00";
    for (size_t n = 0; n < sizeof(good) - 1; n++)
        assert_false(bus_time_parse(good, n, &time_us));
    assert_false(bus_time_parse("2026-11-22T08:20:00Z", 21, &time_us)); /* the NUL is not part of it */
    assert_false(bus_time_parse(NULL, 0, &time_us));
    assert_int_equal(time_us, 42);
}

static void test_refused_dates(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "2026-11-2",  "2026-11-222", "2026-02-29", "2100-02-29", "2026-04-31", "2026-11-31",
        "1899-12-31", "2200-01-01", "2026/11/22",  "20261122",   "2026-11-00", "2026-1a-01", "-026-11-22",
    };
    int32_t days = 42;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (bus_date_parse(wrong[i], strlen(wrong[i]), &days))
            fail_msg("accepted: %s", wrong[i]);
    assert_false(bus_date_parse(NULL, 0, &days));
    assert_int_equal(days, 42);
    assert_true(bus_date_parse("2000-02-29", 10, &days));
    assert_true(bus_date_parse("2024-02-29", 10, &days));
}

static void test_clocks(void **state)
{
    (void)state;
    int64_t before = bus_clock_monotonic_us();
    assert_true(bus_clock_monotonic_us() >= before);
    assert_true(bus_clock_wall_us() / BUS_SECOND_US - (int64_t)time(NULL) <= 1);
    assert_true(bus_clock_wall_us() / BUS_SECOND_US - (int64_t)time(NULL) >= -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_as_libc),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_refused_times),
        cmocka_unit_test(test_refused_dates),
        cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
