/* A hash table whose nodes live inside the things they find. It never allocates a thing and never frees one;
 * the order of a walk means nothing, so nothing may be decided or said in it. */
#ifndef BUS_MAP_H
#define BUS_MAP_H

#include <stddef.h>
#include <stdint.h>

struct bus_map_node {
    struct bus_map_node *next;
    uint64_t hash;
};

struct bus_map {
    struct bus_map_node **buckets;
    size_t room, n;
};

uint64_t bus_map_hash(const void *key, size_t size);
void bus_map_add(struct bus_map *self, struct bus_map_node *node, uint64_t hash);
void bus_map_remove(struct bus_map *self, struct bus_map_node *node);
/* Nodes of this hash, one by one; the caller compares the keys. */
struct bus_map_node *bus_map_first(const struct bus_map *self, uint64_t hash);
struct bus_map_node *bus_map_after(const struct bus_map_node *node);
/* All nodes, one by one: NULL begins and ends the walk. */
struct bus_map_node *bus_map_walk(const struct bus_map *self, const struct bus_map_node *node);
/* Releases the table and each node by `release`. */
void bus_map_done(struct bus_map *self, void (*release)(struct bus_map_node *));

#endif
