/* See map.h: chains, doubled when there are more nodes than buckets. */
#include "map.h"

#include <stdlib.h>

#include "bus/status.h"

uint64_t map_hash(const void *key, size_t size)
{
    const unsigned char *byte = key;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

static void put(struct map *self, struct map_node *node)
{
    struct map_node **bucket = &self->buckets[node->hash & (self->room - 1)];
    node->next = *bucket;
    *bucket = node;
}

static void grow(struct map *self)
{
    struct map old = *self;
    self->room = old.room ? 2 * old.room : 64;
    self->buckets = calloc(self->room, sizeof *self->buckets);
    if (!self->buckets)
        bus_die("out of memory: no room for %zu entries", self->room);
    for (size_t i = 0; i < old.room; i++)
        for (struct map_node *node = old.buckets[i], *next; node; node = next) {
            next = node->next;
            put(self, node);
        }
    free(old.buckets);
}

void map_add(struct map *self, struct map_node *node, uint64_t hash)
{
    if (self->n >= self->room)
        grow(self);
    node->hash = hash;
    put(self, node);
    self->n++;
}

void map_remove(struct map *self, struct map_node *node)
{
    struct map_node **at = &self->buckets[node->hash & (self->room - 1)];
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    self->n--;
}

static struct map_node *find(struct map_node *node, uint64_t hash)
{
    while (node && node->hash != hash)
        node = node->next;
    return node;
}

struct map_node *map_first(const struct map *self, uint64_t hash)
{
    return self->room ? find(self->buckets[hash & (self->room - 1)], hash) : NULL;
}

struct map_node *map_after(const struct map_node *node)
{
    return find(node->next, node->hash);
}

struct map_node *map_walk(const struct map *self, const struct map_node *node)
{
    if (node && node->next)
        return node->next;
    size_t bucket = node ? (node->hash & (self->room - 1)) + 1 : 0;
    while (bucket < self->room && !self->buckets[bucket])
        bucket++;
    return bucket < self->room ? self->buckets[bucket] : NULL;
}

void map_done(struct map *self, void (*release)(struct map_node *))
{
    for (size_t i = 0; i < self->room; i++)
        for (struct map_node *node = self->buckets[i], *next; node; node = next) {
            next = node->next;
            release(node);
        }
    free(self->buckets);
    *self = (struct map){0};
}
