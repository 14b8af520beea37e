/* The assignment's calls one by one: small cases worked out by hand, refusals, and a certificate that can say
 * no. Optimality over long random lives is proven in assignment_random_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../libmatch/assignment_internal.h"
#include "match/assignment.h"

static int add(struct match_assignment *a, enum match_side side, int capacity)
{
    int node = -1;
    assert_int_equal(match_assignment_add_node(a, side, capacity, NULL, 0, &node), MATCH_OK);
    return node;
}

static void join(struct match_assignment *a, int left, int right, int64_t weight)
{
    assert_int_equal(match_assignment_add_edge(a, left, right, weight), MATCH_OK);
    assert_null(match_assignment_check(a));
}

static void assert_total(const struct match_assignment *a, int64_t total)
{
    assert_null(match_assignment_check(a));
    assert_int_equal((int64_t)match_assignment_total(a), total);
}

/* Two newcomers, two volunteers; greedy would take 10 + 1, the optimum is 9 + 8. */
struct quartet {
    struct match_assignment *a;
    int l1, l2, r1, r2;
};

static struct quartet quartet_new(void)
{
    struct quartet q = {.a = match_assignment_new()};
    q.l1 = add(q.a, MATCH_LEFT, 1);
    q.l2 = add(q.a, MATCH_LEFT, 1);
    q.r1 = add(q.a, MATCH_RIGHT, 1);
    q.r2 = add(q.a, MATCH_RIGHT, 1);
    join(q.a, q.l1, q.r1, 10);
    join(q.a, q.l2, q.r1, 9);
    join(q.a, q.l1, q.r2, 8);
    join(q.a, q.l2, q.r2, 1);
    return q;
}

static void test_prefers_the_best_total_to_the_best_pair(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    assert_total(q.a, 17);
    assert_int_equal(match_assignment_pair_count(q.a), 2);
    assert_int_equal(match_assignment_partner_count(q.a, q.l1), 1);
    assert_int_equal(match_assignment_partner(q.a, q.l1, 0), q.r2);
    assert_int_equal(match_assignment_partner(q.a, q.r1, 0), q.l2);
    match_assignment_free(q.a);
}

static void test_a_removed_node_frees_its_partner_for_another(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    assert_int_equal(match_assignment_remove_node(q.a, q.l2), MATCH_OK);
    assert_total(q.a, 10);
    assert_int_equal(match_assignment_partner(q.a, q.l1, 0), q.r1);
    assert_int_equal(match_assignment_partner_count(q.a, q.r2), 0);
    assert_false(match_assignment_has_node(q.a, MATCH_LEFT, q.l2));
    assert_int_equal(match_assignment_remove_node(q.a, q.l2), MATCH_NO_NODE);
    match_assignment_free(q.a);
}

static void test_a_newcomer_displaces_who_is_worth_less(void **state)
{
    (void)state;
    struct match_assignment *a = match_assignment_new();
    int right = add(a, MATCH_RIGHT, 1);
    struct match_link weak = {.node = right, .weight = 3}, strong = {.node = right, .weight = 5};
    int first = -1, second = -1;
    assert_int_equal(match_assignment_add_node(a, MATCH_LEFT, 1, &weak, 1, &first), MATCH_OK);
    assert_total(a, 3);
    assert_int_equal(match_assignment_add_node(a, MATCH_LEFT, 1, &strong, 1, &second), MATCH_OK);
    assert_total(a, 5);
    assert_int_equal(match_assignment_partner_count(a, first), 0);
    assert_int_equal(match_assignment_price(a, first), 0);
    match_assignment_free(a);
}

static void test_capacity_grows_shrinks_and_pauses(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    assert_int_equal(match_assignment_set_capacity(q.a, q.r1, 2), MATCH_OK);
    assert_total(q.a, 19);
    assert_int_equal(match_assignment_partner_count(q.a, q.r1), 2);
    assert_int_equal(match_assignment_capacity(q.a, q.r1), 2);
    assert_int_equal(match_assignment_set_capacity(q.a, q.r1, 0), MATCH_OK);
    assert_total(q.a, 8);
    assert_int_equal(match_assignment_degree(q.a, q.r1), 2);
    assert_int_equal(match_assignment_set_capacity(q.a, q.r1, 1), MATCH_OK);
    assert_total(q.a, 17);
    match_assignment_free(q.a);
}

