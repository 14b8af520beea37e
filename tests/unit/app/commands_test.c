/* How many commands may wait, and how large they may be together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/commands.h"

#define LARGE (256 << 10)
#define BOUND (32 << 20)

static struct command *add(struct loop *loop, size_t bytes)
{
    struct bus_arena *arena = bus_arena_new();
    struct command *command = bus_alloc(arena, sizeof *command);
    *command = (struct command){.arena = arena, .bytes = bytes};
    commands_add(loop, command);
    return command;
}

static void remove_all(struct loop *loop)
{
    while (loop->commands != NULL)
        commands_remove(loop, loop->commands);
}

static void large_commands_are_bounded_by_their_bytes(void **state)
{
    (void)state;
    struct loop loop = {.commands_end = &loop.commands};
    while (loop.commands_bytes + LARGE <= BOUND) {
        assert_true(commands_have_room(&loop, LARGE));
        add(&loop, LARGE);
    }
    assert_false(commands_have_room(&loop, LARGE));
    commands_remove(&loop, loop.commands->next);
    assert_true(commands_have_room(&loop, LARGE));
    remove_all(&loop);
    assert_int_equal(loop.commands_bytes, 0);
    assert_int_equal(loop.commands_n, 0);
}

static void small_commands_are_bounded_by_their_number(void **state)
{
    (void)state;
    struct loop loop = {.commands_end = &loop.commands};
    struct command *last = NULL;
    for (int i = 0; i < 10000; i++) {
        assert_true(commands_have_room(&loop, 100));
        last = add(&loop, 100);
    }
    assert_false(commands_have_room(&loop, 100));
    commands_remove(&loop, last);
    assert_true(commands_have_room(&loop, 100));
    remove_all(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_commands_are_bounded_by_their_bytes),
        cmocka_unit_test(small_commands_are_bounded_by_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
