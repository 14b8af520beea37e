/* A hash table whose nodes live inside the things they find. It never allocates a thing and never frees one;
 * the order of a walk means nothing, so nothing may be decided or said in it. */
#ifndef MATCHING_MAP_H
#define MATCHING_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_node {
    struct map_node *next;
    uint64_t hash;
};

struct map {
    struct map_node **buckets;
    size_t room, n;
};

uint64_t map_hash(const void *key, size_t size);
void map_add(struct map *self, struct map_node *node, uint64_t hash);
void map_remove(struct map *self, struct map_node *node);
/* Nodes of this hash, one by one; the caller compares the keys. */
struct map_node *map_first(const struct map *self, uint64_t hash);
struct map_node *map_after(const struct map_node *node);
/* All nodes, one by one: NULL begins and ends the walk. */
struct map_node *map_walk(const struct map *self, const struct map_node *node);
/* Releases the table and each node by `release`. */
void map_done(struct map *self, void (*release)(struct map_node *));

#endif
