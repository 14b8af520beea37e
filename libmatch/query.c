/* Questions to an assignment, and the certificate that it is optimal.
 * Nothing here changes anything. */
#include <assert.h>

#include "assignment_internal.h"
#include "mix.h"

__int128 match_assignment_total(const struct match_assignment *a)
{
    return a->total;
}

const char *match_total_text(__int128 total, char buffer[MATCH_TOTAL_TEXT])
{
    char *at = buffer + MATCH_TOTAL_TEXT - 1;
    unsigned __int128 rest = total < 0 ? -(unsigned __int128)total : (unsigned __int128)total;
    *at = '\0';
    do {
        *--at = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    if (total < 0)
        *--at = '-';
    return at;
}

size_t match_assignment_pair_count(const struct match_assignment *a)
{
    return a->pair_count;
}

size_t match_assignment_node_count(const struct match_assignment *a, enum match_side side)
{
    return a->live_count[side];
}

size_t match_assignment_edge_count(const struct match_assignment *a)
{
    return a->edge_count;
}

struct match_effort match_assignment_effort(const struct match_assignment *a)
{
    return a->effort;
}

bool match_assignment_has_node(const struct match_assignment *a, enum match_side side, int node)
{
    return node >= 0 && node < a->node_end && a->nodes[node].live && a->nodes[node].side == side;
}

static const struct node *node_get(const struct match_assignment *a, int node)
{
    assert(node >= 0 && node < a->node_end && a->nodes[node].live);
    return &a->nodes[node];
}

int match_assignment_capacity(const struct match_assignment *a, int node)
{
    return node_get(a, node)->capacity;
}

int match_assignment_degree(const struct match_assignment *a, int node)
{
    return node_get(a, node)->count;
}

int match_assignment_partner_count(const struct match_assignment *a, int node)
{
    return node_get(a, node)->used;
}

int match_assignment_partner(const struct match_assignment *a, int node, int index)
{
    const struct node *n = node_get(a, node);
    assert(index >= 0 && index < n->used);
    return a->halves[n->first + index].node;
}

/* Nodes without capacity are kept out of searches by a price beyond all weights. The lowest that meets the
 * conditions says more; between two such nodes the left one bears the weight. */
static int64_t paused_price(const struct match_assignment *a, const struct node *n)
{
    int64_t price = 0;
    for (int32_t h = n->first; h < n->first + n->count; h++) {
        bool paused = a->nodes[a->halves[h].node].capacity == 0;
        if (paused && n->side == MATCH_RIGHT)
            continue;
        int64_t worth = a->halves[h].weight - (paused ? 0 : price_of(a, a->halves[h].node));
        price = worth > price ? worth : price;
    }
    return price;
}

int64_t match_assignment_price(const struct match_assignment *a, int node)
{
    const struct node *n = node_get(a, node);
    return n->capacity == 0 ? paused_price(a, n) : price_of(a, node);
}

enum match_status match_assignment_find_edge(const struct match_assignment *a, int left, int right,
                                             int64_t *ret_weight, bool *ret_matched)
{
    if (!match_assignment_has_node(a, MATCH_LEFT, left) || !match_assignment_has_node(a, MATCH_RIGHT, right))
        return MATCH_NO_NODE;
    int32_t half = match_graph_find(a, left, right);
    if (half == MATCH_NONE)
        return MATCH_NO_EDGE;
    if (ret_weight != NULL)
        *ret_weight = a->halves[half].weight;
    if (ret_matched != NULL)
        *ret_matched = node_is_paired(&a->nodes[left], half);
    return MATCH_OK;
}

bool match_assignment_next_pair(const struct match_assignment *a, struct match_cursor *cursor,
                                struct match_edge *ret_pair)
{
    for (; cursor->left < a->node_end; cursor->left++, cursor->index = 0) {
        const struct node *n = &a->nodes[cursor->left];
        if (!n->live || n->side != MATCH_LEFT || cursor->index >= n->used)
            continue;
        const struct half *half = &a->halves[n->first + cursor->index++];
        *ret_pair = (struct match_edge){.left = cursor->left, .right = half->node, .weight = half->weight};
        return true;
    }
    return false;
}

static const char *check_edge(const struct match_assignment *a, int32_t node, int32_t at)
{
    const struct node *n = &a->nodes[node];
    const struct half half = a->halves[at];
    const struct node *other = &a->nodes[half.node];
    if (!other->live || other->side == n->side)
        return "an edge leads to a node that is not there";
    int64_t asked = price_of(a, node) + price_of(a, half.node);
    bool matched = node_is_paired(n, at);
    if (matched && half.weight <= 0)
        return "an edge worth nothing is matched";
    if (matched && half.weight < asked)
        return "a matched edge is worth less than its prices";
    if (!matched && half.weight > 0 && half.weight > asked)
        return "an unmatched edge is worth more than its prices";
    return NULL;
}

/* Of all edges seen from one side, in any order: the same from both sides unless two halves differ. */
static uint64_t digest_of(const struct match_assignment *a, enum match_side side)
{
    uint64_t digest = 0;
    for (int32_t i = 0; i < a->node_end; i++) {
        const struct node *n = &a->nodes[i];
        if (!n->live || n->side != side)
            continue;
        for (int32_t h = n->first; h < n->first + n->count; h++) {
            int32_t left = side == MATCH_LEFT ? i : a->halves[h].node;
            int32_t right = side == MATCH_LEFT ? a->halves[h].node : i;
            uint64_t ends = (uint64_t)left << 32 | (uint32_t)right;
            uint64_t value = (uint64_t)a->halves[h].weight * 2 + node_is_paired(n, h);
            digest += match_mix(match_mix(ends) ^ value);
        }
    }
    return digest;
}

static bool is_couple(const struct match_assignment *a, int32_t node)
{
    const struct node *n = &a->nodes[node];
    const struct node *other = &a->nodes[n->partner];
    return n->used == 1 && n->capacity == 1 && n->partner == a->halves[n->first].node && other->coupled &&
           other->capacity == 1 && other->partner == node &&
           a->halves[n->first].weight == price_of(a, node) + price_of(a, n->partner);
}

static const char *check_node(const struct match_assignment *a, int32_t node)
{
    const struct node *n = &a->nodes[node];
    if (n->used < 0 || n->used > n->count || n->count > match_graph_room(n))
        return "a node's counts do not fit its edges";
    if (n->used > n->capacity)
        return "a node has more partners than its capacity";
    if (n->used > 0 && a->prices[node] + a->lift[n->side] < 0)
        return "a price is negative";
    if (n->used < n->capacity && price_of(a, node) > 0)
        return "a node with room left has a price";
    for (int32_t h = n->first; h < n->first + n->count; h++) {
        const char *fault = check_edge(a, node, h);
        if (fault != NULL)
            return fault;
    }
    if (n->coupled && !is_couple(a, node))
        return "two nodes count as a couple and are none";
    return NULL;
}

void match_assignment_watch(struct match_assignment *a, bool watched)
{
    a->watched = watched;
    a->rematched_count = 0;
}

const int *match_assignment_take_rematched(struct match_assignment *a, size_t *ret_count)
{
    *ret_count = (size_t)a->rematched_count;
    a->rematched_count = 0;
    return a->rematched;
}

const char *match_assignment_check(const struct match_assignment *a)
{
    __int128 total = 0;
    size_t pairs = 0, edges = 0;
    for (int32_t i = 0; i < a->node_end; i++) {
        const struct node *n = &a->nodes[i];
        if (!n->live)
            continue;
        const char *fault = check_node(a, i);
        if (fault != NULL)
            return fault;
        if (n->side != MATCH_LEFT)
            continue;
        edges += (size_t)n->count;
        pairs += (size_t)n->used;
        for (int32_t h = n->first; h < n->first + n->used; h++)
            total += a->halves[h].weight;
    }
    if (digest_of(a, MATCH_LEFT) != digest_of(a, MATCH_RIGHT))
        return "the two halves of an edge differ";
    if (edges != a->edge_count || pairs != a->pair_count)
        return "the counts of edges or pairs are wrong";
    if (total != a->total)
        return "the total is not the sum of the pairs";
    return NULL;
}
