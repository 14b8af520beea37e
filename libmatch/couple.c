/* Couples: two nodes of one place each that have each other, by an edge worth just their two prices.
 *
 * A wave that comes to one end of a couple comes to the other at the same distance, so a search passes the
 * two in one step, without a look at the edge between them. A couple may go unnoticed, which costs time
 * alone; but whoever changes it, or the price of one end, parts it first. */
#include "assignment_internal.h"

/* Notes the couple that the node may now be part of. */
void match_couple_note(struct match_assignment *a, int32_t node)
{
    struct node *n = &a->nodes[node];
    if (n->coupled || n->used != 1 || n->capacity != 1)
        return;
    struct node *other = &a->nodes[n->partner];
    if (other->used != 1 || other->capacity != 1)
        return;
    /* Who is full may ask more, as long as the edge is worth it. */
    a->prices[node] = a->halves[n->first].weight - a->prices[n->partner];
    n->coupled = other->coupled = true;
}

void match_couple_part(struct match_assignment *a, int32_t node)
{
    struct node *n = &a->nodes[node];
    if (n->coupled)
        n->coupled = a->nodes[n->partner].coupled = false;
}
