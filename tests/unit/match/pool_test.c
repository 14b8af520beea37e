/* The pool: what it proposes, that changes say exactly what changed, and that a long random life stays at the
 * optimum of a pool loaded afresh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "people.h"

#define DAY INT64_C(86400000000)

static void proposes_the_nearer_and_replaces_for_a_better_total(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant n1 = someone(MATCH_LEFT, 1, 510000), v1 = someone(MATCH_RIGHT, 1, 510500);
    struct match_entrant n2 = someone(MATCH_LEFT, 2, 510400);
    size_t n = 9;
    match_pool_add(pool, &n1);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 0);
    match_pool_add(pool, &v1);
    const struct match_change *changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], true, 1, 1);
    int nearer = match_pool_add(pool, &n2);
    changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 2);
    expect_change(&changes[0], false, 1, 1);
    expect_change(&changes[1], true, 2, 1);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 0);
    match_pool_remove(pool, nearer);
    changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 2);
    expect_change(&changes[0], false, 2, 1);
    expect_change(&changes[1], true, 1, 1);
    match_pool_free(pool);
}

static void a_tie_keeps_what_was_proposed(void **state)
{
    (void)state;
    for (int first = 1; first <= 20; first++) {
        struct match_pool *pool = new_pool();
        struct match_entrant v = someone(MATCH_RIGHT, 0, 510000);
        struct match_entrant a = someone(MATCH_LEFT, first, 510100),
                             b = someone(MATCH_LEFT, first + 1, 510100);
        size_t n = 0;
        match_pool_add(pool, &v);
        match_pool_add(pool, &a);
        match_pool_take_changes(pool, &n);
        assert_int_equal(n, 1);
        match_pool_add(pool, &b);
        match_pool_take_changes(pool, &n);
        assert_int_equal(n, 0);
        match_pool_free(pool);
        /* The same from rows: the mark outlasts a restart, whatever the order of loading. */
        pool = new_pool();
        struct match_entrant all[] = {b, a, v};
        int handles[3];
        match_pool_load(pool, all, 3, handles);
        match_pool_mark(pool, handles[1], handles[2]);
        match_pool_take_changes(pool, &n);
        assert_int_equal(n, 0);
        assert_int_equal(match_pool_partner(pool, handles[1]), handles[2]);
        match_pool_free(pool);
    }
}

/* Who comes could as well have been given one of those who have each other, and the others moved along. */
static void a_tie_keeps_all_that_was_proposed(void **state)
{
    (void)state;
    enum { PAIRS = 12, TOWNS = 300 };
    for (int town = 0; town < TOWNS; town++) {
        struct match_pool *pool = new_pool();
        for (int i = 0; i < PAIRS; i++) {
            struct match_entrant a = someone(MATCH_LEFT, i, 510100), v = someone(MATCH_RIGHT, i, 510000);
            size_t n = 0;
            a.key += (uint64_t)town << 32;
            v.key += (uint64_t)town << 32;
            match_pool_add(pool, i % 2 ? &v : &a);
            match_pool_add(pool, i % 2 ? &a : &v);
            const struct match_change *changes = match_pool_take_changes(pool, &n);
            assert_int_equal(n, 1);
            expect_change(&changes[0], true, i, i);
        }
        match_pool_free(pool);
    }
}

static void capacity_above_one_takes_the_best(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant v = someone(MATCH_RIGHT, 9, 510000);
    v.places = 2;
    int volunteer = match_pool_add(pool, &v), newcomers[3];
    for (int i = 0; i < 3; i++) {
        struct match_entrant entrant = someone(MATCH_LEFT, i, 510000 + 100 * i);
        newcomers[i] = match_pool_add(pool, &entrant);
    }
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 2);
    assert_int_equal(match_pool_partner_count(pool, volunteer), 2);
    assert_int_equal(match_pool_partner(pool, newcomers[2]), -1);
    int64_t total = match_pool_total(pool);
    assert_int_equal(total, match_pool_score(pool, newcomers[0], volunteer) +
                                match_pool_score(pool, newcomers[1], volunteer));
    assert_int_equal(match_pool_total_with(pool, newcomers[2], volunteer),
                     match_pool_score(pool, newcomers[0], volunteer) +
                         match_pool_score(pool, newcomers[2], volunteer));
    assert_int_equal(match_pool_total(pool), total);
    match_pool_set_places(pool, volunteer, 1);
    const struct match_change *changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], false, 1, 9);
    match_pool_free(pool);
}

static void an_update_touches_only_what_it_must(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant a = someone(MATCH_LEFT, 1, 510000), b = someone(MATCH_RIGHT, 1, 510000);
    int newcomer = match_pool_add(pool, &a), volunteer = match_pool_add(pool, &b);
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    int before = match_pool_score(pool, newcomer, volunteer);
    a.person.birth_year = 1990;
    match_pool_update(pool, newcomer, &a);
    assert_int_equal(match_pool_score(pool, newcomer, volunteer), before - 15 * 40);
    assert_int_equal(match_pool_total(pool), before - 15 * 40);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 0);
    b.person.lat_e4 = 520000;
    match_pool_update(pool, volunteer, &b);
    match_pool_take_departures(pool, &n);
    assert_int_equal(n, 0); /* nobody left: only a round reports it */
    const struct match_change *changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], false, 1, 1);
    match_pool_free(pool);
}

