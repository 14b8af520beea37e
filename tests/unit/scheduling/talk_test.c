/* When an acquaintance talk is, as long as nobody chose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/scheduling/talk.h"
#include "bus/clock.h"
#include "days/days.h"

#define SLOTS(...) (const int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int)
#define NOTHING    NULL, 0

static void assert_talk(const char *accepted, const int *shared, size_t shared_n, const char *expected)
{
    int64_t at = 0;
    char text[BUS_TIME_TEXT];
    assert_true(bus_time_parse(accepted, strlen(accepted), &at));
    bus_time_format(talk_slot_us(at, shared, shared_n), text);
    assert_string_equal(text, expected);
}

static void test_five_days_later_at_two_in_the_afternoon(void **state)
{
    (void)state;
    assert_talk("2024-09-05T08:00:00Z", NOTHING, "2024-09-10T12:00:00Z"); /* Thursday to Tuesday, summer */
    assert_talk("2024-01-04T08:00:00Z", NOTHING, "2024-01-09T13:00:00Z"); /* Thursday to Tuesday, winter */
}

static void test_never_in_a_weekend(void **state)
{
    (void)state;
    assert_talk("2024-09-02T08:00:00Z", NOTHING,
                "2024-09-09T12:00:00Z"); /* Monday: Saturday becomes Monday */
    assert_talk("2024-09-03T08:00:00Z", NOTHING, "2024-09-09T12:00:00Z"); /* Tuesday: Sunday becomes Monday */
    assert_talk("2024-09-04T08:00:00Z", NOTHING, "2024-09-09T12:00:00Z"); /* Wednesday: Monday */
}

static void test_the_day_is_the_one_in_belgium(void **state)
{
    (void)state;
    assert_talk("2024-09-04T23:30:00Z", NOTHING, "2024-09-10T12:00:00Z"); /* Thursday already there */
}

static void test_over_a_change_of_summer_time(void **state)
{
    (void)state;
    assert_talk("2024-03-28T10:00:00Z", NOTHING, "2024-04-02T12:00:00Z");
    assert_talk("2024-10-24T10:00:00Z", NOTHING, "2024-10-29T13:00:00Z");
}

static void test_never_on_a_public_holiday(void **state)
{
    (void)state;
    assert_talk("2026-04-01T08:00:00Z", NOTHING, "2026-04-07T12:00:00Z"); /* Easter Monday: Tuesday */
    assert_talk("2025-12-20T08:00:00Z", NOTHING, "2025-12-26T13:00:00Z"); /* Christmas, a Thursday: Friday */
    assert_talk("2026-04-01T08:00:00Z", SLOTS(COMMON_SLOT_MON_MORNING), "2026-04-13T08:00:00Z");
    assert_talk("2026-04-01T08:00:00Z", SLOTS(COMMON_SLOT_MON_MORNING, COMMON_SLOT_TUE_EVENING),
                "2026-04-07T17:00:00Z");
    /* Christmas and New Year's Day are a week apart. */
    assert_talk("2025-12-20T08:00:00Z", SLOTS(COMMON_SLOT_THU_MORNING), "2026-01-08T09:00:00Z");
}

/* Accepted on a Thursday in winter: from Tuesday 9 January on. */
static void test_when_both_are_free(void **state)
{
    (void)state;
    const char *accepted = "2024-01-04T08:00:00Z";
    assert_talk(accepted, SLOTS(COMMON_SLOT_TUE_MORNING), "2024-01-09T09:00:00Z");
    assert_talk(accepted, SLOTS(COMMON_SLOT_TUE_AFTERNOON), "2024-01-09T13:00:00Z");
    assert_talk(accepted, SLOTS(COMMON_SLOT_TUE_EVENING), "2024-01-09T18:00:00Z");
    assert_talk(accepted, SLOTS(COMMON_SLOT_SAT_MORNING), "2024-01-13T09:00:00Z");
    assert_talk(accepted, SLOTS(COMMON_SLOT_SUN_EVENING), "2024-01-14T18:00:00Z");
    assert_talk(accepted, SLOTS(COMMON_SLOT_MON_MORNING), "2024-01-15T09:00:00Z"); /* the last day of all */
}

static void test_the_first_of_what_both_share(void **state)
{
    (void)state;
    const char *accepted = "2024-01-04T08:00:00Z";
    assert_talk(accepted, SLOTS(COMMON_SLOT_MON_MORNING, COMMON_SLOT_WED_EVENING, COMMON_SLOT_SAT_MORNING),
                "2024-01-10T18:00:00Z");
    assert_talk(accepted, SLOTS(COMMON_SLOT_FRI_EVENING, COMMON_SLOT_FRI_MORNING), "2024-01-12T09:00:00Z");
    /* Monday evening was four days ahead, so it waits a week. */
    assert_talk(accepted, SLOTS(COMMON_SLOT_MON_EVENING, COMMON_SLOT_SUN_MORNING), "2024-01-14T09:00:00Z");
}

static void test_each_part_of_the_week_from_each_day(void **state)
{
    (void)state;
    static const int hours[] = {10, 14, 19};
    for (int32_t day = 19720; day < 19727; day++)
        for (int slot = COMMON_SLOT_MON_MORNING; slot <= (int)COMMON_SLOT_SUN_EVENING; slot++) {
            int64_t accepted = belgian_moment_us((struct wall){.day = day, .minute = 23 * 60});
            struct wall at = belgian_wall(talk_slot_us(accepted, SLOTS(slot)));
            assert_in_range(at.day - day, 5, 11);
            assert_int_equal(day_weekday(at.day), (slot - 1) / 3 + 1);
            assert_int_equal(at.minute, hours[(slot - 1) % 3] * 60);
        }
}

static void test_on_the_days_of_a_change_of_summer_time(void **state)
{
    (void)state;
    const char *spring = "2024-03-25T10:00:00Z", *autumn = "2024-10-21T10:00:00Z";
    assert_talk(spring, SLOTS(COMMON_SLOT_SAT_EVENING), "2024-03-30T18:00:00Z");
    assert_talk(spring, SLOTS(COMMON_SLOT_SUN_MORNING), "2024-03-31T08:00:00Z");
    assert_talk(spring, SLOTS(COMMON_SLOT_SUN_EVENING), "2024-03-31T17:00:00Z");
    assert_talk(autumn, SLOTS(COMMON_SLOT_SAT_EVENING), "2024-10-26T17:00:00Z");
    assert_talk(autumn, SLOTS(COMMON_SLOT_SUN_MORNING), "2024-10-27T09:00:00Z");
    assert_talk(autumn, SLOTS(COMMON_SLOT_SUN_EVENING), "2024-10-27T18:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_five_days_later_at_two_in_the_afternoon),
        cmocka_unit_test(test_never_in_a_weekend),
        cmocka_unit_test(test_never_on_a_public_holiday),
        cmocka_unit_test(test_the_day_is_the_one_in_belgium),
        cmocka_unit_test(test_over_a_change_of_summer_time),
        cmocka_unit_test(test_when_both_are_free),
        cmocka_unit_test(test_the_first_of_what_both_share),
        cmocka_unit_test(test_each_part_of_the_week_from_each_day),
        cmocka_unit_test(test_on_the_days_of_a_change_of_summer_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
