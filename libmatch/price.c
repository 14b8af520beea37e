/* The dual values of the nodes, and the lift that moves all of a side at once.
 * Nothing here keeps the conditions of the optimum: callers do. */
#include "assignment_internal.h"

#define LIFT_MAX ((int64_t)1 << 59)

/* The lowest price that meets the conditions of the node's unmatched edges. */
int64_t match_price_least(const struct match_assignment *a, int32_t node)
{
    const struct node *n = &a->nodes[node];
    int64_t price = 0;
    for (int32_t h = n->first; h < n->first + n->count; h++) {
        int64_t worth = a->halves[h].weight - price_on(a, !n->side, a->halves[h].node);
        price = worth > price ? worth : price;
    }
    return price;
}

void match_price_set(struct match_assignment *a, int32_t node, int64_t price)
{
    a->prices[node] = price - a->lift[a->nodes[node].side];
    match_hub_note_fall(a, node);
}

/* The lift is a sum of steps in either direction; before it could overflow, it is put into the prices. */
void match_price_lift(struct match_assignment *a, int side, int64_t by)
{
    a->lift[side] += by;
    a->lift[!side] -= by;
    if (a->lift[side] > -LIFT_MAX && a->lift[side] < LIFT_MAX)
        return;
    for (int32_t node = 0; node < a->node_end; node++)
        a->prices[node] = a->nodes[node].capacity > 0 ? price_of(a, node) : MATCH_PAUSED_PRICE;
    a->lift[MATCH_LEFT] = a->lift[MATCH_RIGHT] = 0;
    match_hub_build(a);
}