static bool forbidden;
static bool is_allowed(const void *newcomer, const void *volunteer, const void *context)
{
    (void)newcomer, (void)volunteer, (void)context;
    return !forbidden;
}

static void a_decided_pair_is_settled_and_reviewed(void **state)
{
    (void)state;
    struct match_pool_settings settings = {.rules = rules, .weights = weights, .allowed = is_allowed};
    struct match_pool *pool = match_pool_new(&settings);
    struct match_entrant a = someone(MATCH_LEFT, 1, 510000), b = someone(MATCH_RIGHT, 1, 510000);
    forbidden = false;
    int newcomer = match_pool_add(pool, &a), volunteer = match_pool_add(pool, &b);
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    match_pool_settle(pool, newcomer, volunteer + 1);
    match_pool_settle(pool, newcomer, volunteer);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1); /* still the best pair, so proposed anew */
    forbidden = true;
    match_pool_settle(pool, newcomer, volunteer);
    match_pool_review(pool, newcomer, volunteer);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 0);
    assert_int_equal(match_pool_candidates(pool, newcomer), 0);
    forbidden = false;
    match_pool_review(pool, newcomer, volunteer);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    match_pool_free(pool);
}

static void a_pair_taken_leaves_one_place_each(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant a = someone(MATCH_LEFT, 1, 510000), b = someone(MATCH_LEFT, 2, 510900),
                         v = someone(MATCH_RIGHT, 1, 510000);
    v.places = 2;
    int near = match_pool_add(pool, &a), far = match_pool_add(pool, &b), volunteer = match_pool_add(pool, &v);
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 2);
    match_pool_take_pair(pool, near, volunteer);
    match_pool_take_pair(pool, near, volunteer);
    match_pool_settle(pool, near, volunteer);
    match_pool_remove(pool, near);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 0);
    assert_int_equal(match_assignment_capacity(match_pool_assignment(pool), volunteer), 1);
    assert_int_equal(match_pool_partner(pool, far), volunteer);
    assert_null(match_pool_check(pool));
    match_pool_free(pool);
}

static void other_rules_compare_everyone_anew(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant a = someone(MATCH_LEFT, 1, 510000), b = someone(MATCH_RIGHT, 1, 510900);
    int newcomer = match_pool_add(pool, &a);
    match_pool_add(pool, &b);
    size_t n = 0;
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    struct match_rules near = rules;
    near.max_distance_m = 5000;
    match_pool_configure(pool, &near, &weights);
    const struct match_change *changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], false, 1, 1);
    assert_int_equal(match_pool_candidates(pool, newcomer), 0);
    match_pool_configure(pool, &rules, &weights);
    changes = match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1);
    expect_change(&changes[0], true, 1, 1);
    struct match_weights none = {{0}};
    match_pool_configure(pool, &rules, &none);
    match_pool_take_changes(pool, &n);
    assert_int_equal(n, 1); /* score 0: eligible, but nothing speaks for it */
    assert_int_equal(match_pool_candidates(pool, newcomer), 1);
    assert_null(match_pool_check(pool));
    match_pool_free(pool);
}

static void waiting_counts_when_the_volunteer_came(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant patient = someone(MATCH_LEFT, 1, 510000), fresh = someone(MATCH_LEFT, 2, 510000);
    patient.waiting_since_us = 10 * DAY;
    fresh.waiting_since_us = 90 * DAY;
    struct match_entrant v = someone(MATCH_RIGHT, 1, 510000);
    v.entered_us = 100 * DAY;
    int first = match_pool_add(pool, &patient), second = match_pool_add(pool, &fresh);
    int volunteer = match_pool_add(pool, &v);
    assert_int_equal(match_pool_waited_days(pool, first, volunteer), 90);
    assert_int_equal(match_pool_partner(pool, first), volunteer);
    assert_int_equal(match_pool_partner(pool, second), -1);
    assert_int_equal(match_waited_days(50 * DAY, 80 * DAY), 30);
    assert_int_equal(match_waited_days(50 * DAY, 10 * DAY), -40);
    match_pool_free(pool);
}

/* Both seek a volunteer whose place was free before; who was away in a duo is not ahead of who waited on. */
static void coming_back_is_no_head_start(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant back = someone(MATCH_LEFT, 1, 510000), stayed = someone(MATCH_LEFT, 2, 510000);
    struct match_entrant v = someone(MATCH_RIGHT, 1, 510000);
    v.entered_us = 40 * DAY;
    stayed.entered_us = stayed.waiting_since_us = 20 * DAY;
    back.entered_us = 100 * DAY;
    back.waiting_since_us = 30 * DAY;
    int volunteer = match_pool_add(pool, &v);
    int long_there = match_pool_add(pool, &stayed), returned = match_pool_add(pool, &back);
    assert_int_equal(match_pool_waited_days(pool, long_there, volunteer), 20);
    assert_int_equal(match_pool_waited_days(pool, returned, volunteer), 10);
    assert_int_equal(match_pool_partner(pool, long_there), volunteer);
    match_pool_free(pool);
}

