/* See map.h: chains, doubled when there are more nodes than buckets. */
#include "bus/map.h"

#include <stdlib.h>

#include "bus/status.h"

uint64_t bus_map_hash(const void *key, size_t size)
{
    const unsigned char *byte = key;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

static void put(struct bus_map *self, struct bus_map_node *node)
{
    struct bus_map_node **bucket = &self->buckets[node->hash & (self->room - 1)];
    node->next = *bucket;
    *bucket = node;
}

static void grow(struct bus_map *self)
{
    struct bus_map old = *self;
    self->room = old.room ? 2 * old.room : 64;
    self->buckets = calloc(self->room, sizeof *self->buckets);
    if (!self->buckets)
        bus_die("out of memory: no room for %zu entries", self->room);
    for (size_t i = 0; i < old.room; i++)
        for (struct bus_map_node *node = old.buckets[i], *next; node; node = next) {
            next = node->next;
            put(self, node);
        }
    free(old.buckets);
}

void bus_map_add(struct bus_map *self, struct bus_map_node *node, uint64_t hash)
{
    if (self->n >= self->room)
        grow(self);
    node->hash = hash;
    put(self, node);
    self->n++;
}

void bus_map_remove(struct bus_map *self, struct bus_map_node *node)
{
    struct bus_map_node **at = &self->buckets[node->hash & (self->room - 1)];
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    self->n--;
}

static struct bus_map_node *find(struct bus_map_node *node, uint64_t hash)
{
    while (node && node->hash != hash)
        node = node->next;
    return node;
}

struct bus_map_node *bus_map_first(const struct bus_map *self, uint64_t hash)
{
    return self->room ? find(self->buckets[hash & (self->room - 1)], hash) : NULL;
}

struct bus_map_node *bus_map_after(const struct bus_map_node *node)
{
    return find(node->next, node->hash);
}

struct bus_map_node *bus_map_walk(const struct bus_map *self, const struct bus_map_node *node)
{
    if (node && node->next)
        return node->next;
    size_t bucket = node ? (node->hash & (self->room - 1)) + 1 : 0;
    while (bucket < self->room && !self->buckets[bucket])
        bucket++;
    return bucket < self->room ? self->buckets[bucket] : NULL;
}

void bus_map_done(struct bus_map *self, void (*release)(struct bus_map_node *))
{
    for (size_t i = 0; i < self->room; i++)
        for (struct bus_map_node *node = self->buckets[i], *next; node; node = next) {
            next = node->next;
            release(node);
        }
    free(self->buckets);
    *self = (struct bus_map){0};
}
