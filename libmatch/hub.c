/* The hub joins all that is outside the matching: letting a node go without a partner leads to it, and giving
 * a partner to a node with room leads away from it (for the wave of the left; the other way for that of the
 * right). One hub has too many neighbours to scan, so for each side a tournament finds the nearest.
 *
 * Hub `side` is for the waves of the other side: nodes of `side` with a partner to lose cost their price,
 * nodes of the other side with room are free. A cell never says more than the least key below it, but may say
 * less: rising keys are noticed only when someone looks, so that most changes of a price end after one
 * comparison. */
#include <stdlib.h>

#include "assignment_internal.h"

#define FAN 16

/* Prices are compared before the side's lift, which is the same for all. */
static int64_t key_of(const struct match_assignment *a, int side, int32_t node)
{
    const struct node *n = &a->nodes[node];
    if (!n->live)
        return MATCH_HUB_NEVER;
    if (n->side != side)
        return n->used < n->capacity ? MATCH_HUB_FREE : MATCH_HUB_NEVER;
    return n->used > 0 ? a->prices[node] : MATCH_HUB_NEVER;
}

static void lower(struct hub *hub, int32_t at, int64_t key)
{
    for (int level = 0; level <= hub->top; level++) {
        at /= FAN;
        int64_t *cell = &hub->cells[hub->start[level] + at];
        if (*cell <= key)
            return;
        *cell = key;
    }
}

/* To be called when a node's partners or its capacity have changed. */
void match_hub_note(struct match_assignment *a, int32_t node)
{
    for (int side = 0; side < 2; side++)
        lower(&a->hubs[side], node, key_of(a, side, node));
}

/* To be called when a node's price has fallen. */
void match_hub_note_fall(struct match_assignment *a, int32_t node)
{
    int side = a->nodes[node].side;
    lower(&a->hubs[side], node, key_of(a, side, node));
}

static int32_t least_of_block(const int64_t *block)
{
    int32_t least = 0;
    for (int i = 1; i < FAN; i++)
        least = block[i] < block[least] ? i : least;
    return least;
}

static void raise(struct hub *hub, int32_t at, int64_t key)
{
    hub->cells[hub->start[0] + at] = key;
    for (int level = 1; level <= hub->top; level++) {
        at /= FAN;
        const int64_t *block = &hub->cells[hub->start[level - 1] + at * FAN];
        int64_t *cell = &hub->cells[hub->start[level] + at];
        int64_t least = block[least_of_block(block)];
        if (*cell == least)
            return;
        *cell = least;
    }
}

/* How far the wave has come when it comes to the node from the hub. */
static int64_t dist_from(const struct match_assignment *a, int side, int64_t key)
{
    return a->waves[!side].hub_dist + (key == MATCH_HUB_FREE ? 0 : key + a->lift[side]);
}

/* The least key among the nodes of a block to which the wave has not come by a better way. */
static int32_t first_of_block(const struct match_assignment *a, int side, int32_t block, int64_t *ret_key)
{
    int32_t found = MATCH_NONE, end = (block + 1) * FAN < a->node_end ? (block + 1) * FAN : a->node_end;
    *ret_key = MATCH_HUB_NEVER;
    for (int32_t node = block * FAN; node < end; node++) {
        int64_t key = key_of(a, side, node);
        if (key >= *ret_key)
            continue;
        const struct mark *mark = &a->nodes[node].marks[!side];
        if (mark->stamp == a->stamp && mark->dist <= dist_from(a, side, key))
            continue;
        *ret_key = key;
        found = node;
    }
    return found;
}

/* The wave of the other side reaches no further node from the hub before this distance. */
int64_t match_hub_bound(const struct match_assignment *a, int side)
{
    int64_t key = a->hubs[side].cells[a->hubs[side].start[a->hubs[side].top]];
    return key == MATCH_HUB_NEVER ? INT64_MAX : dist_from(a, side, key);
}

/* The node that the wave of the other side reaches first from the hub, and its distance; NONE when there is
 * none that it has not come to by a better way. */
int32_t match_hub_first(struct match_assignment *a, int side, int64_t *ret_dist)
{
    struct hub *hub = &a->hubs[side];
    while (match_hub_bound(a, side) < INT64_MAX) {
        int32_t block = 0;
        for (int level = hub->top - 1; level >= 0; level--)
            block = block * FAN + least_of_block(&hub->cells[hub->start[level] + block * FAN]);
        int64_t key;
        int32_t node = first_of_block(a, side, block, &key);
        if (key == hub->cells[hub->start[0] + block]) {
            *ret_dist = dist_from(a, side, key);
            return node;
        }
        raise(hub, block, key);
        hub->raised = match_grow(hub->raised, &hub->raised_room, hub->raised_count + 1, sizeof *hub->raised);
        hub->raised[hub->raised_count++] = block;
    }
    return MATCH_NONE;
}

static int64_t key_of_block(const struct match_assignment *a, int side, int32_t block)
{
    int64_t least = MATCH_HUB_NEVER;
    int32_t end = (block + 1) * FAN < a->node_end ? (block + 1) * FAN : a->node_end;
    for (int32_t node = block * FAN; node < end; node++) {
        int64_t key = key_of(a, side, node);
        least = key < least ? key : least;
    }
    return least;
}

/* After a search: counts in again the nodes that were passed over because a wave had come to them. */
void match_hub_restore(struct match_assignment *a)
{
    for (int side = 0; side < 2; side++) {
        struct hub *hub = &a->hubs[side];
        for (int32_t i = 0; i < hub->raised_count; i++)
            lower(hub, hub->raised[i] * FAN, key_of_block(a, side, hub->raised[i]));
        hub->raised_count = 0;
    }
}

static void layout(struct hub *hub, int32_t nodes)
{
    int32_t cells = nodes, end = 0;
    hub->top = -1;
    do {
        cells = (cells + FAN - 1) / FAN;
        hub->start[++hub->top] = end;
        end += (cells + FAN - 1) / FAN * FAN;
    } while (cells > 1);
    hub->start[hub->top + 1] = end;
    int32_t room = 0;
    free(hub->cells);
    hub->cells = match_grow(NULL, &room, end, sizeof *hub->cells);
}

void match_hub_build(struct match_assignment *a)
{
    for (int side = 0; side < 2; side++) {
        struct hub *hub = &a->hubs[side];
        if (a->hub_room != a->node_room)
            layout(hub, a->node_room);
        for (int32_t i = 0; i < hub->start[hub->top + 1]; i++)
            hub->cells[i] = MATCH_HUB_NEVER;
    }
    a->hub_room = a->node_room;
    for (int32_t node = 0; node < a->node_end; node++)
        match_hub_note(a, node);
}
