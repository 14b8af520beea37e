/* The way that a search has found: its edges change places between those in the matching and those out of it.
 * The prices are moved already, so that each of its edges is worth just the two prices of its ends. */
#include "assignment_internal.h"

struct way {
    struct match_assignment *a;
    int32_t meeting;
    int32_t ends[6]; /* nodes that have more or fewer partners afterwards */
    int end_count;
};

static void note_end(struct way *way, int32_t node)
{
    if (node != MATCH_HUB)
        way->ends[way->end_count++] = node;
}

static void note_join(struct match_assignment *a, int32_t node, int32_t half)
{
    a->joins = match_grow(a->joins, &a->join_room, a->join_count + 1, sizeof *a->joins);
    a->joins[a->join_count++] = (struct join){.node = node, .half = half};
}

/* The node from which the wave came to this one, or HUB. */
static int32_t before(const struct match_assignment *a, int side, int32_t node)
{
    if (node == MATCH_HUB)
        return a->waves[side].hub_parent;
    const struct node *n = &a->nodes[node];
    return n->coupled && n->side == side ? n->partner : n->marks[side].parent;
}

/* An edge of the way: a matched one leaves the matching; the others are listed and go in afterwards, so that
 * no node ever has a partner too many. */
static void flip_edge(struct way *way, int side, int32_t from, int32_t to)
{
    struct match_assignment *a = way->a;
    if (to == MATCH_HUB) {
        note_end(way, from);
    } else if (from == MATCH_HUB) {
        note_end(way, to);
    } else {
        int32_t half = match_graph_find(a, to, from);
        if (a->nodes[to].side == side)
            match_graph_unpair(a, to, half);
        else
            note_join(a, to, half);
    }
}

/* One step ahead of the flipping, which parts couples. */
static void part_way(struct way *way, int side)
{
    struct match_assignment *a = way->a;
    const int32_t start = a->waves[side].start;
    int32_t to = way->meeting, from = to == start ? MATCH_NONE : before(a, side, to);
    note_end(way, start);
    while (to != start) {
        int32_t next = from == start ? MATCH_NONE : before(a, side, from);
        flip_edge(way, side, from, to);
        to = from;
        from = next;
    }
}

/* From where the waves met back to where each began. */
void match_way_flip(struct match_assignment *a, int32_t meeting)
{
    struct way way = {.a = a, .meeting = meeting};
    a->join_count = 0;
    part_way(&way, MATCH_LEFT);
    part_way(&way, MATCH_RIGHT);
    for (int32_t i = 0; i < a->join_count; i++)
        match_graph_pair(a, a->joins[i].node, a->joins[i].half);
    for (int32_t i = 0; i < a->join_count; i++)
        match_couple_note(a, a->joins[i].node);
    for (int i = 0; i < way.end_count; i++)
        match_hub_note(a, way.ends[i]);
}