static void test_changed_weights_and_declined_pairs_are_mended(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    bool matched = true;
    int64_t weight = 0;
    assert_int_equal(match_assignment_set_weight(q.a, q.l2, q.r2, 100), MATCH_OK);
    assert_total(q.a, 110);
    assert_int_equal(match_assignment_set_weight(q.a, q.l2, q.r2, -4), MATCH_OK);
    assert_total(q.a, 17);
    assert_int_equal(match_assignment_find_edge(q.a, q.l2, q.r2, &weight, &matched), MATCH_OK);
    assert_int_equal(weight, -4);
    assert_false(matched);
    assert_int_equal(match_assignment_remove_edge(q.a, q.l1, q.r2), MATCH_OK);
    assert_total(q.a, 10);
    assert_int_equal(match_assignment_find_edge(q.a, q.l1, q.r2, NULL, NULL), MATCH_NO_EDGE);
    match_assignment_free(q.a);
}

static void test_a_pair_that_leaves_together_costs_no_search(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    assert_int_equal(match_assignment_set_capacity(q.a, q.r1, 2), MATCH_OK);
    assert_total(q.a, 19);
    int64_t before = match_assignment_effort(q.a).nodes;
    assert_int_equal(match_assignment_take_pair(q.a, q.l1, q.l2), MATCH_NO_NODE);
    assert_int_equal(match_assignment_take_pair(q.a, q.l1, q.r2), MATCH_NOT_PAIRED);
    assert_int_equal(match_assignment_take_pair(q.a, q.l1, q.r1), MATCH_OK);
    assert_total(q.a, 9);
    assert_int_equal(match_assignment_take_pair(q.a, q.l1, q.r1), MATCH_NO_EDGE);
    assert_int_equal(match_assignment_capacity(q.a, q.l1), 0);
    assert_int_equal(match_assignment_capacity(q.a, q.r1), 1);
    assert_int_equal(match_assignment_effort(q.a).nodes, before);
    match_assignment_free(q.a);
}

static void test_worthless_edges_are_never_matched(void **state)
{
    (void)state;
    struct match_assignment *a = match_assignment_new();
    int left = add(a, MATCH_LEFT, 1), right = add(a, MATCH_RIGHT, 1), other = add(a, MATCH_RIGHT, 1);
    join(a, left, right, 0);
    join(a, left, other, -7);
    assert_total(a, 0);
    match_assignment_solve(a);
    assert_total(a, 0);
    assert_int_equal(match_assignment_pair_count(a), 0);
    assert_int_equal(match_assignment_edge_count(a), 2);
    match_assignment_free(a);
}

static void test_refusals_change_nothing(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    int node = -5;
    struct match_link twice[] = {{q.r1, 1}, {q.r1, 2}};
    struct match_link wrong_side = {q.l1, 1}, too_heavy = {q.r1, MATCH_WEIGHT_MAX + 1};
    assert_int_equal(match_assignment_add_node(q.a, MATCH_LEFT, 1, twice, 2, &node), MATCH_DUPLICATE_EDGE);
    assert_int_equal(match_assignment_add_node(q.a, MATCH_LEFT, 1, &wrong_side, 1, &node), MATCH_NO_NODE);
    assert_int_equal(match_assignment_add_node(q.a, MATCH_LEFT, 1, &too_heavy, 1, &node), MATCH_BAD_WEIGHT);
    assert_int_equal(match_assignment_add_node(q.a, MATCH_LEFT, -1, NULL, 0, &node), MATCH_BAD_CAPACITY);
    assert_int_equal(node, -5);
    assert_int_equal(match_assignment_add_edge(q.a, q.l1, q.r1, 5), MATCH_DUPLICATE_EDGE);
    assert_int_equal(match_assignment_add_edge(q.a, q.r1, q.l1, 5), MATCH_NO_NODE);
    assert_int_equal(match_assignment_add_edge(q.a, 99, q.r1, 5), MATCH_NO_NODE);
    assert_int_equal(match_assignment_set_weight(q.a, q.l1, -1, 5), MATCH_NO_NODE);
    assert_int_equal(match_assignment_set_weight(q.a, q.l1, q.r1, -MATCH_WEIGHT_MAX - 1), MATCH_BAD_WEIGHT);
    assert_int_equal(match_assignment_set_capacity(q.a, q.l1, MATCH_CAPACITY_MAX + 1), MATCH_BAD_CAPACITY);
    assert_int_equal(match_assignment_set_capacity(q.a, 99, 1), MATCH_NO_NODE);
    assert_int_equal(match_assignment_node_count(q.a, MATCH_LEFT), 2);
    assert_total(q.a, 17);
    match_assignment_free(q.a);
}

