/* Who is written to at a moment: each once, in order, and nobody to whom a letter is under way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../services/notifications/state.h"
#include "bus/status.h"

static struct bus_id id(uint8_t n)
{
    return (struct bus_id){.bytes = {n}};
}

static struct message *keep(struct state *state, uint8_t message, uint8_t person, int64_t due_us)
{
    return state_keep(state, &(struct message){.message_id = id(message),
                                               .person_id = id(person),
                                               .cause_id = "cause",
                                               .template = "enrolled",
                                               .due_us = due_us});
}

static void expect(const struct state *state, int64_t due_us, const uint8_t *people, size_t n)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    size_t found_n = 0;
    const struct bus_id *found = state_people_due(state, due_us, arena, &found_n);
    assert_int_equal(found_n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(found[i].bytes[0], people[i]);
}

static void test_each_once_and_in_order(void **context)
{
    (void)context;
    AUTO(state_free) struct state *state = state_new();
    keep(state, 10, 3, 1000);
    keep(state, 11, 1, 1000);
    keep(state, 12, 3, 1000);
    keep(state, 13, 2, 1001);
    expect(state, 1000, (uint8_t[]){1, 3}, 2);
    expect(state, 1001, (uint8_t[]){2}, 1);
    expect(state, 999, NULL, 0);
}

static void test_what_travels_holds_the_rest(void **context)
{
    (void)context;
    AUTO(state_free) struct state *state = state_new();
    keep(state, 10, 1, 1000)->carrier = id(10);
    keep(state, 11, 1, 2000);
    keep(state, 12, 2, 2000);
    expect(state, 1000, NULL, 0);
    expect(state, 2000, (uint8_t[]){2}, 1);
}

static void test_what_is_postponed_or_ended_is_not_due(void **context)
{
    (void)context;
    AUTO(state_free) struct state *state = state_new();
    state_postpone(state, keep(state, 10, 1, 1000), 3000);
    struct message *ended = keep(state, 11, 2, 1000);
    keep(state, 12, 3, 1000);
    state_forget(state, ended);
    expect(state, 1000, (uint8_t[]){3}, 1);
    expect(state, 3000, (uint8_t[]){1}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once_and_in_order),
        cmocka_unit_test(test_what_travels_holds_the_rest),
        cmocka_unit_test(test_what_is_postponed_or_ended_is_not_due),
    };
    return cmocka_run_group_tests_name("who is written to at a moment", tests, NULL, NULL);
}
