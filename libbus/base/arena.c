/* An arena is a list of blocks filled from the front; reset keeps a few blocks, so that a busy loop
 * stops asking malloc. Under AddressSanitizer the bytes not handed out are poisoned. */
#include "bus/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

#define ALIGN            ((size_t)16)
#define FIRST_BLOCK      ((size_t)16 * 1024)
#define SMALL_BLOCK      ((size_t)2 * 1024)
#define LARGEST_BLOCK    ((size_t)1024 * 1024)
#define KEPT_AFTER_RESET ((size_t)2 * 1024 * 1024)

struct block {
    struct block *next;
    size_t size;
    _Alignas(16) uint8_t bytes[];
};

struct bus_arena {
    struct block *first;   /* kept blocks in order of making; those before `current` are full */
    struct block *current; /* where allocations go; never NULL */
    struct block *large;   /* one allocation each, freed at reset */
    size_t used;           /* of `current` */
    size_t handed_out;
};

static struct block *block_new(size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);
    if (!block)
        bus_die("out of memory: an arena asked for %zu bytes", size);
    block->next = NULL;
    block->size = size;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    return block;
}

static void blocks_free(struct block *block)
{
    while (block) {
        struct block *next = block->next;
        ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->size);
        free(block);
        block = next;
    }
}

static struct bus_arena *arena_new(size_t first_block)
{
    struct bus_arena *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for an arena");
    self->first = self->current = block_new(first_block);
    return self;
}

struct bus_arena *bus_arena_new(void)
{
    return arena_new(FIRST_BLOCK);
}

struct bus_arena *bus_arena_new_small(void)
{
    return arena_new(SMALL_BLOCK);
}

void bus_arena_free(struct bus_arena **self_p)
{
    if (!self_p || !*self_p)
        return;
    blocks_free((*self_p)->first);
    blocks_free((*self_p)->large);
    free(*self_p);
    *self_p = NULL;
}

void bus_arena_reset(struct bus_arena *self)
{
    blocks_free(self->large);
    self->large = NULL;
    size_t kept = 0;
    struct block *last = NULL;
    for (struct block *block = self->first; block; last = block, block = block->next) {
        if (last && kept + block->size > KEPT_AFTER_RESET) {
            last->next = NULL;
            blocks_free(block);
            break;
        }
        kept += block->size;
        ASAN_POISON_MEMORY_REGION(block->bytes, block->size);
    }
    self->current = self->first;
    self->used = 0;
    self->handed_out = 0;
}

/* A large request gets its own block, so that the room left in the current one is not lost. */
static void *alloc_large(struct bus_arena *self, size_t size)
{
    struct block *block = block_new(size);
    block->next = self->large;
    self->large = block;
    return block->bytes;
}

static void *alloc_next_block(struct bus_arena *self, size_t size)
{
    struct block *next = self->current->next;
    if (!next) {
        size_t grown = self->current->size * 2;
        next = block_new(grown < LARGEST_BLOCK ? grown : LARGEST_BLOCK);
        self->current->next = next;
    }
    self->current = next;
    self->used = size;
    return next->bytes;
}

/* What it holds is anything. */
static void *alloc_raw(struct bus_arena *self, size_t size)
{
    if (size > SIZE_MAX / 2)
        bus_die("out of memory: an arena asked for %zu bytes", size);
    size_t room = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (room == 0)
        room = ALIGN;
    void *at;
    if (room <= self->current->size - self->used) {
        at = self->current->bytes + self->used;
        self->used += room;
    } else if (room > (self->current->size < FIRST_BLOCK ? self->current->size : FIRST_BLOCK) / 2) {
        at = alloc_large(self, room);
    } else {
        at = alloc_next_block(self, room);
    }
    self->handed_out += room;
    ASAN_UNPOISON_MEMORY_REGION(at, size);
    return at;
}

void *bus_alloc(struct bus_arena *self, size_t size)
{
    return memset(alloc_raw(self, size), 0, size);
}

void *bus_alloc_array(struct bus_arena *self, size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        bus_die("out of memory: an arena asked for %zu times %zu bytes", n, size);
    return bus_alloc(self, total);
}

void *bus_copy(struct bus_arena *self, const void *data, size_t size)
{
    void *copy = alloc_raw(self, size);
    return size ? memcpy(copy, data, size) : copy;
}

char *bus_strdup(struct bus_arena *self, const char *text)
{
    return text ? bus_copy(self, text, strlen(text) + 1) : NULL;
}

char *bus_strndup(struct bus_arena *self, const char *text, size_t n)
{
    if (!text)
        return NULL;
    size_t size = strnlen(text, n);
    char *copy = bus_alloc(self, size + 1);
    memcpy(copy, text, size);
    return copy;
}

/* Tried where it will mostly stand: most texts are short. */
char *bus_vprintf(struct bus_arena *self, const char *fmt, va_list args)
{
    char *at = (char *)self->current->bytes + self->used;
    size_t room = self->current->size - self->used;
    va_list again;
    va_copy(again, args);
    ASAN_UNPOISON_MEMORY_REGION(at, room);
    int size = vsnprintf(at, room, fmt, again);
    ASAN_POISON_MEMORY_REGION(at, room);
    va_end(again);
    if (size < 0)
        bus_die("a text could not be formatted: %s", fmt);
    char *text = alloc_raw(self, (size_t)size + 1);
    if (text != at)
        vsnprintf(text, (size_t)size + 1, fmt, args);
    return text;
}

char *bus_printf(struct bus_arena *self, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = bus_vprintf(self, fmt, args);
    va_end(args);
    return text;
}

size_t bus_arena_bytes(const struct bus_arena *self)
{
    return self->handed_out;
}
