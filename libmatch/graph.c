/* The graph of an assignment: nodes in slots, half-edges in chunks of one pool, both with free lists.
 * Keeps both halves of an edge alike, matched ones first, and the totals right; knows nothing of prices. */
#include <string.h>

#include "assignment_internal.h"

/* Chunk sizes, two per octave: 0, 4, 6, 8, 12, 16, 24, ... */
static int32_t class_room(int class)
{
    return class == 0 ? 0 : (class % 2 == 1 ? 4 : 6) << ((class - 1) / 2);
}

int32_t match_graph_room(const struct node *n)
{
    return class_room(n->class);
}

static int class_for(int32_t room)
{
    int class = 0;
    while (class_room(class) < room)
        class ++;
    return class;
}

static int32_t chunk_take(struct match_assignment *a, int class)
{
    int32_t first = a->free_chunk[class];
    if (first != MATCH_NONE) {
        a->free_chunk[class] = a->halves[first].node;
        return first;
    }
    first = a->half_end;
    a->halves = match_grow(a->halves, &a->half_room, first + class_room(class), sizeof *a->halves);
    a->half_end = first + class_room(class);
    return first;
}

static void chunk_give(struct match_assignment *a, struct node *n)
{
    if (n->class == 0)
        return;
    a->halves[n->first].node = a->free_chunk[n->class];
    a->free_chunk[n->class] = n->first;
    n->class = 0;
}

void match_graph_reserve(struct match_assignment *a, int32_t node, int32_t room)
{
    if (room <= class_room(a->nodes[node].class))
        return;
    int class = class_for(room);
    int32_t first = chunk_take(a, class);
    struct node *n = &a->nodes[node];
    for (int32_t i = 0; i < n->count; i++)
        a->halves[first + i] = a->halves[n->first + i];
    chunk_give(a, n);
    n->first = first;
    n->class = (uint8_t) class;
    for (int32_t h = first; h < first + n->used; h++)
        a->nodes[a->halves[h].node].partner_first = first;
}

int32_t match_graph_node_new(struct match_assignment *a, enum match_side side, int capacity)
{
    int32_t node = a->free_node;
    if (node != MATCH_NONE) {
        a->free_node = a->nodes[node].first;
    } else {
        node = a->node_end;
        a->nodes = match_grow(a->nodes, &a->node_room, node + 1, sizeof *a->nodes);
        a->prices = match_grow(a->prices, &a->price_room, node + 1, sizeof *a->prices);
        a->node_end = node + 1;
    }
    a->nodes[node] = (struct node){.capacity = capacity, .side = (uint8_t)side, .live = true};
    a->prices[node] = -a->lift[side];
    a->live_count[side]++;
    if (a->hub_room == a->node_room)
        match_hub_note(a, node);
    else
        match_hub_build(a);
    return node;
}

/* Swaps two halves of one chunk. Pairing moves halves among the unmatched ones alone and unpairing among
 * the matched alone, and a node on a search's way has one edge of it of either kind: flipping the way never
 * moves a half that it still needs. */
static void swap_halves(struct match_assignment *a, int32_t i, int32_t j)
{
    struct half kept = a->halves[i];
    a->halves[i] = a->halves[j];
    a->halves[j] = kept;
}

/* The half that leads to the other node, among these of a chunk; or NONE. */
static int32_t find_half(const struct match_assignment *a, int32_t from, int32_t end, int32_t other)
{
    for (int32_t h = from; h < end; h++)
        if (a->halves[h].node == other)
            return h;
    return MATCH_NONE;
}

static int32_t find_paired(const struct match_assignment *a, const struct node *n, int32_t other)
{
    return find_half(a, n->first, n->first + n->used, other);
}

/* A load pairs a node with its neighbours in the order in which they stand in its chunk: so the search goes
 * on where the last one ended, which matters to a node with a hundred thousand edges. */
static int32_t find_unpaired(const struct match_assignment *a, struct node *n, int32_t other)
{
    const int32_t from = n->first + n->used, end = n->first + n->count;
    const int32_t middle = n->last_found >= from && n->last_found < end ? n->last_found : from;
    int32_t half = find_half(a, middle, end, other);
    if (half == MATCH_NONE)
        half = find_half(a, from, middle, other);
    n->last_found = half;
    return half;
}

