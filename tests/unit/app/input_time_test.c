/* The time of commands: after one another, and after what was read, whatever another host's clock says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "app/loop.h"
#include "app/turn.h"

#define NOW INT64_C(1795335600000000)

static struct loop standing_still(void)
{
    return (struct loop){.clock = {.mode = STORE_CLOCK_CONDUCTED, .now_us = NOW}};
}

static void test_one_after_the_other(void **state)
{
    (void)state;
    struct loop loop = standing_still();
    assert_int_equal(loop_input_now(&loop), NOW);
    assert_int_equal(loop_input_now(&loop), NOW + 1);
    loop.clock.now_us = NOW + 10;
    assert_int_equal(loop_input_now(&loop), NOW + 10);
}

static void test_after_what_was_read(void **state)
{
    (void)state;
    struct loop loop = standing_still();
    loop_note_moment(&loop, NOW + BUS_SECOND_US);
    loop_note_moment(&loop, NOW - BUS_SECOND_US);
    assert_int_equal(loop_input_now(&loop), NOW + BUS_SECOND_US + 1);
    assert_int_equal(loop_now(&loop), NOW); /* timers do not come early */
}

static void test_a_clock_gone_wrong_is_not_followed(void **state)
{
    (void)state;
    struct loop loop = standing_still();
    loop_note_moment(&loop, NOW + 365 * BUS_DAY_US);
    assert_int_equal(loop_input_now(&loop), NOW);
}

static void test_own_time(void **state)
{
    (void)state;
    struct loop loop = standing_still();
    struct bus_header header = {.time_us = NOW - BUS_DAY_US, .recorded_us = NOW - 5};
    assert_int_equal(item_own_time(&loop, &header), NOW - 5);
    header = (struct bus_header){0};
    assert_int_equal(item_own_time(&loop, &header), NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_after_the_other),
        cmocka_unit_test(test_after_what_was_read),
        cmocka_unit_test(test_a_clock_gone_wrong_is_not_followed),
        cmocka_unit_test(test_own_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
