/* Growing arrays for the assignment, and the one place where it gives up for lack of memory.
 * Room doubles, so that n appends cost O(n). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "assignment_internal.h"

#define HUGE_PAGE ((size_t)2 << 20)

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "%s\n", why);
    abort();
}

/* A search jumps about in large arrays: with large pages, where the kernel has them, it misses fewer of them.
 */
static void *allocate(size_t bytes)
{
    size_t grain = bytes >= HUGE_PAGE ? HUGE_PAGE : 64;
    void *block = aligned_alloc(grain, (bytes + grain - 1) / grain * grain);
    if (block == NULL)
        give_up("out of memory in the matching engine");
    if (grain == HUGE_PAGE)
        (void)madvise(block, bytes, MADV_HUGEPAGE);
    return block;
}

/* Large pages change places with the untouched ones of the new block, because a copy of the edges of a
 * hundred thousand people would hold up one change for a tenth of a second. One at a time: what was moved and
 * what was not stay apart in the kernel's books. Where it cannot do this (before Linux 5.7, under Valgrind),
 * a copy. */
static void move_pages(char *to, char *from, size_t bytes)
{
    const int how = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
    for (size_t at = 0; at < bytes; at += HUGE_PAGE) {
        if (mremap(from + at, HUGE_PAGE, HUGE_PAGE, how, to + at) != MAP_FAILED)
            continue;
        if (errno != EINVAL)
            give_up("out of memory in the matching engine");
        memcpy(to + at, from + at, HUGE_PAGE);
    }
}

void *match_grow(void *old, int32_t *room, int32_t wanted, size_t item_bytes)
{
    if (wanted <= *room)
        return old;
    if (wanted < 0)
        give_up("the matching engine holds at most 2^30 edges");
    int64_t next = *room < 16 ? 16 : *room;
    while (next < wanted)
        next *= 2;
    if (next > INT32_MAX)
        next = INT32_MAX;
    void *block = allocate((size_t)next * item_bytes);
    const size_t held = (size_t)*room * item_bytes;
    if (held >= HUGE_PAGE)
        move_pages(block, old, held);
    else if (held > 0)
        memcpy(block, old, held);
    free(old);
    *room = (int32_t)next;
    return block;
}
