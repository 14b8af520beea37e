/* The one search of the engine: the shortest way by which a node with room gets a partner, or another node
 * goes without one, or two nodes on either side both get one.
 *
 * On entry every edge meets its condition (see assignment.h), all prices are >= 0 and no node has a partner
 * too many, but nodes on either side may have room and a positive price. A search mends where it starts and
 * breaks nothing else, so broken nodes can be mended one after the other.
 *
 * Two waves run towards each other, one of each side. A wave goes from its own side to the other over
 * unmatched edges, at cost price + price - weight >= 0, and back over matched edges, at cost weight - price -
 * price >= 0. All ways out of the matching meet in the hub (see hub.c), from which one of the waves mostly
 * starts. The shortest way is known when the radii of the waves make up its length; each node within a radius
 * then has its price moved by what is left of that radius, which makes the way free of cost, and the edges
 * along it are flipped. Moving the hub is moving all prices but those: that is the lift. */
#include "assignment_internal.h"

#define SCAN_BATCH 32

struct search {
    struct match_assignment *a;
    int64_t best; /* length of the shortest way found */
    int32_t meeting;
    int32_t ends[6]; /* nodes of the way that have more or fewer partners after it */
    int end_count;
};

static void meet(struct search *s, int32_t node, int64_t dist, int64_t other)
{
    if (other < INT64_MAX && dist + other < s->best) {
        s->best = dist + other;
        s->meeting = node;
    }
}

/* A way of this length or longer leads to nothing better in this wave. */
static int64_t reach(const struct search *s, int side)
{
    return s->best - s->a->waves[!side].radius;
}

static void label_hub(struct search *s, int side, int32_t parent, int64_t dist)
{
    struct wave *w = &s->a->waves[side];
    if (dist >= w->hub_dist)
        return;
    w->hub_dist = dist;
    w->hub_parent = parent;
    meet(s, MATCH_HUB, dist, s->a->waves[!side].hub_dist);
}

/* Where the wave leaves the matching. */
static void look_out(struct search *s, int side, int32_t node, int64_t dist)
{
    const struct node *n = &s->a->nodes[node];
    if (n->side != side && n->used < n->capacity)
        label_hub(s, side, node, dist);
    else if (n->side == side)
        label_hub(s, side, node, dist + price_on(s->a, side, node));
}

/* Notes a way to the node if it is the shortest known; false when it is not. */
static bool label(struct search *s, int side, int32_t node, int64_t dist, int32_t parent)
{
    struct match_assignment *a = s->a;
    struct wave *w = &a->waves[side];
    struct mark *mark = &a->nodes[node].marks[side];
    const struct mark *other = &a->nodes[node].marks[!side];
    if (mark->stamp != a->stamp) {
        if (w->touched_count == w->touched_room)
            w->touched = match_grow(w->touched, &w->touched_room, w->touched_count + 1, sizeof *w->touched);
        w->touched[w->touched_count++] = node;
    } else if (dist >= mark->dist) {
        return false;
    }
    *mark = (struct mark){.dist = dist, .stamp = a->stamp, .parent = parent};
    meet(s, node, dist, other->stamp == a->stamp ? other->dist : INT64_MAX);
    look_out(s, side, node, dist);
    return true;
}

struct found {
    int64_t dist;
    int32_t half;
};

/* Edges worth a closer look, gathered without a branch for each: most lead too far. */
static int gather(const struct search *s, int side, int64_t base, int32_t from, int32_t end,
                  struct found found[SCAN_BATCH])
{
    const struct match_assignment *a = s->a;
    const int64_t bound = reach(s, side);
    int count = 0;
    for (int32_t h = from; h < end; h++) {
        const struct half *half = &a->halves[h];
        int64_t dist = base - half->weight + price_on(a, !side, half->node);
        found[count] = (struct found){.dist = dist, .half = h};
        count += (dist < bound) & (half->weight > 0);
    }
    for (int i = 0; i < count; i++)
        __builtin_prefetch(&a->nodes[a->halves[found[i].half].node]);
    return count;
}

