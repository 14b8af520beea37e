/* When an acquaintance talk is, as long as nobody chose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/scheduling/talk.h"
#include "../../../services/scheduling/zone.h"
#include "bus/clock.h"

static void assert_slot(const char *accepted, const char *expected)
{
    icaltimezone *zone = NULL;
    int64_t at = 0;
    char text[BUS_TIME_TEXT];
    assert_int_equal(zone_get(ZONE_HOME, &zone, NULL), BUS_OK);
    assert_true(bus_time_parse(accepted, strlen(accepted), &at));
    bus_time_format(talk_slot_us(zone, at), text);
    assert_string_equal(text, expected);
}

static void test_five_days_later_at_two_in_the_afternoon(void **state)
{
    (void)state;
    assert_slot("2024-09-05T08:00:00Z", "2024-09-10T12:00:00Z"); /* Thursday to Tuesday, summer */
    assert_slot("2024-01-04T08:00:00Z", "2024-01-09T13:00:00Z"); /* Thursday to Tuesday, winter */
}

static void test_never_in_a_weekend(void **state)
{
    (void)state;
    assert_slot("2024-09-02T08:00:00Z", "2024-09-09T12:00:00Z"); /* Monday: Saturday becomes Monday */
    assert_slot("2024-09-03T08:00:00Z", "2024-09-09T12:00:00Z"); /* Tuesday: Sunday becomes Monday */
    assert_slot("2024-09-04T08:00:00Z", "2024-09-09T12:00:00Z"); /* Wednesday: Monday */
}

static void test_the_day_is_the_one_in_belgium(void **state)
{
    (void)state;
    assert_slot("2024-09-04T23:30:00Z", "2024-09-10T12:00:00Z"); /* Thursday already there */
}

static void test_over_a_change_of_summer_time(void **state)
{
    (void)state;
    assert_slot("2024-03-28T10:00:00Z", "2024-04-02T12:00:00Z");
    assert_slot("2024-10-24T10:00:00Z", "2024-10-29T13:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_five_days_later_at_two_in_the_afternoon),
        cmocka_unit_test(test_never_in_a_weekend),
        cmocka_unit_test(test_the_day_is_the_one_in_belgium),
        cmocka_unit_test(test_over_a_change_of_summer_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
