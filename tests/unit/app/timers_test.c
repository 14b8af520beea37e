/* For which streams timers wait after a start, and for which no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/timers.h"
#include "app/turn.h"

#define HEAD 10 /* of each stream when it first answered */

/* A loop that has read so much of two streams; since `still_us` no more of those that it waits for. */
static bool held(int64_t first, int64_t second, int64_t still_us)
{
    struct source sources[2] = {{.name = "first"}, {.name = "second"}};
    const int64_t read[] = {first, second};
    struct loop loop = {.sources = sources, .sources_n = 2};
    for (size_t i = 0; i < 2; i++) {
        struct follow *follow = &sources[i].follow;
        follow_init(follow, 1, read[i], "", 1, 1);
        while (follow_act(follow, 1).kind != FOLLOW_NOTHING)
            continue;
        follow_welcome(follow, 1, read[i], 1, 1, HEAD);
        sources[i].first_head = HEAD;
        loop.standing_at += read[i] < HEAD ? read[i] : 0;
    }
    loop.standing_us = bus_clock_monotonic_us() - still_us;
    bool is_held = timers_held(&loop);
    for (size_t i = 0; i < 2; i++)
        follow_done(&sources[i].follow);
    return is_held;
}

static void test_timers_wait_for_each_stream(void **state)
{
    (void)state;
    assert_true(held(HEAD - 1, HEAD - 1, 0));
    assert_true(held(HEAD - 1, HEAD, 0));
    assert_true(held(HEAD, HEAD - 1, 0));
    assert_false(held(HEAD, HEAD, 0));
}

static void test_a_stream_that_stands_still_is_waited_for_no_more(void **state)
{
    (void)state;
    assert_true(held(HEAD - 1, HEAD, BUS_SECOND_US));
    assert_false(held(HEAD - 1, HEAD, BUS_MINUTE_US));
    assert_false(held(HEAD, HEAD - 1, BUS_MINUTE_US));
}

/* Its commit may be lost, and what it read is then read again. */
static void test_what_a_turn_under_way_has_read_may_come_again(void **state)
{
    (void)state;
    struct source source = {.name = "first", .first_head = HEAD};
    struct loop loop = {.sources = &source, .sources_n = 1, .standing_us = bus_clock_monotonic_us()};
    int64_t read[] = {HEAD};
    struct bus_turn turn = {.read = read};
    follow_init(&source.follow, 1, HEAD - 1, "", 1, 1);
    source.follow.state = FOLLOW_READING;
    loop.standing_at = HEAD - 1;
    loop.under_way = &turn;
    assert_false(timers_held(&loop));
    loop.under_way = NULL; /* undone */
    assert_true(timers_held(&loop));
    loop.under_way = &turn;
    assert_false(timers_held(&loop));
    source.follow.seq = HEAD; /* it stands */
    loop.under_way = NULL;
    assert_false(timers_held(&loop));
    follow_done(&source.follow);
}

/* Else the loop would poll for the millisecond that is left, until the clock has caught up. */
static void test_a_timer_is_waited_for_by_the_clock_that_went_back(void **state)
{
    (void)state;
    struct loop loop = {.last_now_us = bus_clock_wall_us() + BUS_HOUR_US};
    int64_t stands_at_us = loop.last_now_us;
    assert_int_equal(loop_until_us(&loop, stands_at_us), 0);
    assert_true(loop_until_us(&loop, stands_at_us + 1000) > BUS_MINUTE_US);
    assert_int_equal(loop_now(&loop), stands_at_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timers_wait_for_each_stream),
        cmocka_unit_test(test_a_stream_that_stands_still_is_waited_for_no_more),
        cmocka_unit_test(test_what_a_turn_under_way_has_read_may_come_again),
        cmocka_unit_test(test_a_timer_is_waited_for_by_the_clock_that_went_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
