/* Growing arrays for the assignment, and the one place where it gives up for lack of memory.
 * Room doubles, so that n appends cost O(n). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "assignment_internal.h"

#define HUGE_PAGE ((size_t)2 << 20)

/* A search jumps about in large arrays: with large pages, where the kernel has them, it misses fewer of them.
 */
static void *allocate(size_t bytes)
{
    size_t grain = bytes >= HUGE_PAGE ? HUGE_PAGE : 64;
    void *block = aligned_alloc(grain, (bytes + grain - 1) / grain * grain);
    if (block == NULL) {
        fputs("out of memory in the matching engine\n", stderr);
        abort();
    }
    if (grain == HUGE_PAGE)
        (void)madvise(block, bytes, MADV_HUGEPAGE);
    return block;
}

void *match_grow(void *old, int32_t *room, int32_t wanted, size_t item_bytes)
{
    if (wanted <= *room)
        return old;
    if (wanted < 0) {
        fputs("the matching engine holds at most 2^30 edges\n", stderr);
        abort();
    }
    int64_t next = *room < 16 ? 16 : *room;
    while (next < wanted)
        next *= 2;
    if (next > INT32_MAX)
        next = INT32_MAX;
    void *block = allocate((size_t)next * item_bytes);
    if (*room > 0)
        memcpy(block, old, (size_t)*room * item_bytes);
    free(old);
    *room = (int32_t)next;
    return block;
}
