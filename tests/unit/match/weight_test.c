/* The tie-breaker: it never outweighs a point of score, and makes the pairs independent of the order of
 * arrival. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/assignment.h"
#include "match/weight.h"

static void test_score_comes_first(void **state)
{
    (void)state;
    for (uint64_t key = 0; key < 1000; key++) {
        int64_t low = match_weight_unique(7, 30, 20, key, 1), high = match_weight_unique(8, 30, 20, 1, key);
        assert_true(low >= (int64_t)7 << 30 && low < ((int64_t)7 << 30) + (1 << 20));
        assert_true(low < high);
    }
    assert_int_equal(match_weight_unique(0, 30, 20, 5, 6), 0);
    assert_true(match_weight_unique(-1, 30, 20, 5, 6) < 0);
}

static void test_left_and_right_keys_differ(void **state)
{
    (void)state;
    assert_int_equal(match_weight_unique(1, 30, 20, 5, 6), match_weight_unique(1, 30, 20, 5, 6));
    assert_int_not_equal(match_weight_unique(1, 30, 20, 5, 6), match_weight_unique(1, 30, 20, 6, 5));
}

#define PEOPLE 20

/* Everyone may be paired with everyone at the same score; people arrive in the order i * stride mod
 * PEOPLE. */
static void match_in_order(int stride, int partner_of[PEOPLE])
{
    struct match_assignment *a = match_assignment_new();
    int handle[2 * PEOPLE], person_of[2 * PEOPLE];
    for (int i = 0; i < PEOPLE; i++) {
        int r = i * stride % PEOPLE;
        assert_int_equal(match_assignment_add_node(a, MATCH_RIGHT, 1, NULL, 0, &handle[PEOPLE + r]),
                         MATCH_OK);
        person_of[handle[PEOPLE + r]] = r;
    }
    for (int i = 0; i < PEOPLE; i++) {
        int l = (i * stride + 3) % PEOPLE;
        struct match_link links[PEOPLE];
        for (int r = 0; r < PEOPLE; r++)
            links[r] = (struct match_link){handle[PEOPLE + r],
                                           match_weight_unique(5, 40, 30, (uint64_t)l, (uint64_t)r)};
        assert_int_equal(match_assignment_add_node(a, MATCH_LEFT, 1, links, PEOPLE, &handle[l]), MATCH_OK);
    }
    for (int l = 0; l < PEOPLE; l++)
        partner_of[l] = person_of[match_assignment_partner(a, handle[l], 0)];
    match_assignment_free(a);
}

static void test_pairs_do_not_depend_on_the_order_of_arrival(void **state)
{
    (void)state;
    int expected[PEOPLE], actual[PEOPLE];
    match_in_order(1, expected);
    const int strides[] = {3, 7, 9, 11, 13, 17, 19};
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
        match_in_order(strides[i], actual);
        assert_memory_equal(actual, expected, sizeof expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_score_comes_first),
        cmocka_unit_test(test_left_and_right_keys_differ),
        cmocka_unit_test(test_pairs_do_not_depend_on_the_order_of_arrival),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
