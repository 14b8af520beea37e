/* Loading and solving a whole assignment: an auction settles most nodes cheaply, searches settle the rest.
 * The auction only ever makes moves that keep every edge's condition, so its result is a valid start. */
#include <stdlib.h>

#include "assignment_internal.h"

#define AUCTION_BIDS_PER_NODE 64

struct offer {
    int32_t half;   /* the best unmatched edge, or MATCH_NONE when none is worth anything */
    int64_t best;   /* what it is worth above the other end's price */
    int64_t second; /* the same of the next best, at least zero: going without */
};

static struct offer best_offer(const struct match_assignment *a, const struct node *n)
{
    struct offer offer = {.half = MATCH_NONE, .best = 0, .second = 0};
    for (int32_t h = n->first + n->used; h < n->first + n->count; h++) {
        int64_t worth = a->halves[h].weight - a->prices[a->halves[h].node];
        if (worth > offer.best) {
            offer.second = offer.best;
            offer.best = worth;
            offer.half = h;
        } else if (worth > offer.second) {
            offer.second = worth;
        }
    }
    return offer;
}

/* Raises a full node's price to what its least valuable partner leaves it; returns that partner's edge. */
static int32_t raise_price(struct match_assignment *a, int32_t right)
{
    const struct node *r = &a->nodes[right];
    int32_t weakest = MATCH_NONE;
    int64_t least = INT64_MAX;
    for (int32_t h = r->first; h < r->first + r->used; h++) {
        int64_t left_over = a->halves[h].weight - a->prices[a->halves[h].node];
        if (left_over < least) {
            least = left_over;
            weakest = h;
        }
    }
    a->prices[right] = least;
    return weakest;
}

/* The left node takes its best edge and keeps only the worth of its second best, so the right node can
 * ask as much more as this one gained by it. Returns who bids next, or MATCH_NONE where a bid would change
 * nothing (two nodes could then evict each other for ever): such a node is left to the searches. */
static int32_t bid(struct match_assignment *a, int32_t left)
{
    struct offer offer = best_offer(a, &a->nodes[left]);
    a->prices[left] = offer.best;
    if (offer.half == MATCH_NONE)
        return MATCH_NONE;
    int32_t right = a->halves[offer.half].node;
    const struct node *r = &a->nodes[right];
    int32_t next = left;
    if (r->used == r->capacity) {
        /* A partner with several places lowers its own price as it fills them, so this one may be behind. */
        int64_t asked = a->prices[right];
        int32_t weakest = raise_price(a, right);
        if (a->prices[right] > asked)
            return left;
        if (offer.best == offer.second)
            return MATCH_NONE;
        next = a->halves[weakest].node;
        match_graph_unpair(a, right, weakest);
    }
    match_graph_pair(a, left, offer.half);
    a->prices[left] = offer.second;
    if (r->used == r->capacity)
        raise_price(a, right);
    return next;
}

void match_assignment_on_progress(struct match_assignment *a, match_progress_fn *on_progress, void *context)
{
    a->on_progress = on_progress;
    a->progress_context = context;
}

/* The auction is one pass over all nodes, the searches are another. */
static void tell_progress(const struct match_assignment *a, int64_t passed)
{
    if (a->on_progress != NULL)
        a->on_progress(a->progress_context, passed, 2 * (int64_t)a->node_end);
}

static void run_auction(struct match_assignment *a)
{
    int64_t bids = (int64_t)AUCTION_BIDS_PER_NODE * (int64_t)a->live_count[MATCH_LEFT];
    for (int32_t i = 0; i < a->node_end; i++) {
        if (!a->nodes[i].live || a->nodes[i].side != MATCH_LEFT)
            continue;
        tell_progress(a, i);
        int32_t bidder = i;
        while (bidder != MATCH_NONE && bids-- > 0) {
            const struct node *n = &a->nodes[bidder];
            bidder = n->used < n->capacity && a->prices[bidder] > 0 ? bid(a, bidder) : MATCH_NONE;
        }
    }
}

static void forget_matching(struct match_assignment *a)
{
    for (int32_t i = 0; i < a->node_end; i++) {
        a->nodes[i].used = 0;
        a->nodes[i].coupled = false;
        a->prices[i] = a->nodes[i].capacity > 0 ? 0 : MATCH_PAUSED_PRICE;
    }
    a->lift[MATCH_LEFT] = a->lift[MATCH_RIGHT] = 0;
    a->total = 0;
    a->pair_count = 0;
}

/* The lowest price that meets the conditions while every right price is zero. */
static void set_first_price(struct match_assignment *a, int32_t node)
{
    const struct node *left = &a->nodes[node];
    for (int32_t h = left->first; h < left->first + left->count; h++)
        if (a->halves[h].weight > a->prices[node])
            a->prices[node] = a->halves[h].weight;
}

