/* A heap of nodes by distance, four children to an item: what a wave has come to and not yet passed.
 * A node that is found nearer is pushed again; whoever pops compares the key with what the node says. */
#include "assignment_internal.h"

#define CHILDREN 4

void match_heap_push(struct heap *heap, int64_t key, int32_t node)
{
    if (heap->count == heap->room)
        heap->items = match_grow(heap->items, &heap->room, heap->count + 1, sizeof *heap->items);
    int32_t at = heap->count++;
    while (at > 0) {
        int32_t up = (at - 1) / CHILDREN;
        if (heap->items[up].key <= key)
            break;
        heap->items[at] = heap->items[up];
        at = up;
    }
    heap->items[at] = (struct heap_item){.key = key, .node = node};
}

struct heap_item match_heap_pop(struct heap *heap)
{
    struct heap_item *items = heap->items;
    struct heap_item top = items[0];
    struct heap_item moved = items[--heap->count];
    int32_t at = 0;
    for (;;) {
        int32_t child = CHILDREN * at + 1;
        if (child >= heap->count)
            break;
        int32_t last = child + CHILDREN < heap->count ? child + CHILDREN : heap->count;
        int32_t least = child;
        for (int32_t c = child + 1; c < last; c++)
            if (items[c].key < items[least].key)
                least = c;
        if (items[least].key >= moved.key)
            break;
        items[at] = items[least];
        at = least;
    }
    items[at] = moved;
    return top;
}