static void test_load_names_the_edge_at_fault(void **state)
{
    (void)state;
    struct match_assignment *a = match_assignment_new();
    int left = add(a, MATCH_LEFT, 1), right = add(a, MATCH_RIGHT, 1), other = add(a, MATCH_RIGHT, 1);
    struct match_edge edges[] = {{left, right, 4}, {left, other, 5}, {left, right, 6}};
    size_t bad = 0;
    assert_int_equal(match_assignment_load(a, edges, 3, &bad), MATCH_DUPLICATE_EDGE);
    assert_int_equal(bad, 2);
    edges[1].weight = MATCH_WEIGHT_MAX + 1;
    assert_int_equal(match_assignment_load(a, edges, 2, &bad), MATCH_BAD_WEIGHT);
    assert_int_equal(bad, 1);
    edges[1] = (struct match_edge){right, left, 1};
    assert_int_equal(match_assignment_load(a, edges, 2, NULL), MATCH_NO_NODE);
    assert_int_equal(match_assignment_edge_count(a), 0);
    assert_int_equal(match_assignment_load(a, edges, 1, NULL), MATCH_OK);
    assert_total(a, 4);
    assert_int_equal(match_assignment_load(a, edges, 1, NULL), MATCH_NOT_EMPTY);
    match_assignment_free(a);
}

static void test_an_empty_assignment_is_optimal(void **state)
{
    (void)state;
    struct match_assignment *a = match_assignment_new();
    struct match_cursor cursor = {0};
    struct match_edge pair;
    assert_int_equal(match_assignment_load(a, NULL, 0, NULL), MATCH_OK);
    assert_total(a, 0);
    assert_false(match_assignment_next_pair(a, &cursor, &pair));
    assert_int_equal(match_assignment_remove_node(a, 0), MATCH_NO_NODE);
    match_assignment_free(a);
    match_assignment_free(NULL);
}

static void test_pairs_are_walked_in_order(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    struct match_cursor cursor = {0};
    struct match_edge pair;
    assert_true(match_assignment_next_pair(q.a, &cursor, &pair));
    assert_true(pair.left == q.l1 && pair.right == q.r2 && pair.weight == 8);
    assert_true(match_assignment_next_pair(q.a, &cursor, &pair));
    assert_true(pair.left == q.l2 && pair.right == q.r1 && pair.weight == 9);
    assert_false(match_assignment_next_pair(q.a, &cursor, &pair));
    match_assignment_free(q.a);
}

static void test_handles_of_removed_nodes_come_back(void **state)
{
    (void)state;
    struct match_assignment *a = match_assignment_new();
    int first = add(a, MATCH_LEFT, 1);
    assert_int_equal(match_assignment_remove_node(a, first), MATCH_OK);
    assert_int_equal(add(a, MATCH_RIGHT, 1), first);
    assert_int_equal(match_assignment_add_edge(a, first, first, 1), MATCH_NO_NODE);
    match_assignment_free(a);
}

static void test_totals_beyond_64_bits_are_exact(void **state)
{
    (void)state;
    struct match_assignment *a = match_assignment_new();
    for (int i = 0; i < 10000; i++) {
        int left = add(a, MATCH_LEFT, 1), right = add(a, MATCH_RIGHT, 1);
        assert_int_equal(match_assignment_add_edge(a, left, right, MATCH_WEIGHT_MAX), MATCH_OK);
    }
    assert_null(match_assignment_check(a));
    char text[MATCH_TOTAL_TEXT];
    assert_string_equal(match_total_text(match_assignment_total(a), text), "90071992547409920000");
    assert_string_equal(match_total_text(0, text), "0");
    assert_string_equal(match_total_text(-12, text), "-12");
    match_assignment_free(a);
}

