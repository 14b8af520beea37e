/* The one search of the engine: Dijkstra on reduced costs from a node that has room left and a price above
 * zero. It ends where giving the root a partner, or letting another node go without, costs least.
 *
 * On entry every edge meets its condition (see assignment.h) and all prices are >= 0, but nodes on either
 * side may have room and a positive price, and nodes on the root's side may have a partner too many.
 * A search mends its root and breaks nothing else, so broken nodes can be mended one after the other.
 *
 * Moving away from the root's side goes over unmatched edges, at cost price + price - weight >= 0; moving
 * back goes over matched edges, at cost weight - price - price >= 0. Lowering the root's price by delta
 * lowers that of each near node on its side by (delta - distance) and raises it on the other side. */
#include "assignment_internal.h"

struct search {
    struct match_assignment *a;
    uint32_t stamp;
    int64_t delta; /* the cheapest end found */
    int32_t end;
};

static void heap_push(struct match_assignment *a, int64_t key, int32_t node)
{
    if (a->heap_count == a->heap_room)
        a->heap = match_grow(a->heap, &a->heap_room, a->heap_count + 1, sizeof *a->heap);
    int32_t i = a->heap_count++;
    while (i > 0) {
        int32_t up = (i - 1) / 4;
        if (a->heap[up].key <= key)
            break;
        a->heap[i] = a->heap[up];
        i = up;
    }
    a->heap[i] = (struct heap_item){.key = key, .node = node};
}

static struct heap_item heap_pop(struct match_assignment *a)
{
    struct heap_item *heap = a->heap;
    struct heap_item top = heap[0];
    struct heap_item moved = heap[--a->heap_count];
    int32_t i = 0;
    for (;;) {
        int32_t child = 4 * i + 1;
        if (child >= a->heap_count)
            break;
        int32_t last = child + 4 < a->heap_count ? child + 4 : a->heap_count;
        int32_t least = child;
        for (int32_t c = child + 1; c < last; c++)
            if (heap[c].key < heap[least].key)
                least = c;
        if (heap[least].key >= moved.key)
            break;
        heap[i] = heap[least];
        i = least;
    }
    heap[i] = moved;
    return top;
}

static void label(struct search *s, int32_t node, int64_t dist, int32_t parent)
{
    struct match_assignment *a = s->a;
    if (a->marks[node].stamp != s->stamp) {
        if (a->touched_count == a->touched_room)
            a->touched = match_grow(a->touched, &a->touched_room, a->touched_count + 1, sizeof *a->touched);
        a->touched[a->touched_count++] = node;
    }
    a->marks[node] = (struct mark){.dist = dist, .stamp = s->stamp, .parent = parent};
}

static bool is_nearer(const struct search *s, int32_t node, int64_t dist)
{
    const struct mark *mark = &s->a->marks[node];
    return dist < s->delta && (mark->stamp != s->stamp || dist < mark->dist);
}

/* From a node on the root's side at its final distance, over its unmatched edges. Most edges fall at one
 * of the first two tests, without or with a look at the neighbour's price. */
static void scan_near(struct search *s, int32_t node)
{
    struct match_assignment *a = s->a;
    const struct node *n = &a->nodes[node];
    const int64_t base = a->marks[node].dist + a->prices[node];
    const struct half *end = &a->halves[n->first + n->count];
    for (const struct half *h = &a->halves[n->first + n->used]; h < end; h++) {
        if (h->weight <= 0 || base - h->weight >= s->delta)
            continue;
        int64_t dist = base - h->weight + a->prices[h->node];
        if (dist >= s->delta || !is_nearer(s, h->node, dist))
            continue;
        label(s, h->node, dist, h->twin);
        if (a->nodes[h->node].used < a->nodes[h->node].capacity) {
            s->delta = dist;
            s->end = h->node;
        } else {
            heap_push(a, dist, h->node);
        }
    }
}

/* From a node on the far side at its final distance, over its matched edges. */
static void scan_far(struct search *s, int32_t node)
{
    struct match_assignment *a = s->a;
    const struct node *n = &a->nodes[node];
    const int64_t own = a->marks[node].dist;
    for (int32_t h = n->first; h < n->first + n->used; h++) {
        int32_t back = a->halves[h].node;
        int64_t dist = own + a->halves[h].weight - a->prices[node] - a->prices[back];
        if (!is_nearer(s, back, dist))
            continue;
        label(s, back, dist, a->halves[h].twin);
        int64_t cost = a->nodes[back].used > a->nodes[back].capacity ? dist : dist + a->prices[back];
        if (cost < s->delta) {
            s->delta = cost;
            s->end = back;
        }
        if (dist == own)
            scan_near(s, back);
        else
            heap_push(a, dist, back);
    }
}

static void move_prices(struct search *s, int root_side)
{
    struct match_assignment *a = s->a;
    for (int32_t i = 0; i < a->touched_count; i++) {
        int32_t node = a->touched[i];
        int64_t step = s->delta - a->marks[node].dist;
        if (step <= 0)
            continue;
        a->prices[node] += a->nodes[node].side == root_side ? -step : step;
    }
}

static void flip_path(struct search *s, int32_t root)
{
    struct match_assignment *a = s->a;
    int32_t at = s->end;
    while (at != root) {
        int32_t half = a->marks[at].parent;
        int32_t before = a->halves[half].node;
        if (node_is_paired(&a->nodes[at], half))
            match_graph_unpair(a, at, half);
        else
            match_graph_pair(a, at, half);
        at = before;
    }
}

static void search_from(struct match_assignment *a, int32_t root)
{
    int root_side = a->nodes[root].side;
    struct search s = {.a = a, .stamp = match_graph_next_stamp(a), .delta = a->prices[root], .end = root};
    a->heap_count = 0;
    a->touched_count = 0;
    label(&s, root, 0, MATCH_NONE);
    scan_near(&s, root);
    while (a->heap_count > 0 && a->heap[0].key < s.delta) {
        struct heap_item item = heap_pop(a);
        if (item.key != a->marks[item.node].dist)
            continue;
        if (a->nodes[item.node].side == root_side)
            scan_near(&s, item.node);
        else
            scan_far(&s, item.node);
    }
    move_prices(&s, root_side);
    flip_path(&s, root);
}

/* Gives a node with room the partners that are worth it, or brings its price down to zero. */
void match_search_fill(struct match_assignment *a, int32_t node)
{
    while (a->nodes[node].used < a->nodes[node].capacity && a->prices[node] > 0)
        search_from(a, node);
}

/* Takes partners from a node that has more than its capacity. Raising its price until the least valuable
 * partner is worth no more than that makes this edge free to let go; the partner is then mended. */
void match_search_shed(struct match_assignment *a, int32_t node)
{
    const struct node *n = &a->nodes[node];
    while (n->used > n->capacity) {
        int64_t least = INT64_MAX;
        int32_t chosen = MATCH_NONE;
        for (int32_t h = n->first; h < n->first + n->used; h++) {
            int64_t spare = a->halves[h].weight - a->prices[node] - a->prices[a->halves[h].node];
            if (spare < least) {
                least = spare;
                chosen = h;
            }
        }
        int32_t partner = a->halves[chosen].node;
        a->prices[node] += least;
        match_graph_unpair(a, node, chosen);
        match_search_fill(a, partner);
    }
}
