/* Random lives of small assignments, each step compared with a brute-force optimum, and of larger ones,
 * each step proven by the certificate. MATCH_TEST_SEED replays one seed that a failure has printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../libmatch/assignment_internal.h"
#include "model.h"

static uint64_t random_state;

static uint64_t random_next(void)
{
    random_state += 0x9e3779b97f4a7c15U;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int random_below(int bound)
{
    return (int)(random_next() % (uint64_t)bound);
}

/* Small ranges make ties; some are zero or negative; some are as large as allowed. */
static int64_t random_weight(int kind)
{
    switch (kind) {
    case 0:
        return random_below(4);
    case 1:
        return random_below(30) - 8;
    case 2:
        return MATCH_WEIGHT_MAX - random_below(1000);
    default:
        return (int64_t)(random_next() >> 11);
    }
}

static void check_against_model(struct match_assignment *a, const struct model *m, uint64_t seed, int step)
{
    const char *fault = match_assignment_check(a);
    int64_t expected = model_best_total(m);
    int64_t actual = (int64_t)match_assignment_total(a);
    if (fault == NULL && actual == expected)
        return;
    print_error("MATCH_TEST_SEED=%llu step %d: total %lld, best %lld, check: %s\n", (unsigned long long)seed,
                step, (long long)actual, (long long)expected, fault != NULL ? fault : "passed");
    fail();
}

static void add_left(struct match_assignment *a, struct model *m, int l, int kind)
{
    struct match_link links[MODEL_RIGHTS];
    size_t count = 0;
    for (int r = 0; r < MODEL_RIGHTS; r++) {
        if (m->right_handle[r] < 0 || random_below(3) == 0)
            continue;
        m->weight[l][r] = random_weight(kind);
        links[count++] = (struct match_link){.node = m->right_handle[r], .weight = m->weight[l][r]};
    }
    m->left_capacity[l] = random_below(3) == 0 ? random_below(MODEL_CAPACITY + 1) : 1;
    assert_int_equal(
        match_assignment_add_node(a, MATCH_LEFT, m->left_capacity[l], links, count, &m->left_handle[l]),
        MATCH_OK);
}

static void add_right(struct match_assignment *a, struct model *m, int r, int kind)
{
    struct match_link links[MODEL_LEFTS];
    size_t count = 0;
    for (int l = 0; l < MODEL_LEFTS; l++) {
        if (m->left_handle[l] < 0 || random_below(3) == 0)
            continue;
        m->weight[l][r] = random_weight(kind);
        links[count++] = (struct match_link){.node = m->left_handle[l], .weight = m->weight[l][r]};
    }
    m->right_capacity[r] = random_below(MODEL_CAPACITY + 1);
    assert_int_equal(
        match_assignment_add_node(a, MATCH_RIGHT, m->right_capacity[r], links, count, &m->right_handle[r]),
        MATCH_OK);
}

static void toggle_left(struct match_assignment *a, struct model *m, int l, int kind)
{
    if (m->left_handle[l] < 0) {
        add_left(a, m, l, kind);
        return;
    }
    assert_int_equal(match_assignment_remove_node(a, m->left_handle[l]), MATCH_OK);
    m->left_handle[l] = -1;
    m->left_capacity[l] = 0;
    for (int r = 0; r < MODEL_RIGHTS; r++)
        m->weight[l][r] = MODEL_NO_EDGE;
}

static void toggle_right(struct match_assignment *a, struct model *m, int r, int kind)
{
    if (m->right_handle[r] < 0) {
        add_right(a, m, r, kind);
        return;
    }
    assert_int_equal(match_assignment_remove_node(a, m->right_handle[r]), MATCH_OK);
    m->right_handle[r] = -1;
    m->right_capacity[r] = 0;
    for (int l = 0; l < MODEL_LEFTS; l++)
        m->weight[l][r] = MODEL_NO_EDGE;
}

static void change_edge(struct match_assignment *a, struct model *m, int l, int r, int kind)
{
    int left = m->left_handle[l], right = m->right_handle[r];
    int64_t weight = random_weight(kind);
    if (left < 0 || right < 0)
        return;
    if (m->weight[l][r] == MODEL_NO_EDGE) {
        assert_int_equal(match_assignment_set_weight(a, left, right, weight), MATCH_NO_EDGE);
        assert_int_equal(match_assignment_remove_edge(a, left, right), MATCH_NO_EDGE);
        assert_int_equal(match_assignment_add_edge(a, left, right, weight), MATCH_OK);
        m->weight[l][r] = weight;
    } else if (random_below(2) == 0) {
        assert_int_equal(match_assignment_add_edge(a, left, right, weight), MATCH_DUPLICATE_EDGE);
        assert_int_equal(match_assignment_set_weight(a, left, right, weight), MATCH_OK);
        m->weight[l][r] = weight;
    } else {
        assert_int_equal(match_assignment_remove_edge(a, left, right), MATCH_OK);
        m->weight[l][r] = MODEL_NO_EDGE;
    }
}

