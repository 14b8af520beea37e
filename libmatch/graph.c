/* The graph of an assignment: nodes in slots, half-edges in chunks of one pool, both with free lists.
 * Keeps twins, matched-first order and the totals right; knows nothing of prices. */
#include <string.h>

#include "assignment_internal.h"

/* Chunk sizes, two per octave: 4, 6, 8, 12, 16, 24, ... */
static int32_t class_room(int class)
{
    return (class % 2 == 0 ? 4 : 6) << (class / 2);
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
    if (n->room == 0)
        return;
    int class = class_for(n->room);
    a->halves[n->first].node = a->free_chunk[class];
    a->free_chunk[class] = n->first;
    n->room = 0;
}

void match_graph_reserve(struct match_assignment *a, int32_t node, int32_t room)
{
    if (room <= a->nodes[node].room)
        return;
    int class = class_for(room);
    int32_t first = chunk_take(a, class);
    struct node *n = &a->nodes[node];
    for (int32_t i = 0; i < n->count; i++) {
        a->halves[first + i] = a->halves[n->first + i];
        a->halves[a->halves[first + i].twin].twin = first + i;
    }
    chunk_give(a, n);
    n->first = first;
    n->room = class_room(class);
}

int32_t match_graph_node_new(struct match_assignment *a, enum match_side side, int capacity)
{
    int32_t node = a->free_node;
    if (node != MATCH_NONE) {
        a->free_node = a->nodes[node].next_free;
    } else {
        node = a->node_end;
        a->nodes = match_grow(a->nodes, &a->node_room, node + 1, sizeof *a->nodes);
        a->prices = match_grow(a->prices, &a->price_room, node + 1, sizeof *a->prices);
        a->node_end = node + 1;
    }
    a->nodes[node] =
        (struct node){.capacity = capacity, .next_free = MATCH_NONE, .side = (uint8_t)side, .live = true};
    a->prices[node] = -a->lift[side];
    a->live_count[side]++;
    if (a->hub_room == a->node_room)
        match_hub_note(a, node);
    else
        match_hub_build(a);
    return node;
}

/* Swaps two halves of one chunk. Pairing moves halves among the unmatched ones alone and unpairing among
 * the matched alone; the half by which a search came to a node is of the other kind than the one by which
 * it left, so flipping a path never moves a parent it still needs. */
static void swap_halves(struct match_assignment *a, int32_t i, int32_t j)
{
    if (i == j)
        return;
    struct half kept = a->halves[i];
    a->halves[i] = a->halves[j];
    a->halves[j] = kept;
    a->halves[a->halves[i].twin].twin = i;
    a->halves[a->halves[j].twin].twin = j;
}

static int32_t append_half(struct match_assignment *a, int32_t node, int32_t other, int64_t weight)
{
    struct node *n = &a->nodes[node];
    int32_t half = n->first + n->count++;
    a->halves[half] = (struct half){.weight = weight, .node = other, .twin = MATCH_NONE};
    return half;
}

int32_t match_graph_link(struct match_assignment *a, int32_t left, int32_t right, int64_t weight)
{
    match_graph_reserve(a, left, a->nodes[left].count + 1);
    match_graph_reserve(a, right, a->nodes[right].count + 1);
    int32_t half = append_half(a, left, right, weight);
    int32_t twin = append_half(a, right, left, weight);
    a->halves[half].twin = twin;
    a->halves[twin].twin = half;
    a->edge_count++;
    return half;
}

static void drop_half(struct match_assignment *a, int32_t node, int32_t half)
{
    struct node *n = &a->nodes[node];
    swap_halves(a, half, n->first + n->count - 1);
    n->count--;
}

/* The edge must not be matched. */
void match_graph_unlink(struct match_assignment *a, int32_t node, int32_t half)
{
    int32_t other = a->halves[half].node;
    int32_t twin = a->halves[half].twin;
    drop_half(a, node, half);
    drop_half(a, other, twin);
    a->edge_count--;
}

void match_graph_node_free(struct match_assignment *a, int32_t node)
{
    struct node *n = &a->nodes[node];
    while (n->count > 0)
        match_graph_unlink(a, node, n->first + n->count - 1);
    chunk_give(a, n);
    n->live = false;
    n->next_free = a->free_node;
    a->free_node = node;
    a->live_count[n->side]--;
}

/* The half in the left node's chunk, or MATCH_NONE. */
int32_t match_graph_find(const struct match_assignment *a, int32_t left, int32_t right)
{
    const struct node *l = &a->nodes[left];
    const struct node *r = &a->nodes[right];
    if (l->count <= r->count) {
        for (int32_t h = l->first; h < l->first + l->count; h++)
            if (a->halves[h].node == right)
                return h;
    } else {
        for (int32_t h = r->first; h < r->first + r->count; h++)
            if (a->halves[h].node == left)
                return a->halves[h].twin;
    }
    return MATCH_NONE;
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
        a->prices[node] = price_on(a, n->side, node) - a->lift[n->side];
    }
}

void match_graph_pair(struct match_assignment *a, int32_t node, int32_t half)
{
    if (a->watched)
        note_rematched(a, node, half);
    int32_t partner = a->halves[half].node, twin = a->halves[half].twin;
    struct node *n = &a->nodes[node];
    struct node *other = &a->nodes[partner];
    a->total += a->halves[half].weight;
    a->pair_count++;
    swap_halves(a, half, n->first + n->used++);
    swap_halves(a, twin, other->first + other->used++);
    note_partners(a, node);
    note_partners(a, partner);
}

void match_graph_unpair(struct match_assignment *a, int32_t node, int32_t half)
{
    if (a->watched)
        note_rematched(a, node, half);
    int32_t partner = a->halves[half].node, twin = a->halves[half].twin;
    struct node *n = &a->nodes[node];
    struct node *other = &a->nodes[partner];
    a->total -= a->halves[half].weight;
    a->pair_count--;
    swap_halves(a, half, n->first + --n->used);
    swap_halves(a, twin, other->first + --other->used);
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
