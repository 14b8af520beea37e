/* The allowed keys, sorted by key, read anew when the folder or a file in it changes. */
#include "net/allowed.h"

#include <dirent.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bus/clock.h"

/* A file's time advances in steps of the kernel's tick: what was read this soon after a change may have
 * missed the next change of the same tick. */
#define SETTLED_US 20000
/* The folder tells at once of a file that comes or goes; each file is asked this often whether it was edited.
 */
#define FILES_US BUS_SECOND_US

/* What was read, as far as the file system tells: the folder and each file, with its size and when it
 * changed. Not when it was written: cp -p and rsync set that. */
struct seal {
    uint8_t hash[crypto_generichash_BYTES];
    int64_t newest_us;
};

struct net_allowed {
    char *keys_dir;
    struct bus_arena *arena;
    struct bus_key *keys;
    size_t n;
    const char *fault;  /* of a file that is not counted; NULL */
    int64_t changed_us; /* the folder's time when it was read; -1: read it again */
    ino_t folder;
    struct seal seal;
    int64_t looked_us; /* at the files */
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
    self->fault = NULL;
    self->changed_us = -1;
    bus_arena_reset(self->arena);
}

static int64_t changed_us(const struct stat *file)
{
    return file->st_ctim.tv_sec * BUS_SECOND_US + file->st_ctim.tv_nsec / 1000;
}

static void seal_add(crypto_generichash_state *sum, const char *name, const struct stat *file)
{
    crypto_generichash_update(sum, (const uint8_t *)name, strlen(name) + 1);
    crypto_generichash_update(sum, (const uint8_t *)&file->st_ino, sizeof(file->st_ino));
    crypto_generichash_update(sum, (const uint8_t *)&file->st_size, sizeof(file->st_size));
    crypto_generichash_update(sum, (const uint8_t *)&file->st_ctim, sizeof(file->st_ctim));
}

/* False: there is no such folder. */
static bool seal_make(const char *path, struct seal *ret)
{
    DIR *folder = opendir(path);
    if (!folder)
        return false;
    crypto_generichash_state sum;
    crypto_generichash_init(&sum, NULL, 0, sizeof(ret->hash));
    ret->newest_us = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat file;
        if (strcmp(entry->d_name, "..") == 0 || fstatat(dirfd(folder), entry->d_name, &file, 0) != 0)
            continue;
        seal_add(&sum, entry->d_name, &file);
        if (changed_us(&file) > ret->newest_us)
            ret->newest_us = changed_us(&file);
    }
    closedir(folder);
    crypto_generichash_final(&sum, ret->hash, sizeof(ret->hash));
    return true;
}

static void keys_read(struct net_allowed *self, const struct stat *folder, const struct seal *seal,
                      int64_t read_us)
{
    forget(self);
    if (bus_keys_allowed(self->keys_dir, self->arena, &self->keys, &self->n, &self->fault, NULL) != BUS_OK)
        return;
    if (self->n > 0)
        qsort(self->keys, self->n, sizeof(*self->keys), compare_keys);
    self->folder = folder->st_ino;
    self->seal = *seal;
    bool settled = read_us - seal->newest_us > SETTLED_US || seal->newest_us > read_us + BUS_SECOND_US;
    self->changed_us = settled ? changed_us(folder) : -1;
}

void net_allowed_refresh(struct net_allowed *self)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/allowed", self->keys_dir);
    struct stat folder;
    struct seal seal;
    int64_t now_us = bus_clock_monotonic_us(), read_us = bus_clock_wall_us();
    if (stat(path, &folder) != 0) {
        forget(self); /* no folder: nobody is allowed */
        return;
    }
    bool same = changed_us(&folder) == self->changed_us && folder.st_ino == self->folder;
    if (same && now_us - self->looked_us < FILES_US)
        return;
    if (!seal_make(path, &seal)) {
        forget(self);
        return;
    }
    self->looked_us = now_us;
    if (!same || memcmp(seal.hash, self->seal.hash, sizeof(seal.hash)) != 0)
        keys_read(self, &folder, &seal, read_us);
}

const char *net_allowed_fault(const struct net_allowed *self)
{
    return self->fault;
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
