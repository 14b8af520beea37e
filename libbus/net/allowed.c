/* The allowed keys, sorted by key, read anew when the folder's time changes. */
#include "net/allowed.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bus/clock.h"

/* A folder's time advances in steps of the kernel's tick: what was read this soon after a change may have
 * missed the next change of the same tick. */
#define SETTLED_US 20000

struct net_allowed {
    char *keys_dir;
    struct bus_arena *arena;
    struct bus_key *keys;
    size_t n;
    int64_t changed_us; /* the folder's time when it was read; -1: read it again */
    ino_t folder;
};

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct bus_key *)a)->public_key, ((const struct bus_key *)b)->public_key);
}

struct net_allowed *net_allowed_new(const char *keys_dir)
{
    struct net_allowed *self = calloc(1, sizeof(*self));
    if (!self || !(self->keys_dir = strdup(keys_dir)))
        bus_die("out of memory: no room for the allowed keys");
    self->arena = bus_arena_new();
    self->changed_us = -1;
    net_allowed_refresh(self);
    return self;
}

void net_allowed_free(struct net_allowed **self_p)
{
    if (!self_p || !*self_p)
        return;
    bus_arena_free(&(*self_p)->arena);
    free((*self_p)->keys_dir);
    free(*self_p);
    *self_p = NULL;
}

static void forget(struct net_allowed *self)
{
    self->n = 0;
    self->changed_us = -1;
    bus_arena_reset(self->arena);
}

void net_allowed_refresh(struct net_allowed *self)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/allowed", self->keys_dir);
    struct stat stat_now;
    if (stat(path, &stat_now) != 0) {
        forget(self); /* no folder: nobody is allowed */
        return;
    }
    int64_t changed_us = stat_now.st_mtim.tv_sec * BUS_SECOND_US + stat_now.st_mtim.tv_nsec / 1000;
    if (changed_us == self->changed_us && stat_now.st_ino == self->folder)
        return;
    int64_t read_us = bus_clock_wall_us();
    forget(self);
    if (bus_keys_allowed(self->keys_dir, self->arena, &self->keys, &self->n, NULL) != BUS_OK)
        return;
    if (self->n > 0)
        qsort(self->keys, self->n, sizeof(*self->keys), compare_keys);
    self->folder = stat_now.st_ino;
    bool settled = read_us - changed_us > SETTLED_US || changed_us > read_us + BUS_SECOND_US;
    self->changed_us = settled ? changed_us : -1;
}

const struct bus_key *net_allowed_find(const struct net_allowed *self, const char *public_key)
{
    struct bus_key wanted = {.public_key = public_key};
    if (self->n == 0)
        return NULL;
    const struct bus_key *found = bsearch(&wanted, self->keys, self->n, sizeof(*self->keys), compare_keys);
    if (!found)
        return NULL;
    const struct bus_key *first = found, *end = self->keys + self->n;
    while (first > self->keys && compare_keys(first - 1, found) == 0)
        first--;
    for (const struct bus_key *other = first; other < end && compare_keys(other, found) == 0; other++)
        if (strcmp(other->name, found->name) != 0 || strcmp(other->role, found->role) != 0 ||
            strcmp(other->grants, found->grants) != 0)
            return NULL;
    return found;
}