static unsigned seed = 7;
static int below(int n)
{
    seed = seed * 1103515245 + 12345;
    return (int)(seed >> 8) % n;
}

/* Told of changes alone, a mirror of the proposals must equal the optimum, and that of a fresh pool in
 * total. */
static void a_long_life_stays_optimal(void **state)
{
    (void)state;
    enum { PEOPLE = 60 };
    struct match_pool *pool = new_pool();
    struct match_entrant entrants[2 * PEOPLE];
    int handles[2 * PEOPLE], mirror[PEOPLE];
    memset(handles, 0xff, sizeof handles);
    memset(mirror, 0xff, sizeof mirror);
    for (int step = 0; step < 3000; step++) {
        int who = below(2 * PEOPLE), side = who & 1;
        if (handles[who] >= 0) {
            match_pool_remove(pool, handles[who]);
            handles[who] = -1;
        } else {
            entrants[who] = someone(side ? MATCH_RIGHT : MATCH_LEFT, who / 2, 510000 + below(4000));
            entrants[who].person.lon_e4 += below(4000);
            entrants[who].person.birth_year = (int16_t)(1960 + below(40));
            entrants[who].places = side ? 1 + below(3) : 1;
            handles[who] = match_pool_add(pool, &entrants[who]);
        }
        size_t n;
        const struct match_change *changes = match_pool_take_changes(pool, &n);
        for (size_t i = 0; i < n; i++) {
            int newcomer = (int)((char *)changes[i].newcomer_tag - tags) / 2;
            int volunteer = (int)((char *)changes[i].volunteer_tag - tags) / 2;
            assert_int_equal(mirror[newcomer], changes[i].appears ? -1 : volunteer);
            mirror[newcomer] = changes[i].appears ? volunteer : -1;
        }
        for (int i = 0; i < PEOPLE; i++) {
            int partner = handles[2 * i] < 0 ? -1 : match_pool_partner(pool, handles[2 * i]);
            assert_int_equal(mirror[i],
                             partner < 0 ? -1 : ((char *)match_pool_tag(pool, partner) - tags) / 2);
        }
        if (step % 100 != 0)
            continue;
        assert_null(match_pool_check(pool));
        struct match_entrant all[2 * PEOPLE];
        int loaded[2 * PEOPLE];
        size_t count = 0;
        for (int i = 0; i < 2 * PEOPLE; i++)
            if (handles[i] >= 0)
                all[count++] = entrants[i];
        struct match_pool *again = new_pool();
        match_pool_load(again, all, count, loaded);
        assert_int_equal(match_pool_total(again), match_pool_total(pool));
        assert_int_equal(match_assignment_edge_count(match_pool_assignment(again)),
                         match_assignment_edge_count(match_pool_assignment(pool)));
        match_pool_free(again);
    }
    match_pool_free(pool);
}

/* The grid must find exactly those that comparing everyone with everyone finds. */
static void the_grid_misses_nobody(void **state)
{
    (void)state;
    struct match_pool *pool = new_pool();
    struct match_entrant all[400];
    int handles[400], expected = 0;
    for (int i = 0; i < 400; i++) {
        all[i] = someone(i & 1 ? MATCH_RIGHT : MATCH_LEFT, i / 2, 508000 + below(8000));
        all[i].person.lon_e4 = 30000 + below(20000);
    }
    match_pool_load(pool, all, 400, handles);
    for (int i = 0; i < 400; i += 2)
        for (int j = 1; j < 400; j += 2)
            expected += match_eligible(&all[i].person, &all[j].person, &rules);
    assert_true(expected > 0);
    assert_int_equal(match_assignment_edge_count(match_pool_assignment(pool)), expected);
    match_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proposes_the_nearer_and_replaces_for_a_better_total),
        cmocka_unit_test(a_tie_keeps_what_was_proposed),
        cmocka_unit_test(a_tie_keeps_all_that_was_proposed),
        cmocka_unit_test(capacity_above_one_takes_the_best),
        cmocka_unit_test(an_update_touches_only_what_it_must),
        cmocka_unit_test(a_decided_pair_is_settled_and_reviewed),
        cmocka_unit_test(a_pair_taken_leaves_one_place_each),
        cmocka_unit_test(other_rules_compare_everyone_anew),
        cmocka_unit_test(waiting_counts_when_the_volunteer_came),
        cmocka_unit_test(coming_back_is_no_head_start),
        cmocka_unit_test(a_long_life_stays_optimal),
        cmocka_unit_test(the_grid_misses_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