/* From a node of the wave's own side at its final distance, over its unmatched edges. */
static void scan_own(struct search *s, int side, int32_t node)
{
    struct match_assignment *a = s->a;
    const struct node *n = &a->nodes[node];
    const int64_t base = n->marks[side].dist + price_on(a, side, node);
    const int32_t end = n->first + n->count;
    struct found found[SCAN_BATCH];
    a->waves[side].scanned += n->count;
    for (int32_t from = n->first + n->used; from < end; from += SCAN_BATCH) {
        int32_t stop = end - from > SCAN_BATCH ? from + SCAN_BATCH : end;
        int count = gather(s, side, base, from, stop, found);
        for (int i = 0; i < count; i++) {
            const struct half *half = &a->halves[found[i].half];
            if (found[i].dist >= reach(s, side) || !label(s, side, half->node, found[i].dist, half->twin))
                continue;
            __builtin_prefetch(&a->nodes[a->nodes[half->node].partner]);
            match_heap_push(&a->waves[side].heap, found[i].dist, half->node);
        }
    }
}

/* Back to the wave's own side over a matched edge, given as the half of that side. */
static void come_back(struct search *s, int side, int32_t from, int32_t node, int32_t half)
{
    struct match_assignment *a = s->a;
    const int64_t own = a->nodes[from].marks[side].dist;
    int64_t dist = own + a->halves[half].weight - price_on(a, !side, from) - price_on(a, side, node);
    if (dist >= reach(s, side) || !label(s, side, node, dist, half))
        return;
    if (dist == own)
        scan_own(s, side, node);
    else
        match_heap_push(&a->waves[side].heap, dist, node);
}

/* From a node of the other side at its final distance. Two nodes that have each other alone, which is most of
 * them, are passed without a look at the first one's edges. */
static void scan_other(struct search *s, int side, int32_t node)
{
    const struct match_assignment *a = s->a;
    const struct node *n = &a->nodes[node];
    if (n->used == 1 && a->nodes[n->partner].used == 1) {
        come_back(s, side, node, n->partner, a->nodes[n->partner].first);
        return;
    }
    for (int32_t h = n->first; h < n->first + n->used; h++)
        come_back(s, side, node, a->halves[h].node, a->halves[h].twin);
}

static void scan(struct search *s, int side, int32_t node)
{
    if (s->a->nodes[node].side == side)
        scan_own(s, side, node);
    else
        scan_other(s, side, node);
}

static int64_t next_in_heap(const struct wave *w)
{
    return w->heap.count > 0 ? w->heap.items[0].key : INT64_MAX;
}

static int64_t next_from_hub(const struct search *s, int side)
{
    return s->a->waves[side].hub_dist < INT64_MAX ? match_hub_bound(s->a, !side) : INT64_MAX;
}

/* Grows a wave's radius up to its next node, or until the two meet: then true. */
static bool widen(struct search *s, int side)
{
    struct wave *w = &s->a->waves[side];
    int64_t next = next_in_heap(w), hub = next_from_hub(s, side), bound = reach(s, side);
    next = hub < next ? hub : next;
    w->radius = next < bound ? next : bound;
    return next >= bound;
}

/* What the wave comes to next, mostly, so that its edges are at hand by then. */
static void fetch_next(const struct match_assignment *a, const struct heap *heap)
{
    if (heap->count == 0)
        return;
    const struct node *n = &a->nodes[heap->items[0].node];
    const struct half *halves = &a->halves[a->nodes[n->partner].first];
    __builtin_prefetch(halves);
    __builtin_prefetch(halves + 4);
    __builtin_prefetch(halves + 8);
    __builtin_prefetch(halves + 12);
}

static void step(struct search *s, int side)
{
    struct match_assignment *a = s->a;
    struct wave *w = &a->waves[side];
    if (next_in_heap(w) <= next_from_hub(s, side)) {
        struct heap_item item = match_heap_pop(&w->heap);
        if (item.key != a->nodes[item.node].marks[side].dist)
            return;
        fetch_next(a, &w->heap);
        scan(s, side, item.node);
        return;
    }
    int64_t dist;
    int32_t node = match_hub_first(a, !side, &dist);
    if (node == MATCH_NONE || dist > w->radius)
        return;
    label(s, side, node, dist, MATCH_HUB);
    scan(s, side, node);
}

