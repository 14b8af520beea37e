/* The changes an assignment can undergo: each breaks the optimum in one place and has it mended there.
 * Queries stand in query.c, the full solve in solve.c. */
#include <assert.h>
#include <stdlib.h>

#include "assignment_internal.h"

struct match_assignment *match_assignment_new(void)
{
    int32_t room = 0;
    struct match_assignment *a = match_grow(NULL, &room, 1, sizeof *a);
    *a = (struct match_assignment){.free_node = MATCH_NONE};
    for (int i = 0; i < MATCH_CHUNK_CLASSES; i++)
        a->free_chunk[i] = MATCH_NONE;
    return a;
}

void match_assignment_free(struct match_assignment *a)
{
    if (a == NULL)
        return;
    free(a->nodes);
    free(a->prices);
    free(a->halves);
    for (int side = 0; side < 2; side++) {
        free(a->hubs[side].cells);
        free(a->hubs[side].raised);
        free(a->waves[side].touched);
        for (int level = 0; level < MATCH_QUEUE_LEVELS; level++)
            free(a->waves[side].queue.levels[level].items);
    }
    free(a->broken);
    free(a->joins);
    free(a->rematched);
    free(a);
}

const char *match_status_text(enum match_status status)
{
    switch (status) {
    case MATCH_OK:
        return "done";
    case MATCH_NO_NODE:
        return "no such node on that side";
    case MATCH_NO_EDGE:
        return "no edge joins these two nodes";
    case MATCH_NOT_PAIRED:
        return "these two nodes are not paired with each other";
    case MATCH_DUPLICATE_EDGE:
        return "these two nodes are joined already";
    case MATCH_BAD_WEIGHT:
        return "the weight is out of range: use -2^53 to 2^53";
    case MATCH_BAD_CAPACITY:
        return "the capacity is out of range: use 0 to 1000000";
    case MATCH_NOT_EMPTY:
        return "there are edges already: load into a fresh assignment";
    }
    return "unknown status";
}

static bool is_on_side(const struct match_assignment *a, enum match_side side, int node)
{
    return node >= 0 && node < a->node_end && a->nodes[node].live && a->nodes[node].side == side;
}

static bool is_weight(int64_t weight)
{
    return weight >= -MATCH_WEIGHT_MAX && weight <= MATCH_WEIGHT_MAX;
}

static bool is_capacity(int capacity)
{
    return capacity >= 0 && capacity <= MATCH_CAPACITY_MAX;
}

static enum match_status check_links(struct match_assignment *a, enum match_side other,
                                     const struct match_link *links, size_t link_count)
{
    uint32_t stamp = match_graph_next_stamp(a);
    for (size_t i = 0; i < link_count; i++) {
        if (!is_on_side(a, other, links[i].node))
            return MATCH_NO_NODE;
        if (!is_weight(links[i].weight))
            return MATCH_BAD_WEIGHT;
        if (a->nodes[links[i].node].marks[0].stamp == stamp)
            return MATCH_DUPLICATE_EDGE;
        a->nodes[links[i].node].marks[0].stamp = stamp;
    }
    return MATCH_OK;
}

static void price_anew(struct match_assignment *a, int32_t node)
{
    bool paused = a->nodes[node].capacity == 0;
    match_price_set(a, node, paused ? MATCH_PAUSED_PRICE : match_price_least(a, node));
}

enum match_status match_assignment_add_node(struct match_assignment *a, enum match_side side, int capacity,
                                            const struct match_link *links, size_t link_count, int *ret_node)
{
    if (!is_capacity(capacity))
        return MATCH_BAD_CAPACITY;
    enum match_side other = side == MATCH_LEFT ? MATCH_RIGHT : MATCH_LEFT;
    enum match_status status = check_links(a, other, links, link_count);
    if (status != MATCH_OK)
        return status;

    int32_t node = match_graph_node_new(a, side, capacity);
    match_graph_reserve(a, node, (int32_t)link_count);
    for (size_t i = 0; i < link_count; i++) {
        int32_t left = side == MATCH_LEFT ? node : links[i].node;
        int32_t right = side == MATCH_LEFT ? links[i].node : node;
        match_graph_link(a, left, right, links[i].weight);
    }
    price_anew(a, node);
    match_mend_later(a, node);
    match_mend_all(a);
    *ret_node = node;
    return MATCH_OK;
}

enum match_status match_assignment_remove_node(struct match_assignment *a, int node)
{
    if (!match_assignment_has_node(a, MATCH_LEFT, node) && !match_assignment_has_node(a, MATCH_RIGHT, node))
        return MATCH_NO_NODE;
    struct node *n = &a->nodes[node];
    while (n->used > 0) {
        int32_t half = n->first + n->used - 1, partner = a->halves[half].node;
        match_graph_unpair(a, node, half);
        match_mend_later(a, partner);
    }
    match_graph_node_free(a, node);
    match_mend_all(a);
    return MATCH_OK;
}

