/* The clock on the wall, in Belgium and elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static icaltimezone *zone(const char *name)
{
    icaltimezone *found = NULL;
    assert_int_equal(zone_get(name, &found, NULL), BUS_OK);
    return found;
}

static void assert_moment(const char *name, const char *date, int32_t hour, int32_t minute, const char *utc)
{
    char text[BUS_TIME_TEXT];
    struct wall shown = {.day = day(date), .minute = hour * 60 + minute};
    bus_time_format(zone_moment_us(zone(name), shown), text);
    assert_string_equal(text, utc);
}

static void test_what_is_skipped_is_later_by_as_much(void **state)
{
    (void)state;
    assert_moment(ZONE_BELGIUM, "2026-03-29", 1, 59, "2026-03-29T00:59:00Z");
    assert_moment(ZONE_BELGIUM, "2026-03-29", 2, 0, "2026-03-29T01:00:00Z");
    assert_moment(ZONE_BELGIUM, "2026-03-29", 2, 30, "2026-03-29T01:30:00Z");
    assert_moment(ZONE_BELGIUM, "2026-03-29", 3, 0, "2026-03-29T01:00:00Z");
    assert_moment("America/New_York", "2026-03-08", 2, 30, "2026-03-08T07:30:00Z");
    assert_moment("Australia/Lord_Howe", "2026-10-04", 2, 10, "2026-10-03T15:40:00Z"); /* half an hour */
}

static void test_what_comes_twice_is_the_first(void **state)
{
    (void)state;
    assert_moment(ZONE_BELGIUM, "2026-10-25", 1, 59, "2026-10-24T23:59:00Z");
    assert_moment(ZONE_BELGIUM, "2026-10-25", 2, 0, "2026-10-25T00:00:00Z");
    assert_moment(ZONE_BELGIUM, "2026-10-25", 2, 59, "2026-10-25T00:59:00Z");
    assert_moment(ZONE_BELGIUM, "2026-10-25", 3, 0, "2026-10-25T02:00:00Z");
    assert_moment("America/New_York", "2026-11-01", 1, 30, "2026-11-01T05:30:00Z");
    assert_moment("Australia/Lord_Howe", "2026-04-05", 1, 40, "2026-04-04T14:40:00Z");
}

static void test_wall_and_moment_are_each_others_way_back(void **state)
{
    (void)state;
    for (int32_t one = day("2023-12-30"); one < day("2025-01-05"); one++) {
        struct wall back = belgian_wall(belgian_moment_us((struct wall){.day = one, .minute = 23 * 60 + 45}));
        assert_int_equal(back.day, one);
        assert_int_equal(back.minute, 23 * 60 + 45);
    }
}

static void test_before_1970(void **state)
{
    (void)state;
    assert_int_equal(belgian_wall(-1).day, 0); /* already an hour into 1970 */
    assert_int_equal(belgian_wall(-1).minute, 59);
    assert_int_equal(belgian_wall(-BUS_HOUR_US - 1).day, -1);
    assert_int_equal(belgian_wall(-BUS_HOUR_US - 1).minute, 24 * 60 - 1);
    assert_moment(ZONE_BELGIUM, "1900-01-02", 12, 0, "1900-01-02T12:00:00Z");
}

static void test_a_week_begins_on_monday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(day("2026-03-02")), 1);
    assert_int_equal(day_weekday(day("2026-03-01")), 7);
    assert_int_equal(day_weekday(day("1969-12-31")), 3);
    assert_int_equal(day_weekday(day("1969-12-28")), 7);
    assert_int_equal(day_weekday(day("1969-12-29")), 1);
}

static void test_a_zone_that_is_none(void **state)
{
    (void)state;
    icaltimezone *none = NULL;
    struct bus_error err = {0};
    assert_int_equal(zone_get("Mars/Base", &none, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, "Mars/Base"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_skipped_is_later_by_as_much),
        cmocka_unit_test(test_what_comes_twice_is_the_first),
        cmocka_unit_test(test_wall_and_moment_are_each_others_way_back),
        cmocka_unit_test(test_before_1970),
        cmocka_unit_test(test_a_week_begins_on_monday),
        cmocka_unit_test(test_a_zone_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