/* A risen price is left for the hub to find. */
static void move_prices(struct search *s, int side)
{
    struct match_assignment *a = s->a;
    const struct wave *w = &a->waves[side];
    for (int32_t i = 0; i < w->touched_count; i++) {
        int32_t node = w->touched[i];
        int64_t by = w->radius - a->nodes[node].marks[side].dist;
        if (by <= 0)
            continue;
        if (a->nodes[node].side == side)
            match_price_set(a, node, price_of(a, node) - by);
        else
            a->prices[node] = price_of(a, node) + by - a->lift[!side];
    }
}

static void note_end(struct search *s, int32_t node)
{
    if (node != MATCH_HUB)
        s->ends[s->end_count++] = node;
}

/* Takes the matched edges of the way out of the matching and lists the others, which go in afterwards, so
 * that no node ever has a partner too many. */
static void part_way(struct search *s, int side)
{
    struct match_assignment *a = s->a;
    const struct wave *w = &a->waves[side];
    int32_t at = s->meeting;
    note_end(s, w->start);
    while (at != w->start) {
        int32_t half = at == MATCH_HUB ? MATCH_NONE : a->nodes[at].marks[side].parent;
        if (at == MATCH_HUB) {
            at = w->hub_parent;
            note_end(s, at);
        } else if (half == MATCH_HUB) {
            note_end(s, at);
            at = MATCH_HUB;
        } else {
            int32_t before = a->halves[half].node;
            if (a->nodes[at].side == side) {
                match_graph_unpair(a, at, half);
            } else {
                a->joins = match_grow(a->joins, &a->join_room, a->join_count + 1, sizeof *a->joins);
                a->joins[a->join_count++] = (struct join){.node = at, .half = half};
            }
            at = before;
        }
    }
}

static void flip_way(struct search *s)
{
    struct match_assignment *a = s->a;
    a->join_count = s->end_count = 0;
    part_way(s, MATCH_LEFT);
    part_way(s, MATCH_RIGHT);
    for (int32_t i = 0; i < a->join_count; i++)
        match_graph_pair(a, a->joins[i].node, a->joins[i].half);
    for (int i = 0; i < s->end_count; i++)
        match_hub_note(a, s->ends[i]);
}

static void begin(struct search *s, int side, int32_t start)
{
    struct wave *w = &s->a->waves[side];
    w->start = start;
    w->heap.count = w->touched_count = 0;
    w->radius = w->scanned = 0;
    w->hub_dist = INT64_MAX;
}

static void depart(struct search *s, int side)
{
    struct wave *w = &s->a->waves[side];
    if (w->start == MATCH_HUB) {
        label_hub(s, side, MATCH_NONE, 0);
        return;
    }
    label(s, side, w->start, 0, MATCH_NONE);
    match_heap_push(&w->heap, 0, w->start);
}

static void finish(struct search *s)
{
    struct match_assignment *a = s->a;
    for (int side = 0; side < 2; side++)
        move_prices(s, side);
    for (int side = 0; side < 2; side++)
        if (a->waves[side].radius > a->waves[side].hub_dist)
            match_price_lift(a, side, a->waves[side].radius - a->waves[side].hub_dist);
    flip_way(s);
    match_hub_restore(a);
}

/* From a left node, or the hub, to a right node, or the hub. */
void match_search(struct match_assignment *a, int32_t left, int32_t right)
{
    struct search s = {.a = a, .best = INT64_MAX, .meeting = MATCH_NONE};
    match_graph_next_stamp(a);
    begin(&s, MATCH_LEFT, left);
    begin(&s, MATCH_RIGHT, right);
    depart(&s, MATCH_LEFT);
    depart(&s, MATCH_RIGHT);
    while (!widen(&s, MATCH_LEFT) && !widen(&s, MATCH_RIGHT))
        step(&s,
             a->waves[MATCH_LEFT].heap.count <= a->waves[MATCH_RIGHT].heap.count ? MATCH_LEFT : MATCH_RIGHT);
    finish(&s);
    a->effort.nodes += a->waves[MATCH_LEFT].touched_count + a->waves[MATCH_RIGHT].touched_count;
    a->effort.edges += a->waves[MATCH_LEFT].scanned + a->waves[MATCH_RIGHT].scanned;
}
