/* What a change leaves broken, and its mending: nodes that have room and a price wait in a list, and are
 * mended together, a left one and a right one by one search where there are both. */
#include "assignment_internal.h"

void match_mend_later(struct match_assignment *a, int32_t node)
{
    match_hub_note(a, node);
    a->broken = match_grow(a->broken, &a->broken_room, a->broken_count + 1, sizeof *a->broken);
    a->broken[a->broken_count++] = node;
}

/* Takes partners from a node that has more than its capacity. Raising its price until the least valuable
 * partner is worth no more than that makes this edge free to let go; the partner then waits for another. */
void match_mend_surplus(struct match_assignment *a, int32_t node)
{
    const struct node *n = &a->nodes[node];
    while (n->used > n->capacity) {
        int64_t least = INT64_MAX;
        int32_t chosen = MATCH_NONE;
        for (int32_t h = n->first; h < n->first + n->used; h++) {
            int64_t spare = a->halves[h].weight - price_of(a, node) - price_of(a, a->halves[h].node);
            if (spare < least) {
                least = spare;
                chosen = h;
            }
        }
        int32_t partner = a->halves[chosen].node;
        match_graph_unpair(a, node, chosen);
        match_price_set(a, node, price_of(a, node) + least);
        match_mend_later(a, partner);
    }
}

static bool wants(const struct match_assignment *a, int32_t node)
{
    const struct node *n = &a->nodes[node];
    return n->live && n->used < n->capacity && price_of(a, node) > 0;
}

/* Gives a node with room the partners that are worth it, or brings its price down to zero. */
void match_mend_fill(struct match_assignment *a, int32_t node)
{
    bool left = a->nodes[node].side == MATCH_LEFT;
    while (wants(a, node))
        match_search(a, left ? node : MATCH_HUB, left ? MATCH_HUB : node);
}

/* The next in the list that stands on this side and wants a partner, or NONE. */
static int32_t next_broken(const struct match_assignment *a, int side, int32_t *at)
{
    for (; *at < a->broken_count; ++*at)
        if (a->nodes[a->broken[*at]].side == side && wants(a, a->broken[*at]))
            return a->broken[*at];
    return MATCH_NONE;
}

void match_mend_all(struct match_assignment *a)
{
    if (a->holds > 0)
        return;
    int32_t at[2] = {0, 0};
    for (;;) {
        int32_t left = next_broken(a, MATCH_LEFT, &at[MATCH_LEFT]);
        int32_t right = next_broken(a, MATCH_RIGHT, &at[MATCH_RIGHT]);
        if (left == MATCH_NONE || right == MATCH_NONE)
            break;
        match_search(a, left, right);
    }
    for (int32_t i = 0; i < a->broken_count; i++)
        match_mend_fill(a, a->broken[i]);
    a->broken_count = 0;
}
