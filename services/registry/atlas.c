/* See atlas.h. */
#include "atlas.h"

#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

struct kept {
    struct bus_map_node node; /* first */
    enum atlas_kind kind;
    struct atlas_entry entry;
    char *of;
    char key[];
};

static uint64_t hash_of(const char *key)
{
    return bus_map_hash(key, strlen(key));
}

const struct atlas_entry *atlas_find(const struct atlas *self, enum atlas_kind kind, const char *key)
{
    struct bus_map_node *node = bus_map_first(&self->entries, hash_of(key));
    for (; node != NULL; node = bus_map_after(node)) {
        const struct kept *kept = (const struct kept *)node;
        if (kept->kind == kind && strcmp(kept->key, key) == 0)
            return &kept->entry;
    }
    return NULL;
}

void atlas_put(struct atlas *self, enum atlas_kind kind, const char *key, const struct atlas_entry *entry)
{
    if (atlas_find(self, kind, key) != NULL)
        return;
    size_t size = strlen(key) + 1;
    struct kept *kept = calloc(1, sizeof *kept + size);
    char *of = strdup(entry->of);
    if (kept == NULL || of == NULL)
        bus_die("out of memory: places and programmes are kept in memory");
    *kept = (struct kept){.kind = kind, .entry = *entry, .of = of};
    kept->entry.of = of;
    memcpy(kept->key, key, size);
    bus_map_add(&self->entries, &kept->node, hash_of(key));
    self->grown = true;
}

static void release(struct bus_map_node *node)
{
    free(((struct kept *)node)->of);
    free(node);
}

void atlas_done(struct atlas *self)
{
    bus_map_done(&self->entries, release);
    *self = (struct atlas){0};
}