static void take_pair(struct match_assignment *a, struct model *m, int l, int r)
{
    int left = m->left_handle[l], right = m->right_handle[r];
    bool matched = false;
    if (left < 0 || right < 0)
        return;
    enum match_status found = match_assignment_find_edge(a, left, right, NULL, &matched);
    enum match_status expected = found == MATCH_OK && !matched ? MATCH_NOT_PAIRED : found;
    assert_int_equal(match_assignment_take_pair(a, left, right), expected);
    if (expected != MATCH_OK)
        return;
    m->weight[l][r] = MODEL_NO_EDGE;
    m->left_capacity[l]--;
    m->right_capacity[r]--;
}

static void change_capacity(struct match_assignment *a, struct model *m, int l, int r)
{
    int capacity = random_below(MODEL_CAPACITY + 1);
    if (random_below(2) == 0 && m->left_handle[l] >= 0) {
        assert_int_equal(match_assignment_set_capacity(a, m->left_handle[l], capacity), MATCH_OK);
        m->left_capacity[l] = capacity;
    } else if (m->right_handle[r] >= 0) {
        assert_int_equal(match_assignment_set_capacity(a, m->right_handle[r], capacity), MATCH_OK);
        m->right_capacity[r] = capacity;
    }
}

static void remove_everything(struct match_assignment *a, struct model *m, uint64_t seed)
{
    for (int l = 0; l < MODEL_LEFTS; l++)
        if (m->left_handle[l] >= 0)
            toggle_left(a, m, l, 0);
    check_against_model(a, m, seed, -1);
    for (int r = 0; r < MODEL_RIGHTS; r++)
        if (m->right_handle[r] >= 0)
            toggle_right(a, m, r, 0);
    check_against_model(a, m, seed, -2);
    assert_int_equal(match_assignment_node_count(a, MATCH_LEFT), 0);
    assert_int_equal(match_assignment_node_count(a, MATCH_RIGHT), 0);
    assert_int_equal(match_assignment_edge_count(a), 0);
    assert_int_equal(match_assignment_pair_count(a), 0);
}

static void live_small_life(uint64_t seed)
{
    random_state = seed;
    struct match_assignment *a = match_assignment_new();
    struct model m;
    model_init(&m);
    int kind = random_below(4);
    for (int step = 0; step < 40; step++) {
        int l = random_below(MODEL_LEFTS), r = random_below(MODEL_RIGHTS);
        switch (random_below(8)) {
        case 0:
            toggle_left(a, &m, l, kind);
            break;
        case 1:
            toggle_right(a, &m, r, kind);
            break;
        case 2:
            change_capacity(a, &m, l, r);
            break;
        case 3:
            take_pair(a, &m, l, r);
            break;
        default:
            change_edge(a, &m, l, r, kind);
            break;
        }
        if (a->holds > 0 && random_below(2) == 0)
            match_assignment_release(a);
        else if (step < 38 && random_below(4) == 0)
            match_assignment_hold(a);
        if (a->holds == 0)
            check_against_model(a, &m, seed, step);
    }
    while (a->holds > 0)
        match_assignment_release(a);
    check_against_model(a, &m, seed, 39);
    match_assignment_solve(a);
    check_against_model(a, &m, seed, 40);
    remove_everything(a, &m, seed);
    match_assignment_free(a);
}

