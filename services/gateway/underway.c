/* See underway.h. An open table, at most half full: a number stands at its place or in the run behind it. */
#include "underway.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#define SLOTS_MIN 1024

struct underway {
    uint64_t *slots; /* 0: free */
    size_t size, n;  /* size: a power of two */
    uint8_t key[crypto_shorthash_KEYBYTES];
};

static uint64_t *slots_new(size_t size)
{
    uint64_t *slots = calloc(size, sizeof *slots);
    if (slots == NULL)
        bus_die("out of memory: no room for events on their way");
    return slots;
}

struct underway *underway_new(void)
{
    struct underway *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for events on their way");
    self->size = SLOTS_MIN;
    self->slots = slots_new(self->size);
    randombytes_buf(self->key, sizeof self->key);
    return self;
}

void underway_free(struct underway **self_p)
{
    if (*self_p == NULL)
        return;
    free((*self_p)->slots);
    free(*self_p);
    *self_p = NULL;
}

uint64_t underway_number(const struct underway *self, const char *source, const char *id)
{
    uint8_t halves[2][crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(halves[0], (const uint8_t *)source, strlen(source), self->key);
    crypto_shorthash(halves[1], (const uint8_t *)id, strlen(id), self->key);
    uint8_t whole[crypto_shorthash_BYTES];
    crypto_shorthash(whole, &halves[0][0], sizeof halves, self->key);
    memcpy(&number, whole, sizeof number);
    return number != 0 ? number : 1;
}

/* Where the number stands, or the free slot where it would. */
static size_t slot_of(const struct underway *self, uint64_t number)
{
    size_t at = number & (self->size - 1);
    while (self->slots[at] != 0 && self->slots[at] != number)
        at = (at + 1) & (self->size - 1);
    return at;
}

static void grow(struct underway *self, size_t n)
{
    uint64_t *old = self->slots;
    size_t old_size = self->size;
    if ((self->n + n) * 2 <= self->size)
        return;
    while ((self->n + n) * 2 > self->size)
        self->size *= 2;
    self->slots = slots_new(self->size);
    for (size_t i = 0; i < old_size; i++)
        if (old[i] != 0)
            self->slots[slot_of(self, old[i])] = old[i];
    free(old);
}

bool underway_enter(struct underway *self, const uint64_t *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (self->slots[slot_of(self, numbers[i])] != 0)
            return false;
    grow(self, n);
    for (size_t i = 0; i < n; i++)
        self->slots[slot_of(self, numbers[i])] = numbers[i];
    self->n += n;
    return true;
}

/* Those of the run behind it are put again, so that no free slot parts them from their places. */
static void take_out(struct underway *self, uint64_t number)
{
    size_t at = slot_of(self, number);
    self->slots[at] = 0;
    for (;;) {
        at = (at + 1) & (self->size - 1);
        uint64_t next = self->slots[at];
        if (next == 0)
            return;
        self->slots[at] = 0;
        self->slots[slot_of(self, next)] = next;
    }
}

void underway_leave(struct underway *self, const uint64_t *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        take_out(self, numbers[i]);
    self->n -= n;
}
