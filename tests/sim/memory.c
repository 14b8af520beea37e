/* The memory of a world: malloc and free of the whole program, from one run of addresses that begins anew
 * with each world. So a process can be killed anywhere, and every seed sees the same addresses. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "sim.h"

#ifdef SIM_OWN_MEMORY

#define ROOM     ((size_t)4 << 30)  /* of addresses; pages come when they are touched */
#define HUGE     ((size_t)64 << 20) /* of it in large pages: most worlds need no more */
#define CLASSES  64
#define POISONED 64 /* bytes */

struct chunk {
    size_t class;
    struct chunk *next; /* of a free one; the user's bytes begin here */
};
#define HEAD 16

static uint8_t *room;
static size_t used, marked;
static struct chunk *freed[CLASSES];

/* 16, 32, … 512, then powers of two. */
static size_t class_of(size_t size)
{
    if (size <= 512)
        return size == 0 ? 0 : (size - 1) / 16;
    return 32 + (size_t)(63 - __builtin_clzll(size - 1)) - 9;
}

static size_t class_size(size_t class)
{
    return class < 32 ? (class + 1) * 16 : (size_t)1024 << (class - 32);
}

static void *take(size_t size)
{
    size_t class = class_of(size);
    struct chunk *chunk = freed[class];
    if (chunk != NULL) {
        freed[class] = chunk->next;
        return (uint8_t *)chunk + HEAD;
    }
    if (room == NULL) {
        room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (room == MAP_FAILED)
            __builtin_trap();
        (void)madvise(room, HUGE, MADV_HUGEPAGE);
    }
    size_t whole = HEAD + class_size(class);
    if (used + whole > ROOM)
        __builtin_trap();
    chunk = (struct chunk *)(room + used);
    used += whole;
    chunk->class = class;
    return (uint8_t *)chunk + HEAD;
}

void *malloc(size_t size)
{
    return take(size);
}

void free(void *at)
{
    if (at == NULL)
        return;
    struct chunk *chunk = (struct chunk *)((uint8_t *)at - HEAD);
    size_t size = class_size(chunk->class);
    memset(at, 0xdb, size < POISONED ? size : POISONED); /* whoever reads on is to be found out */
    chunk->next = freed[chunk->class];
    freed[chunk->class] = chunk;
}

void *calloc(size_t n, size_t size)
{
    size_t whole;
    if (__builtin_mul_overflow(n, size, &whole))
        return NULL;
    return memset(take(whole), 0, whole);
}

void *realloc(void *at, size_t size)
{
    if (at == NULL)
        return take(size);
    size_t had = class_size(((struct chunk *)((uint8_t *)at - HEAD))->class);
    if (size <= had)
        return at;
    void *grown = take(size);
    memcpy(grown, at, had);
    free(at);
    return grown;
}

void *memalign(size_t align, size_t size);
void *memalign(size_t align, size_t size)
{
    if (align <= HEAD)
        return take(size);
    __builtin_trap(); /* nothing here asks for it */
}

void memory_mark(void)
{
    marked = used;
    memset(freed, 0, sizeof freed);
}

void memory_reset(void)
{
    used = marked;
    memset(freed, 0, sizeof freed);
}

#else /* under a sanitizer the memory is the sanitizer's, and what killed processes held is lost */

void memory_mark(void)
{
}

void memory_reset(void)
{
}

#endif