enum match_status match_assignment_set_capacity(struct match_assignment *a, int node, int capacity)
{
    if (!match_assignment_has_node(a, MATCH_LEFT, node) && !match_assignment_has_node(a, MATCH_RIGHT, node))
        return MATCH_NO_NODE;
    if (!is_capacity(capacity))
        return MATCH_BAD_CAPACITY;
    bool paused = a->nodes[node].capacity == 0;
    match_couple_part(a, node);
    a->nodes[node].capacity = capacity;
    match_mend_surplus(a, node);
    if (paused || capacity == 0)
        price_anew(a, node);
    match_mend_later(a, node);
    match_mend_all(a);
    match_couple_note(a, node);
    return MATCH_OK;
}

static void give_up_place(struct match_assignment *a, int32_t node)
{
    if (--a->nodes[node].capacity == 0)
        price_anew(a, node);
    match_hub_note(a, node);
    match_couple_note(a, node);
}

enum match_status match_assignment_take_pair(struct match_assignment *a, int left, int right)
{
    if (!is_on_side(a, MATCH_LEFT, left) || !is_on_side(a, MATCH_RIGHT, right))
        return MATCH_NO_NODE;
    int32_t half = match_graph_find(a, left, right);
    if (half == MATCH_NONE)
        return MATCH_NO_EDGE;
    if (!node_is_paired(&a->nodes[left], half))
        return MATCH_NOT_PAIRED;
    match_graph_unpair(a, left, half);
    match_graph_unlink(a, left, match_graph_find(a, left, right));
    give_up_place(a, left);
    give_up_place(a, right);
    return MATCH_OK;
}

/* Mends an unmatched edge that has become worth more than the two prices: it is matched at once, and
 * whichever end then has a partner too many sheds one, perhaps this one again. */
static void mend_risen(struct match_assignment *a, int32_t left, int32_t half)
{
    int32_t right = a->halves[half].node;
    if (a->halves[half].weight <= price_of(a, left) + price_of(a, right))
        return;
    match_graph_pair(a, left, half);
    match_hub_note(a, left);
    match_hub_note(a, right);
    match_mend_surplus(a, left);
    match_mend_surplus(a, right);
    match_couple_note(a, left);
    match_couple_note(a, right);
    match_mend_all(a);
}

/* Both ends of an edge that is no longer a pair look again. */
static void mend_parted(struct match_assignment *a, int32_t left, int32_t right)
{
    match_mend_later(a, left);
    match_mend_later(a, right);
    match_mend_all(a);
}

enum match_status match_assignment_add_edge(struct match_assignment *a, int left, int right, int64_t weight)
{
    if (!is_on_side(a, MATCH_LEFT, left) || !is_on_side(a, MATCH_RIGHT, right))
        return MATCH_NO_NODE;
    if (!is_weight(weight))
        return MATCH_BAD_WEIGHT;
    if (match_graph_find(a, left, right) != MATCH_NONE)
        return MATCH_DUPLICATE_EDGE;
    mend_risen(a, left, match_graph_link(a, left, right, weight));
    return MATCH_OK;
}

static void reweigh(struct match_assignment *a, int32_t left, int32_t half, int64_t weight)
{
    int32_t right = a->halves[half].node;
    int64_t asked = price_of(a, left) + price_of(a, right);
    bool matched = node_is_paired(&a->nodes[left], half);
    match_couple_part(a, left);
    if (matched)
        a->total += weight - a->halves[half].weight;
    a->halves[half].weight = weight;
    a->halves[match_graph_find(a, right, left)].weight = weight;
    if (!matched) {
        mend_risen(a, left, half);
    } else if (weight <= 0 || weight < asked) {
        match_graph_unpair(a, left, half);
        mend_parted(a, left, right);
    }
    match_couple_note(a, left);
}

enum match_status match_assignment_set_weight(struct match_assignment *a, int left, int right, int64_t weight)
{
    if (!is_on_side(a, MATCH_LEFT, left) || !is_on_side(a, MATCH_RIGHT, right))
        return MATCH_NO_NODE;
    if (!is_weight(weight))
        return MATCH_BAD_WEIGHT;
    int32_t half = match_graph_find(a, left, right);
    if (half == MATCH_NONE)
        return MATCH_NO_EDGE;
    reweigh(a, left, half, weight);
    return MATCH_OK;
}

enum match_status match_assignment_remove_edge(struct match_assignment *a, int left, int right)
{
    if (!is_on_side(a, MATCH_LEFT, left) || !is_on_side(a, MATCH_RIGHT, right))
        return MATCH_NO_NODE;
    int32_t half = match_graph_find(a, left, right);
    if (half == MATCH_NONE)
        return MATCH_NO_EDGE;
    if (!node_is_paired(&a->nodes[left], half)) {
        match_graph_unlink(a, left, half);
        return MATCH_OK;
    }
    match_graph_unpair(a, left, half);
    match_graph_unlink(a, left, match_graph_find(a, left, right));
    mend_parted(a, left, right);
    return MATCH_OK;
}

void match_assignment_hold(struct match_assignment *a)
{
    a->holds++;
}

void match_assignment_release(struct match_assignment *a)
{
    assert(a->holds > 0);
    a->holds--;
    match_mend_all(a);
}
