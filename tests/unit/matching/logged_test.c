/* Which contacts are known to be new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../services/matching/logged.h"

#define STEP 3 /* between two ids that are logged */

static struct bus_id id_of(size_t n)
{
    return (struct bus_id){.bytes = {[0] = 1, [14] = (uint8_t)(n >> 8), [15] = (uint8_t)n}};
}

/* The nth of `count`, in an order that is neither up nor down: 7 has no part in common with it. */
static size_t shuffled(size_t n, size_t count)
{
    return n * 7 % count;
}

static void while_there_is_room_all_is_known(void **state)
{
    (void)state;
    struct logged logged = {0};
    assert_true(logged_never(&logged, id_of(5)));
    logged_add(&logged, id_of(5));
    logged_add(&logged, id_of(2));
    logged_add(&logged, id_of(5));
    assert_int_equal(logged.n, 2);
    assert_false(logged_never(&logged, id_of(5)));
    assert_false(logged_never(&logged, id_of(2)));
    assert_true(logged_never(&logged, id_of(1)));
    assert_true(logged_never(&logged, id_of(3)));
    assert_true(logged_never(&logged, id_of(6)));
}

static void the_greatest_are_kept_whatever_their_order(void **state)
{
    (void)state;
    struct logged logged = {0};
    const size_t count = LOGGED_MAX + 500;
    for (size_t n = 0; n < count; n++)
        logged_add(&logged, id_of(STEP * shuffled(n, count)));
    assert_int_equal(logged.n, LOGGED_MAX);
    for (size_t n = 0; n < LOGGED_MAX; n++)
        assert_memory_equal(&logged.ids[n], &(struct bus_id[]){id_of(STEP * (500 + n))},
                            sizeof(struct bus_id));
}

static void of_what_it_has_forgotten_it_claims_nothing(void **state)
{
    (void)state;
    struct logged logged = {0};
    for (size_t n = 0; n < LOGGED_MAX + 500; n++)
        logged_add(&logged, id_of(STEP * n));
    assert_false(logged_never(&logged, id_of(STEP * 499)));
    assert_false(logged_never(&logged, id_of(STEP * 499 + 1)));
    assert_false(logged_never(&logged, id_of(STEP * 500)));
    assert_true(logged_never(&logged, id_of(STEP * 500 + 1)));
    assert_true(logged_never(&logged, id_of(STEP * (LOGGED_MAX + 500))));
    logged_add(&logged, id_of(STEP * 499 + 1));
    assert_false(logged_never(&logged, id_of(STEP * 500)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(while_there_is_room_all_is_known),
        cmocka_unit_test(the_greatest_are_kept_whatever_their_order),
        cmocka_unit_test(of_what_it_has_forgotten_it_claims_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
