/* The rules of time: days, rounds, silence, and who returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/matching/lifecycle.h"

static int64_t at(const char *text)
{
    int64_t time_us = 0;
    assert_true(bus_time_parse(text, strlen(text), &time_us));
    return time_us;
}

static void days_on_the_calendar(void **state)
{
    (void)state;
    assert_int_equal(days_between(at("2026-01-01T10:00:00Z"), at("2026-01-02T09:59:59Z")), 1);
    assert_int_equal(days_between(at("2026-01-01T10:00:00Z"), at("2026-01-01T22:59:59Z")), 0);
    assert_int_equal(days_between(at("2026-01-01T10:00:00Z"), at("2026-01-03T10:00:00Z")), 2);
    assert_int_equal(days_between(at("2026-01-03T10:00:00Z"), at("2026-01-01T10:00:00Z")), 0);
    assert_int_equal(days_between(at("1900-01-01T00:00:00Z"), at("2199-01-01T00:00:00Z")), 36500);
}

static void rounds_come_at_whole_hours(void **state)
{
    (void)state;
    int64_t day = 24 * BUS_HOUR_US;
    assert_int_equal(next_round_us(at("2026-01-01T10:30:00Z"), day), at("2026-01-02T00:00:00Z"));
    assert_int_equal(next_round_us(at("2026-01-02T00:00:00Z"), day), at("2026-01-03T00:00:00Z"));
    assert_int_equal(next_round_us(at("2026-01-02T05:00:00Z"), BUS_HOUR_US), at("2026-01-02T06:00:00Z"));
}

static void what_is_told_of_an_earlier_day_was_at_noon(void **state)
{
    (void)state;
    int64_t now = at("2026-05-10T18:00:00Z");
    int32_t today = belgian_day(now);
    assert_int_equal(told_time_us(today, now), now);
    assert_int_equal(told_time_us(today - 1, now), at("2026-05-09T12:00:00Z"));
}

static void silence_counts_from_the_last_sign(void **state)
{
    (void)state;
    int64_t start = at("2026-01-01T00:00:00Z"), contact = at("2026-01-20T00:00:00Z"), after = 42 * BUS_DAY_US;
    assert_int_equal(duo_last_sign_us(start, 0), start);
    assert_int_equal(duo_last_sign_us(start, contact), contact);
    assert_false(duo_is_silent(start, 0, after, start + after - 1));
    assert_true(duo_is_silent(start, 0, after, start + after));
    assert_false(duo_is_silent(start, contact, after, start + after));
    assert_true(duo_is_silent(start, contact, after, contact + after));
}

static void who_returns_when_nobody_said(void **state)
{
    (void)state;
    assert_true(newcomer_returns_by_default(COMMON_STOP_REASON_MISMATCH));
    assert_true(newcomer_returns_by_default(COMMON_STOP_REASON_NO_CONTACT));
    assert_true(newcomer_returns_by_default(COMMON_STOP_REASON_OTHER));
    assert_false(newcomer_returns_by_default(COMMON_STOP_REASON_GOAL_REACHED));
    assert_false(newcomer_returns_by_default(COMMON_STOP_REASON_MOVED));
    assert_false(newcomer_returns_by_default(COMMON_STOP_REASON_WORK_OR_STUDY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_on_the_calendar),
        cmocka_unit_test(rounds_come_at_whole_hours),
        cmocka_unit_test(what_is_told_of_an_earlier_day_was_at_noon),
        cmocka_unit_test(silence_counts_from_the_last_sign),
        cmocka_unit_test(who_returns_when_nobody_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
