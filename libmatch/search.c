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

#define OWN_ROOM   64
#define FOUND_ROOM 128
#define SLICE      32

/* A node to scan. */
struct own {
    int64_t dist;
    int32_t node;
};

/* The far end of an edge worth a closer look. */
struct found {
    int64_t dist;
    int32_t node, from;
};

struct search {
    struct match_assignment *a;
    int64_t best; /* length of the shortest way found */
    int32_t meeting;
    struct own own[OWN_ROOM]; /* nodes of the wave's own side whose edges are to be scanned */
    int own_count;
    struct found found[FOUND_ROOM];
    int found_count;
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

/* Where the wave leaves the matching. A couple leaves it when it is passed. */
static void look_out(struct search *s, int side, int32_t node, int64_t dist)
{
    const struct node *n = &s->a->nodes[node];
    if (n->side != side && n->used < n->capacity)
        label_hub(s, side, node, dist);
    else if (n->side == side && dist < s->a->waves[side].hub_dist)
        label_hub(s, side, node, dist + price_on(s->a, side, node));
}

/* Notes a shorter way to the node, true when it is the first. */
static bool label(struct search *s, int side, int32_t node, int64_t dist, int32_t parent)
{
    const struct match_assignment *a = s->a;
    struct mark *mark = &a->nodes[node].marks[side];
    const struct mark *other = &a->nodes[node].marks[!side];
    bool first = mark->stamp != a->stamp;
    *mark = (struct mark){.dist = dist, .stamp = a->stamp, .parent = parent};
    if (other->stamp == a->stamp)
        meet(s, node, dist, other->dist);
    look_out(s, side, node, dist);
    return first;
}

/* Of a couple only the end to which the wave comes first is noted here. */
static void come_to(struct search *s, int side, int32_t node, int64_t dist, int32_t parent)
{
    struct wave *w = &s->a->waves[side];
    if (!label(s, side, node, dist, parent))
        return;
    if (w->touched_count == w->touched_room)
        w->touched = match_grow(w->touched, &w->touched_room, w->touched_count + 1, sizeof *w->touched);
    w->touched[w->touched_count++] = node;
}

/* False where a way as short is known. */
static bool is_news(const struct search *s, int side, int32_t node, int64_t dist)
{
    const struct mark *mark = &s->a->nodes[node].marks[side];
    return mark->stamp != s->a->stamp || dist < mark->dist;
}

/* Asks for the edges that are to be scanned when the wave comes to the node. Where it is not put in place,
 * gcc takes it for a function without effect and leaves its calls out. */
static inline __attribute__((always_inline)) void fetch(const struct match_assignment *a, int side,
                                                        int32_t node)
{
    const struct node *n = &a->nodes[node];
    const char *at = (const char *)&a->halves[n->side == side ? n->first : n->partner_first];
    __builtin_prefetch(at);
    __builtin_prefetch(at + 64);
    __builtin_prefetch(at + 128);
    __builtin_prefetch(at + 191);
}

static void reach_found(struct search *s, int side)
{
    struct match_assignment *a = s->a;
    for (int i = 0; i < s->found_count; i++) {
        const struct found found = s->found[i];
        if (!is_news(s, side, found.node, found.dist) || found.dist >= reach(s, side))
            continue;
        come_to(s, side, found.node, found.dist, found.from);
        __builtin_prefetch(&a->nodes[a->nodes[found.node].partner]);
        fetch(a, side, found.node);
        match_queue_push(&a->waves[side].queue, found.dist, found.node);
    }
    s->found_count = 0;
}

/* Without a branch for each edge: most lead too far. */
static void gather(struct search *restrict s, int side, const struct own own, int32_t from, int32_t end)
{
    const struct match_assignment *a = s->a;
    const struct half *half = &a->halves[from], *stop = &a->halves[end];
    const int64_t *prices = a->prices;
    const int64_t base = own.dist + price_on(a, side, own.node);
    const int64_t bound = reach(s, side) - base, lift = a->lift[!side];
    struct found *first = &s->found[s->found_count], *found = first;
    for (; half < stop; half++) {
        const int64_t price = prices[half->node] + lift, dist = (price > 0 ? price : 0) - half->weight;
        found->dist = dist;
        found->node = half->node;
        found += (dist < bound) & (half->weight > 0);
    }
    s->found_count += (int)(found - first);
    for (; first < found; first++) {
        __builtin_prefetch(&a->nodes[first->node]);
        first->dist += base;
        first->from = own.node;
    }
}

/* Goes from all own nodes over their unmatched edges. */
static void scan_own(struct search *s, int side)
{
    const struct match_assignment *a = s->a;
    for (int i = 0; i < s->own_count; i++) {
        const struct node *n = &a->nodes[s->own[i].node];
        const int32_t end = n->first + n->count;
        s->a->waves[side].scanned += n->count - n->used;
        for (int32_t from = n->first + n->used; from < end; from += SLICE) {
            if (s->found_count + SLICE > FOUND_ROOM)
                reach_found(s, side);
            gather(s, side, s->own[i], from, end - from > SLICE ? from + SLICE : end);
        }
    }
    s->own_count = 0;
    reach_found(s, side);
}

static void pass_own(struct search *s, int side, int32_t node, int64_t dist)
{
    if (s->own_count == OWN_ROOM)
        scan_own(s, side);
    __builtin_prefetch(&s->a->prices[node]);
    s->own[s->own_count++] = (struct own){.dist = dist, .node = node};
}

/* Back to the wave's own side over a matched edge. */
static void come_back(struct search *s, int side, int32_t from, int64_t own, int32_t node, int64_t weight)
{
    struct match_assignment *a = s->a;
    int64_t dist = own + weight - price_on(a, !side, from) - price_on(a, side, node);
    if (dist >= reach(s, side) || !is_news(s, side, node, dist))
        return;
    come_to(s, side, node, dist, from);
    if (dist == own)
        pass_own(s, side, node, dist);
    else
        match_queue_push(&a->waves[side].queue, dist, node);
}

/* From a node at its final distance, mostly. */
static void pass(struct search *s, int side, int32_t node, int64_t dist)
{
    const struct match_assignment *a = s->a;
    const struct node *n = &a->nodes[node];
    if (n->side == side) {
        pass_own(s, side, node, dist);
    } else if (n->coupled) {
        label(s, side, n->partner, dist, node);
        pass_own(s, side, n->partner, dist);
    } else {
        for (int32_t h = n->first; h < n->first + n->used; h++)
            come_back(s, side, node, dist, a->halves[h].node, a->halves[h].weight);
    }
}

static int64_t next_from_hub(const struct search *s, int side)
{
    return s->a->waves[side].hub_dist < INT64_MAX ? match_hub_bound(s->a, !side) : INT64_MAX;
}

/* Grows a wave's radius up to its next node, or until the two meet: then true. The bounds may say less than
 * they once did, but a radius must not shrink before the end: the other wave has left out nodes for its sake.
 */
static bool widen(struct search *s, int side)
{
    struct wave *w = &s->a->waves[side];
    int64_t next = match_queue_bound(&w->queue), hub = next_from_hub(s, side), bound = reach(s, side);
    next = hub < next ? hub : next;
    next = w->radius > next ? w->radius : next;
    w->radius = next < bound ? next : bound;
    return next >= bound;
}

static void pass_from_queue(struct search *s, int side, int64_t below)
{
    struct match_assignment *a = s->a;
    struct queue *queue = &a->waves[side].queue;
    struct queue_item items[MATCH_QUEUE_BATCH];
    int taken = match_queue_take(queue, below, items);
    for (int i = 0; i < taken; i++)
        fetch(a, side, items[i].node);
    for (int i = 0; i < taken; i++)
        if (items[i].key < reach(s, side) && items[i].key == a->nodes[items[i].node].marks[side].dist)
            pass(s, side, items[i].node, items[i].key);
}

static void pass_from_hub(struct search *s, int side, int64_t below)
{
    for (int i = 0; i < MATCH_QUEUE_BATCH && next_from_hub(s, side) <= below; i++) {
        int64_t dist;
        int32_t node = match_hub_first(s->a, !side, &dist);
        if (node == MATCH_NONE || dist > below || dist >= reach(s, side))
            break;
        come_to(s, side, node, dist, MATCH_HUB);
        pass(s, side, node, dist);
    }
}

static void step(struct search *s, int side)
{
    int64_t next = match_queue_bound(&s->a->waves[side].queue), hub = next_from_hub(s, side);
    if (next <= hub)
        pass_from_queue(s, side, hub);
    else
        pass_from_hub(s, side, next);
    scan_own(s, side);
}

/* A risen price is left for the hub to find. */
static void move_prices(struct search *s, int side)
{
    struct match_assignment *a = s->a;
    const struct wave *w = &a->waves[side];
    for (int32_t i = 0; i < w->touched_count; i++) {
        int32_t node = w->touched[i];
        const struct node *n = &a->nodes[node];
        int64_t by = w->radius - n->marks[side].dist;
        if (by <= 0)
            continue;
        if (n->side != side)
            a->prices[node] = price_on(a, !side, node) + by - a->lift[!side];
        if (n->side == side)
            match_price_set(a, node, price_on(a, side, node) - by);
        else if (n->coupled)
            match_price_set(a, n->partner, price_on(a, side, n->partner) - by);
    }
}

static void begin(struct search *s, int side, int32_t start)
{
    struct wave *w = &s->a->waves[side];
    w->start = start;
    match_queue_clear(&w->queue);
    w->touched_count = 0;
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
    come_to(s, side, w->start, 0, MATCH_NONE);
    match_queue_push(&w->queue, 0, w->start);
}

static void finish(struct search *s)
{
    struct match_assignment *a = s->a;
    for (int side = 0; side < 2; side++)
        move_prices(s, side);
    for (int side = 0; side < 2; side++)
        if (a->waves[side].radius > a->waves[side].hub_dist)
            match_price_lift(a, side, a->waves[side].radius - a->waves[side].hub_dist);
    match_way_flip(a, s->meeting);
    match_hub_restore(a);
}

/* How much a wave has before it. That of the hub sets out everywhere at once, and little of it comes near the
 * other: it counts double. */
static int64_t front(const struct match_assignment *a, int side)
{
    const struct wave *w = &a->waves[side];
    return (w->start == MATCH_HUB ? 2 : 1) * (int64_t)w->queue.count;
}

/* From a left node, or the hub, to a right node, or the hub. */
void match_search(struct match_assignment *a, int32_t left, int32_t right)
{
    struct search s;
    match_graph_next_stamp(a);
    s.a = a;
    s.best = INT64_MAX;
    s.meeting = MATCH_NONE;
    s.own_count = s.found_count = 0;
    begin(&s, MATCH_LEFT, left);
    begin(&s, MATCH_RIGHT, right);
    depart(&s, MATCH_LEFT);
    depart(&s, MATCH_RIGHT);
    while (!widen(&s, MATCH_LEFT) && !widen(&s, MATCH_RIGHT))
        step(&s, front(a, MATCH_LEFT) <= front(a, MATCH_RIGHT) ? MATCH_LEFT : MATCH_RIGHT);
    finish(&s);
    a->effort.nodes += a->waves[MATCH_LEFT].touched_count + a->waves[MATCH_RIGHT].touched_count;
    a->effort.edges += a->waves[MATCH_LEFT].scanned + a->waves[MATCH_RIGHT].scanned;
}