static int32_t append_half(struct match_assignment *a, int32_t node, int32_t other, int64_t weight)
{
    struct node *n = &a->nodes[node];
    int32_t half = n->first + n->count++;
    a->halves[half] = (struct half){.weight = weight, .node = other};
    return half;
}

int32_t match_graph_link(struct match_assignment *a, int32_t left, int32_t right, int64_t weight)
{
    match_graph_reserve(a, left, a->nodes[left].count + 1);
    match_graph_reserve(a, right, a->nodes[right].count + 1);
    append_half(a, right, left, weight);
    a->edge_count++;
    return append_half(a, left, right, weight);
}

static void drop_half(struct match_assignment *a, struct node *n, int32_t half)
{
    swap_halves(a, half, n->first + n->count - 1);
    n->count--;
}

/* The edge must not be matched. */
void match_graph_unlink(struct match_assignment *a, int32_t node, int32_t half)
{
    int32_t other = a->halves[half].node;
    drop_half(a, &a->nodes[node], half);
    drop_half(a, &a->nodes[other], find_unpaired(a, &a->nodes[other], node));
    a->edge_count--;
}

void match_graph_node_free(struct match_assignment *a, int32_t node)
{
    struct node *n = &a->nodes[node];
    while (n->count > 0)
        match_graph_unlink(a, node, n->first + n->count - 1);
    chunk_give(a, n);
    n->live = false;
    n->first = a->free_node;
    a->free_node = node;
    a->live_count[n->side]--;
}

/* The half in the node's own chunk, or MATCH_NONE. */
int32_t match_graph_find(const struct match_assignment *a, int32_t node, int32_t other)
{
    const struct node *n = &a->nodes[node];
    return find_half(a, n->first, n->first + n->count, other);
}

static void note_rematched(struct match_assignment *a, int32_t node, int32_t half)
{
    a->rematched = match_grow(a->rematched, &a->rematched_room, a->rematched_count + 1, sizeof *a->rematched);
    a->rematched[a->rematched_count++] = a->nodes[node].side == MATCH_LEFT ? node : a->halves[half].node;
}

/* After a node's partners have changed. Without a partner its price may have been lifted to below zero, where
 * it counts as zero; with one it must be what it counts as. */
static void note_partners(struct match_assignment *a, int32_t node)
{
    struct node *n = &a->nodes[node];
    if (n->used == 1) {
        n->partner = a->halves[n->first].node;
        n->partner_first = a->nodes[n->partner].first;
        a->prices[node] = price_on(a, n->side, node) - a->lift[n->side];
    }
}

void match_graph_pair(struct match_assignment *a, int32_t node, int32_t half)
{
    if (a->watched)
        note_rematched(a, node, half);
    int32_t partner = a->halves[half].node;
    match_couple_part(a, node);
    match_couple_part(a, partner);
    struct node *n = &a->nodes[node];
    struct node *other = &a->nodes[partner];
    a->total += a->halves[half].weight;
    a->pair_count++;
    swap_halves(a, half, n->first + n->used++);
    swap_halves(a, find_unpaired(a, other, node), other->first + other->used);
    other->used++;
    note_partners(a, node);
    note_partners(a, partner);
}

void match_graph_unpair(struct match_assignment *a, int32_t node, int32_t half)
{
    if (a->watched)
        note_rematched(a, node, half);
    match_couple_part(a, node);
    int32_t partner = a->halves[half].node;
    struct node *n = &a->nodes[node];
    struct node *other = &a->nodes[partner];
    a->total -= a->halves[half].weight;
    a->pair_count--;
    swap_halves(a, half, n->first + --n->used);
    swap_halves(a, find_paired(a, other, node), other->first + other->used - 1);
    other->used--;
    note_partners(a, node);
    note_partners(a, partner);
}

uint32_t match_graph_next_stamp(struct match_assignment *a)
{
    if (++a->stamp == 0) {
        for (int32_t i = 0; i < a->node_end; i++)
            a->nodes[i].marks[0].stamp = a->nodes[i].marks[1].stamp = 0;
        a->stamp = 1;
    }
    return a->stamp;
}
