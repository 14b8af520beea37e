/* The rules of places and attendance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../../services/scheduling/enrolment.h"

static struct bus_id id(uint8_t n)
{
    return (struct bus_id){.bytes = {n}};
}

static void test_who_comes_gets_a_place_while_there_is_room_and_nobody_waits(void **state)
{
    (void)state;
    assert_true(enrolment_has_place(2, 0, 0));
    assert_true(enrolment_has_place(2, 1, 0));
    assert_false(enrolment_has_place(2, 2, 0));
    assert_false(enrolment_has_place(2, 1, 1));
}

static void test_as_many_move_up_as_there_is_room(void **state)
{
    (void)state;
    assert_int_equal(enrolment_moves_up(2, 2, 3), 0);
    assert_int_equal(enrolment_moves_up(2, 1, 3), 1);
    assert_int_equal(enrolment_moves_up(5, 1, 3), 3);
    assert_int_equal(enrolment_moves_up(2, 3, 3), 0);
    assert_int_equal(enrolment_moves_up(2, 0, 0), 0);
}

static void test_the_roll_knows_who_was_there_and_who_was_not(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    struct bus_id enrolled[] = {id(1), id(2), id(3)}, named[] = {id(9), id(3), id(9), id(1)};
    struct roll roll = enrolment_roll(arena, enrolled, 3, named, 4);
    assert_int_equal(roll.attended_n, 3);
    assert_true(bus_id_equal(roll.attended[0], id(9)));
    assert_false(roll.had_place[0]);
    assert_true(bus_id_equal(roll.attended[1], id(3)));
    assert_true(roll.had_place[1]);
    assert_true(bus_id_equal(roll.attended[2], id(1)));
    assert_int_equal(roll.missed_n, 1);
    assert_true(bus_id_equal(roll.missed[0], id(2)));
    bus_arena_free(&arena);
}

static void test_an_empty_session(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    struct bus_id enrolled[] = {id(1), id(2)};
    struct roll roll = enrolment_roll(arena, enrolled, 2, NULL, 0);
    assert_int_equal(roll.attended_n, 0);
    assert_int_equal(roll.missed_n, 2);
    roll = enrolment_roll(arena, NULL, 0, NULL, 0);
    assert_int_equal(roll.attended_n + roll.missed_n, 0);
    bus_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_gets_a_place_while_there_is_room_and_nobody_waits),
        cmocka_unit_test(test_as_many_move_up_as_there_is_room),
        cmocka_unit_test(test_the_roll_knows_who_was_there_and_who_was_not),
        cmocka_unit_test(test_an_empty_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
