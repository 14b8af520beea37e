/* A radix heap: what a wave has come to and not yet passed, nearly the least first.
 *
 * An item's level is the highest bit in which its key differs from the floor, so a lower level holds lesser
 * keys, and moving the floor up to the lowest level's keys spreads that level alone. A push is an append, and
 * no comparison of items is mispredicted. A level of a few items is given out as it is, unsorted: whoever
 * takes them must bear a node that is found nearer after it was passed, and in return has several nodes to
 * fetch from memory at once. A node that is found nearer is pushed again; whoever takes it compares the key
 * with what the node says. */
#include "assignment_internal.h"

static int level_of(const struct queue *queue, int64_t key)
{
    return 63 - __builtin_clzll((uint64_t)(key ^ queue->floor) << 1 | 1);
}

static int lowest(const struct queue *queue)
{
    return __builtin_ctzll(queue->filled);
}

/* The least key that belongs on a level. */
static int64_t start_of(const struct queue *queue, int level)
{
    const int64_t size = (int64_t)1 << level;
    return (queue->floor & -size) | size >> 1;
}

void match_queue_clear(struct queue *queue)
{
    for (; queue->filled != 0; queue->filled &= queue->filled - 1)
        queue->levels[lowest(queue)].count = 0;
    queue->floor = 0;
    queue->count = 0;
}

static void append(struct queue *queue, struct queue_item item)
{
    int at = level_of(queue, item.key);
    struct queue_level *level = &queue->levels[at];
    if (level->count == level->room)
        level->items = match_grow(level->items, &level->room, level->count + 1, sizeof *level->items);
    level->items[level->count++] = item;
    queue->filled |= (uint64_t)1 << at;
}

void match_queue_push(struct queue *queue, int64_t key, int32_t node)
{
    append(queue, (struct queue_item){.key = key, .node = node});
    queue->count++;
}

/* No item has a lesser key; INT64_MAX when there are none. */
int64_t match_queue_bound(const struct queue *queue)
{
    return queue->filled == 0 ? INT64_MAX : start_of(queue, lowest(queue));
}

/* Moves the floor up to the least key, or to `below` if that is less. */
static void spread(struct queue *queue, struct queue_level *level, int64_t below)
{
    int64_t least = below;
    for (int32_t i = 0; i < level->count; i++)
        least = level->items[i].key < least ? level->items[i].key : least;
    queue->floor = least;
    queue->filled &= queue->filled - 1;
    int32_t count = level->count;
    level->count = 0;
    for (int32_t i = 0; i < count; i++)
        append(queue, level->items[i]);
}

/* Takes some of the least items, how many is returned. The caller promises to push no key below the lesser of
 * the bound and `below`. */
int match_queue_take(struct queue *queue, int64_t below, struct queue_item items[MATCH_QUEUE_BATCH])
{
    while (queue->filled != 0 && match_queue_bound(queue) <= below) {
        int at = lowest(queue), taken = 0;
        struct queue_level *level = &queue->levels[at];
        if (at > 0 && level->count > MATCH_QUEUE_BATCH) {
            spread(queue, level, below);
            continue;
        }
        queue->floor = start_of(queue, at);
        while (level->count > 0 && taken < MATCH_QUEUE_BATCH)
            items[taken++] = level->items[--level->count];
        if (level->count == 0)
            queue->filled &= queue->filled - 1;
        queue->count -= taken;
        return taken;
    }
    return 0;
}