static void test_the_certificate_sees_what_is_wrong(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    struct node *l1 = &q.a->nodes[q.l1];
    q.a->prices[q.l1] += 100;
    assert_string_equal(match_assignment_check(q.a), "a matched edge is worth less than its prices");
    q.a->prices[q.l1] -= 200;
    assert_string_equal(match_assignment_check(q.a), "a price is negative");
    q.a->prices[q.l1] += 100;
    l1->capacity = 0;
    assert_string_equal(match_assignment_check(q.a), "a node has more partners than its capacity");
    l1->capacity = 2;
    assert_string_equal(match_assignment_check(q.a), "a node with room left has a price");
    l1->capacity = 1;
    q.a->total++;
    assert_string_equal(match_assignment_check(q.a), "the total is not the sum of the pairs");
    q.a->total--;
    assert_true(l1->coupled);
    q.a->nodes[l1->partner].coupled = false;
    assert_string_equal(match_assignment_check(q.a), "two nodes count as a couple and are none");
    q.a->nodes[l1->partner].coupled = true;
    /* A worse matching, by hand: both pairs undone, so nodes have room and a price. */
    while (l1->used > 0)
        match_graph_unpair(q.a, q.l1, l1->first);
    assert_non_null(match_assignment_check(q.a));
    /* No pairs and no prices: every edge is worth more than that. */
    for (int i = 0; i < q.a->node_end; i++)
        q.a->prices[i] = 0;
    q.a->lift[MATCH_LEFT] = q.a->lift[MATCH_RIGHT] = 0;
    match_graph_unpair(q.a, q.l2, q.a->nodes[q.l2].first);
    assert_string_equal(match_assignment_check(q.a), "an unmatched edge is worth more than its prices");
    match_assignment_solve(q.a);
    assert_total(q.a, 17);
    match_assignment_free(q.a);
}

static void test_each_status_has_words(void **state)
{
    (void)state;
    for (int status = MATCH_OK; status <= MATCH_NOT_EMPTY; status++) {
        assert_non_null(match_status_text((enum match_status)status));
        assert_string_not_equal(match_status_text((enum match_status)status), "unknown status");
    }
}

static void test_stamps_may_wrap_around(void **state)
{
    (void)state;
    struct quartet q = quartet_new();
    q.a->stamp = UINT32_MAX - 2;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(match_assignment_set_capacity(q.a, q.r1, 0), MATCH_OK);
        assert_total(q.a, 8);
        assert_int_equal(match_assignment_set_capacity(q.a, q.r1, 1), MATCH_OK);
        assert_total(q.a, 17);
    }
    assert_true(q.a->stamp < 100);
    match_assignment_free(q.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefers_the_best_total_to_the_best_pair),
        cmocka_unit_test(test_a_removed_node_frees_its_partner_for_another),
        cmocka_unit_test(test_a_newcomer_displaces_who_is_worth_less),
        cmocka_unit_test(test_capacity_grows_shrinks_and_pauses),
        cmocka_unit_test(test_changed_weights_and_declined_pairs_are_mended),
        cmocka_unit_test(test_a_pair_that_leaves_together_costs_no_search),
        cmocka_unit_test(test_worthless_edges_are_never_matched),
        cmocka_unit_test(test_refusals_change_nothing),
        cmocka_unit_test(test_load_names_the_edge_at_fault),
        cmocka_unit_test(test_an_empty_assignment_is_optimal),
        cmocka_unit_test(test_pairs_are_walked_in_order),
        cmocka_unit_test(test_handles_of_removed_nodes_come_back),
        cmocka_unit_test(test_totals_beyond_64_bits_are_exact),
        cmocka_unit_test(test_the_certificate_sees_what_is_wrong),
        cmocka_unit_test(test_each_status_has_words),
        cmocka_unit_test(test_stamps_may_wrap_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
