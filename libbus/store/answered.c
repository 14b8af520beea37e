/* A Bloom filter: four bits for each key. Up to a million keys one look in five hundred is for nothing; far
 * beyond that most are, and everything still holds. */
#include "store/answered.h"

#include <stdint.h>
#include <stdlib.h>

#include "bus/status.h"

#ifndef ANSWERED_BITS_LOG2 /* few in the simulation, so that it is often mistaken */
#define ANSWERED_BITS_LOG2 24
#endif
#define BITS   ((uint64_t)1 << ANSWERED_BITS_LOG2)
#define PROBES 4

struct answered {
    uint64_t words[BITS / 64];
};

/* FNV-1a, its bits mixed once more: the probes take them in two halves. */
static uint64_t hash(const char *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *key; key++)
        hash = (hash ^ (uint8_t)*key) * UINT64_C(0x100000001b3);
    hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static size_t probe(uint64_t hash, uint64_t i)
{
    return ((hash >> 32) + i * (hash | 1)) & (BITS - 1);
}

struct answered *answered_new(void)
{
    struct answered *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for the answered requests");
    return self;
}

void answered_free(struct answered **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

void answered_add(struct answered *self, const char *key)
{
    uint64_t bits = hash(key);
    for (uint64_t i = 0; i < PROBES; i++) {
        size_t at = probe(bits, i);
        self->words[at / 64] |= UINT64_C(1) << at % 64;
    }
}

bool answered_may_hold(const struct answered *self, const char *key)
{
    uint64_t bits = hash(key);
    for (uint64_t i = 0; i < PROBES; i++) {
        size_t at = probe(bits, i);
        if (!(self->words[at / 64] >> at % 64 & 1))
            return false;
    }
    return true;
}