static void test_small_lives_equal_brute_force(void **state)
{
    (void)state;
    const char *wanted = getenv("MATCH_TEST_SEED");
    if (wanted != NULL) {
        live_small_life(strtoull(wanted, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= 3000; seed++)
        live_small_life(seed);
}

struct crowd {
    struct match_assignment *a;
    int nodes[2][400];
    int kind;
};

static void crowd_replace(struct crowd *c, enum match_side side, int index)
{
    struct match_link links[12];
    size_t count = 0;
    for (int i = random_below(30); i < 400 && count < 12; i += 1 + random_below(60))
        links[count++] = (struct match_link){.node = c->nodes[!side][i], .weight = random_weight(c->kind)};
    if (c->nodes[side][index] >= 0)
        assert_int_equal(match_assignment_remove_node(c->a, c->nodes[side][index]), MATCH_OK);
    int capacity = random_below(4) == 0 ? random_below(4) : 1;
    assert_int_equal(match_assignment_add_node(c->a, side, capacity, links, count, &c->nodes[side][index]),
                     MATCH_OK);
}

static void crowd_touch_pair(struct crowd *c)
{
    int left = c->nodes[MATCH_LEFT][random_below(400)];
    if (match_assignment_partner_count(c->a, left) == 0)
        return;
    int right = match_assignment_partner(c->a, left, 0);
    switch (random_below(4)) {
    case 0:
        assert_int_equal(match_assignment_take_pair(c->a, left, right), MATCH_OK);
        assert_int_equal(match_assignment_set_capacity(c->a, left, random_below(2)), MATCH_OK);
        break;
    case 1:
        assert_int_equal(match_assignment_remove_edge(c->a, left, right), MATCH_OK);
        break;
    case 2:
        assert_int_equal(match_assignment_set_weight(c->a, left, right, random_weight(c->kind)), MATCH_OK);
        break;
    default:
        assert_int_equal(match_assignment_set_capacity(c->a, right, random_below(4)), MATCH_OK);
        break;
    }
}

/* The same nodes and edges, loaded at once into a fresh assignment: a full solve must agree. */
static __int128 solve_copy(const struct match_assignment *a)
{
    struct match_assignment *copy = match_assignment_new();
    static int copy_of[4096];
    static struct match_edge edges[40000];
    size_t count = 0;
    for (int side = 0; side < 2; side++)
        for (int n = 0; n < 4096; n++)
            if (match_assignment_has_node(a, (enum match_side)side, n))
                assert_int_equal(match_assignment_add_node(copy, (enum match_side)side,
                                                           match_assignment_capacity(a, n), NULL, 0,
                                                           &copy_of[n]),
                                 MATCH_OK);
    for (int l = 0; l < 4096; l++) {
        for (int r = 0; match_assignment_has_node(a, MATCH_LEFT, l) && r < 4096; r++) {
            int64_t weight = 0;
            if (match_assignment_find_edge(a, l, r, &weight, NULL) == MATCH_OK)
                edges[count++] =
                    (struct match_edge){.left = copy_of[l], .right = copy_of[r], .weight = weight};
        }
    }
    assert_int_equal(match_assignment_load(copy, edges, count, NULL), MATCH_OK);
    assert_null(match_assignment_check(copy));
    __int128 total = match_assignment_total(copy);
    match_assignment_free(copy);
    return total;
}

static struct crowd crowd_new(int kind)
{
    random_state = 77 + (uint64_t)kind;
    struct crowd c = {.a = match_assignment_new(), .kind = kind};
    for (int i = 0; i < 400; i++) {
        assert_int_equal(match_assignment_add_node(c.a, MATCH_LEFT, 1, NULL, 0, &c.nodes[MATCH_LEFT][i]),
                         MATCH_OK);
        assert_int_equal(match_assignment_add_node(c.a, MATCH_RIGHT, 1, NULL, 0, &c.nodes[MATCH_RIGHT][i]),
                         MATCH_OK);
    }
    return c;
}

static void crowd_step(struct crowd *c, int step)
{
    match_assignment_hold(c->a);
    for (int left = random_below(8) == 0 ? 5 : 1; left > 0; left--) {
        if (random_below(3) == 0)
            crowd_touch_pair(c);
        else
            crowd_replace(c, (enum match_side)random_below(2), random_below(400));
    }
    match_assignment_release(c->a);
    const char *fault = match_assignment_check(c->a);
    if (fault != NULL)
        fail_msg("kind %d step %d: %s", c->kind, step, fault);
}

static void test_crowds_stay_proven_optimal(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct crowd c = crowd_new(kind);
        for (int step = 0; step < 4000; step++)
            crowd_step(&c, step);
        assert_true(match_assignment_total(c.a) == solve_copy(c.a));
        match_assignment_free(c.a);
    }
}

/* The same prices, said in another way: as after years of changes that lifted one side. */
static void lift_by(struct match_assignment *a, int64_t by)
{
    for (int node = 0; node < a->node_end; node++)
        a->prices[node] += a->nodes[node].side == MATCH_LEFT ? -by : by;
    a->lift[MATCH_LEFT] += by;
    a->lift[MATCH_RIGHT] -= by;
    match_hub_build(a);
}

static void test_a_lift_without_end_is_taken_back(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        struct crowd c = crowd_new(2);
        for (int step = 0; step < 500; step++)
            crowd_step(&c, step);
        int64_t edge = ((int64_t)1 << 59) - 1;
        lift_by(c.a, sign * edge - c.a->lift[MATCH_LEFT]);
        int step = 0;
        while (llabs(c.a->lift[MATCH_LEFT]) > edge / 2 && step < 4000)
            crowd_step(&c, step++);
        assert_true(step < 4000);
        for (int more = 0; more < 500; more++)
            crowd_step(&c, more);
        assert_true(match_assignment_total(c.a) == solve_copy(c.a));
        match_assignment_free(c.a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_lives_equal_brute_force),
        cmocka_unit_test(test_crowds_stay_proven_optimal),
        cmocka_unit_test(test_a_lift_without_end_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