void match_assignment_solve(struct match_assignment *a)
{
    forget_matching(a);
    for (int32_t i = 0; i < a->node_end; i++)
        if (a->nodes[i].live && a->nodes[i].side == MATCH_LEFT)
            set_first_price(a, i);
    run_auction(a);
    for (int32_t i = 0; i < a->node_end; i++)
        match_couple_note(a, i);
    match_hub_build(a);
    for (int32_t i = 0; i < a->node_end; i++) {
        if (!a->nodes[i].live || a->nodes[i].side != MATCH_LEFT)
            continue;
        tell_progress(a, (int64_t)a->node_end + i);
        match_mend_fill(a, i);
    }
}

/* Edge indices grouped by left node, in the order given: a counting sort. */
static int32_t *group_by_left(const struct match_assignment *a, const struct match_edge *edges,
                              size_t edge_count)
{
    int32_t start_room = 0, order_room = 0;
    int32_t *start = match_grow(NULL, &start_room, a->node_end + 2, sizeof *start);
    int32_t *order = match_grow(NULL, &order_room, (int32_t)edge_count + 1, sizeof *order);
    for (int32_t i = 0; i < a->node_end + 2; i++)
        start[i] = 0;
    for (size_t i = 0; i < edge_count; i++)
        start[edges[i].left + 2]++;
    for (int32_t i = 2; i < a->node_end + 2; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < edge_count; i++)
        order[start[edges[i].left + 1]++] = (int32_t)i;
    free(start);
    return order;
}

static enum match_status check_edges(struct match_assignment *a, const struct match_edge *edges,
                                     size_t edge_count, size_t *ret_bad)
{
    for (size_t i = 0; i < edge_count; i++) {
        enum match_status status = MATCH_OK;
        if (!match_assignment_has_node(a, MATCH_LEFT, edges[i].left) ||
            !match_assignment_has_node(a, MATCH_RIGHT, edges[i].right))
            status = MATCH_NO_NODE;
        else if (edges[i].weight < -MATCH_WEIGHT_MAX || edges[i].weight > MATCH_WEIGHT_MAX)
            status = MATCH_BAD_WEIGHT;
        if (status != MATCH_OK) {
            *ret_bad = i;
            return status;
        }
    }
    return MATCH_OK;
}

static bool has_duplicate(struct match_assignment *a, const struct match_edge *edges, const int32_t *order,
                          size_t edge_count, size_t *ret_bad)
{
    uint32_t stamp = 0;
    for (size_t i = 0; i < edge_count; i++) {
        const struct match_edge *edge = &edges[order[i]];
        if (i == 0 || edge->left != edges[order[i - 1]].left)
            stamp = match_graph_next_stamp(a);
        if (a->nodes[edge->right].marks[0].stamp == stamp) {
            *ret_bad = (size_t)order[i];
            return true;
        }
        a->nodes[edge->right].marks[0].stamp = stamp;
    }
    return false;
}

static void link_all(struct match_assignment *a, const struct match_edge *edges, const int32_t *order,
                     size_t edge_count)
{
    int32_t room = 0;
    int32_t *degree = match_grow(NULL, &room, a->node_end + 1, sizeof *degree);
    for (int32_t i = 0; i < a->node_end; i++)
        degree[i] = 0;
    for (size_t i = 0; i < edge_count; i++) {
        degree[edges[i].left]++;
        degree[edges[i].right]++;
    }
    for (int32_t i = 0; i < a->node_end; i++)
        match_graph_reserve(a, i, degree[i]);
    for (size_t i = 0; i < edge_count; i++) {
        const struct match_edge *edge = &edges[order[i]];
        match_graph_link(a, edge->left, edge->right, edge->weight);
    }
    free(degree);
}

enum match_status match_assignment_load(struct match_assignment *a, const struct match_edge *edges,
                                        size_t edge_count, size_t *ret_bad)
{
    size_t ignored = 0;
    ret_bad = ret_bad != NULL ? ret_bad : &ignored;
    if (a->edge_count > 0)
        return MATCH_NOT_EMPTY;
    enum match_status status = check_edges(a, edges, edge_count, ret_bad);
    if (status != MATCH_OK)
        return status;
    int32_t *order = group_by_left(a, edges, edge_count);
    if (has_duplicate(a, edges, order, edge_count, ret_bad)) {
        free(order);
        return MATCH_DUPLICATE_EDGE;
    }
    link_all(a, edges, order, edge_count);
    free(order);
    match_assignment_solve(a);
    return MATCH_OK;
}
