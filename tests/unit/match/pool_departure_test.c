/* What the pool tells of who leaves: each of their proposals once, whatever else has changed before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "people.h"

static void a_departure_is_told_without_a_round(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant a = someone(MATCH_LEFT, 1, 510000), b = someone(MATCH_RIGHT, 1, 510000);
    struct match_entrant c = someone(MATCH_RIGHT, 2, 510100);
    match_pool_add(pool, &a);
    int volunteer = match_pool_add(pool, &b);
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    match_pool_add(pool, &c);
    match_pool_remove(pool, volunteer);
    const struct match_change *changes = match_pool_take_departures(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], false, 1, 1);
    changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], true, 1, 2);
    match_pool_free(pool);
}

/* A volunteer with a place for each of these newcomers, all of them proposed. */
static int propose_to_one(struct match_pool *pool, int newcomers, int *ret_handles)
{
    struct match_entrant v = someone(MATCH_RIGHT, 9, 510000);
    v.places = newcomers;
    int volunteer = match_pool_add(pool, &v);
    for (int i = 0; i < newcomers; i++) {
        struct match_entrant n = someone(MATCH_LEFT, i, 510000 + 100 * i);
        ret_handles[i] = match_pool_add(pool, &n);
    }
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, newcomers);
    return volunteer;
}

static void a_volunteer_leaves_all_who_are_still_proposed(void **state)
{
    (void)state;
    for (int settled = 0; settled < 4; settled++) {
        struct match_pool *pool = new_pool();
        int newcomers[4];
        int volunteer = propose_to_one(pool, 4, newcomers);
        match_pool_settle(pool, newcomers[settled], volunteer);
        match_pool_remove(pool, volunteer);
        size_t n = 0;
        const struct match_change *changes = match_pool_take_changes(pool, &n);
        assert_int_equal(n, 3);
        for (int i = 0; i < 3; i++)
            expect_change(&changes[i], false, i < settled ? i : i + 1, 9);
        match_pool_free(pool);
    }
}

/* Far away now, so that no edge leads from the volunteer to who was proposed. */
static void a_proposal_without_an_edge_vanishes_too(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    int newcomers[2];
    int volunteer = propose_to_one(pool, 2, newcomers);
    struct match_entrant far = someone(MATCH_LEFT, 1, 530000);
    match_pool_update(pool, newcomers[1], &far);
    assert_int_equal(match_pool_candidates(pool, volunteer), 1);
    match_pool_remove(pool, volunteer);
    size_t n = 0;
    const struct match_change *changes = match_pool_take_departures(pool, &n);
    assert_int_equal(n, 2);
    expect_change(&changes[0], false, 0, 9);
    expect_change(&changes[1], false, 1, 9);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 0);
    match_pool_free(pool);
}

static void a_newcomer_leaves_the_others_proposed(void **state)
{
    (void)state;
    for (int leaves = 0; leaves < 3; leaves++) {
        struct match_pool *pool = new_pool();
        int newcomers[3];
        int volunteer = propose_to_one(pool, 3, newcomers);
        match_pool_remove(pool, newcomers[leaves]);
        size_t n = 0;
        const struct match_change *changes = match_pool_take_departures(pool, &n);
        assert_int_equal(n, 1);
        expect_change(&changes[0], false, leaves, 9);
        match_pool_remove(pool, volunteer);
        match_pool_take_departures(pool, &n);
        assert_int_equal(n, 2);
        match_pool_free(pool);
    }
}

static void of_two_marks_the_later_counts(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant people[] = {someone(MATCH_LEFT, 1, 510000), someone(MATCH_RIGHT, 1, 510000),
                                     someone(MATCH_RIGHT, 2, 510100)};
    int handles[3];
    match_pool_load(pool, people, 3, handles);
    match_pool_mark(pool, handles[0], handles[1]);
    match_pool_mark(pool, handles[0], handles[2]);
    match_pool_remove(pool, handles[1]);
    size_t n = 9;
    match_pool_take_departures(pool, &n);
    assert_int_equal(n, 0);
    match_pool_remove(pool, handles[2]);
    const struct match_change *changes = match_pool_take_departures(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], false, 1, 2);
    match_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_departure_is_told_without_a_round),
        cmocka_unit_test(a_volunteer_leaves_all_who_are_still_proposed),
        cmocka_unit_test(a_proposal_without_an_edge_vanishes_too),
        cmocka_unit_test(a_newcomer_leaves_the_others_proposed),
        cmocka_unit_test(of_two_marks_the_later_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
