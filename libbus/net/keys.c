/* Makes, loads and lists the key files. Files are written beside their place and moved into it, so that
 * nobody ever reads half a key. */
#include "bus/keys.h"

#include <czmq.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/file.h"
#include "net/cert.h"
#include "net/socket.h"

const char *const bus_roles[] = {BUS_ROLE_PEER, BUS_ROLE_OPERATOR, BUS_ROLE_ADAPTER, NULL};

static bool role_is_known(const char *role)
{
    for (size_t i = 0; bus_roles[i]; i++)
        if (strcmp(role, bus_roles[i]) == 0)
            return true;
    return false;
}

static bool name_is_slug(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= BUS_KEY_NAME_MAX && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

bool bus_keys_exist(const char *keys_dir, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s.key", keys_dir, name);
    return access(path, F_OK) == 0;
}

static enum bus_status folder_make(const char *path, mode_t mode, struct bus_error *err)
{
    if (mkdir(path, mode) == 0 || errno == EEXIST)
        return BUS_OK;
    return bus_fail(err, BUS_RETRY, "folder %s cannot be made: %s", path, strerror(errno));
}

typedef int save_fn(zcert_t *cert, const char *path);

/* The file is there with its final mode before the key is written into it. */
static enum bus_status file_write(zcert_t *cert, save_fn *save, const char *keys_dir, const char *path,
                                  mode_t mode, struct bus_error *err)
{
    char draft[PATH_MAX];
    if (snprintf(draft, sizeof(draft), "%s/.draft-XXXXXX", keys_dir) >= (int)sizeof(draft))
        return bus_fail(err, BUS_INVALID, "the path of the keys folder is too long: %s", keys_dir);
    int fd = mkstemp(draft);
    if (fd < 0)
        return bus_fail(err, BUS_RETRY, "no file can be made in %s: %s", keys_dir, strerror(errno));
    bool done = fchmod(fd, mode) == 0;
    close(fd);
    if (done && save(cert, draft) == 0 && bus_file_put(draft, path))
        return BUS_OK;
    enum bus_status status =
        bus_fail(err, BUS_RETRY, "key file %s cannot be written: %s", path, strerror(errno));
    unlink(draft);
    return status;
}

static enum bus_status pair_write(zcert_t *cert, const char *keys_dir, const char *name,
                                  struct bus_error *err)
{
    char public_path[PATH_MAX], secret_path[PATH_MAX];
    snprintf(public_path, sizeof(public_path), "%s/allowed/%s.pub", keys_dir, name);
    snprintf(secret_path, sizeof(secret_path), "%s/%s.key", keys_dir, name);
    /* The secret file last: it is what "the pair exists" is judged by. */
    enum bus_status status = file_write(cert, zcert_save_public, keys_dir, public_path, 0644, err);
    if (status)
        return status;
    return file_write(cert, zcert_save_secret, keys_dir, secret_path, 0600, err);
}

static void meta_set(zcert_t *cert, const char *name, const char *role, const char *grants)
{
    zcert_set_meta(cert, "name", "%s", name);
    zcert_set_meta(cert, "role", "%s", role);
    if (grants != NULL)
        zcert_set_meta(cert, "grants", "%s", grants);
}

enum bus_status bus_keys_make(const char *keys_dir, const char *name, const char *role, const char *grants,
                              struct bus_error *err)
{
    if (!name_is_slug(name))
        return bus_fail(err, BUS_INVALID, "a key's name is 1 to %d of a-z, 0-9 and hyphens: \"%s\" is not",
                        BUS_KEY_NAME_MAX, name);
    if (!role_is_known(role))
        return bus_fail(err, BUS_INVALID, "a key's role is peer, operator or adapter, not \"%s\"", role);
    if (bus_keys_exist(keys_dir, name))
        return bus_fail(err, BUS_CONFLICT, "%s has a key already: remove %s/%s.key first", name, keys_dir,
                        name);
    net_process_init();
    char allowed[PATH_MAX];
    snprintf(allowed, sizeof(allowed), "%s/allowed", keys_dir);
    enum bus_status status = folder_make(keys_dir, 0700, err);
    if (!status)
        status = folder_make(allowed, 0755, err);
    if (status)
        return status;
    AUTO(zcert_destroy) zcert_t *cert = zcert_new();
    if (!cert)
        return bus_fail(err, BUS_BUG, "libzmq was built without CURVE");
    meta_set(cert, name, role, grants);
    return pair_write(cert, keys_dir, name, err);
}

/* The grants with the words that they lack; NULL when they lack none. */
static const char *grants_with(const char *grants, const char *words, struct bus_arena *arena)
{
    const char *more = grants;
    for (const char *at = words; *(at += strspn(at, " ")) != '\0'; at += strcspn(at, " ")) {
        const char *word = bus_strndup(arena, at, strcspn(at, " "));
        const char *value = strchr(word, '=');
        const char *what = bus_strndup(arena, word, value ? (size_t)(value - word) : strlen(word));
        if (!bus_key_grants(more, what, value ? value + 1 : ""))
            more = bus_printf(arena, "%s %s", more, word);
    }
    return more != grants ? more : NULL;
}

enum bus_status bus_keys_grant(const char *keys_dir, const char *name, const char *words,
                               struct bus_error *err)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new_small();
    const char *path = bus_printf(arena, "%s/allowed/%s.pub", keys_dir, name);
    struct bus_key key;
    enum bus_status status = bus_keys_load(path, arena, &key, err);
    const char *more = status == BUS_OK ? grants_with(key.grants, words, arena) : NULL;
    if (more == NULL)
        return status;
    uint8_t public_key[32], nothing[32] = {0};
    zmq_z85_decode(public_key, key.public_key);
    AUTO(zcert_destroy) zcert_t *cert = zcert_new_from(public_key, nothing);
    meta_set(cert, key.name, key.role, more);
    return file_write(cert, zcert_save_public, keys_dir, path, 0644, err);
}

enum bus_status bus_keys_derive(const char *keys_dir, const char *name, const char *use, uint8_t *ret,
                                size_t size, struct bus_error *err)
{
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = net_cert_secret(keys_dir, name, &cert, err);
    if (status == BUS_OK)
        crypto_generichash(ret, size, (const uint8_t *)use, strlen(use), zcert_secret_key(cert), 32);
    return status;
}

enum bus_status bus_keys_load(const char *path, struct bus_arena *arena, struct bus_key *ret_key,
                              struct bus_error *err)
{
    if (access(path, R_OK) != 0)
        return bus_fail(err, BUS_NOT_FOUND, "key file %s cannot be read: %s", path, strerror(errno));
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = net_cert_load(path, &cert, err);
    if (status)
        return status;
    const char *name = zcert_meta(cert, "name");
    const char *role = zcert_meta(cert, "role");
    const char *grants = zcert_meta(cert, "grants");
    if (!name || !role || !name_is_slug(name) || !role_is_known(role))
        return bus_fail(err, BUS_INVALID, "key file %s has no key with a name and a role: make it anew",
                        path);
    *ret_key = (struct bus_key){.name = bus_strdup(arena, name),
                                .role = bus_strdup(arena, role),
                                .public_key = bus_strdup(arena, zcert_public_txt(cert)),
                                .grants = bus_strdup(arena, grants ? grants : "")};
    return BUS_OK;
}

static int is_public_file(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 4 && strcmp(entry->d_name + size - 4, ".pub") == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct bus_key *)a)->name, ((const struct bus_key *)b)->name);
}

enum bus_status bus_keys_allowed(const char *keys_dir, struct bus_arena *arena, struct bus_key **ret_keys,
                                 size_t *ret_n, const char **ret_fault, struct bus_error *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/allowed", keys_dir);
    struct dirent **entries;
    int found = scandir(path, &entries, is_public_file, NULL);
    if (found < 0)
        return bus_fail(err, BUS_NOT_FOUND, "the folder of allowed keys %s cannot be read: %s", path,
                        strerror(errno));
    struct bus_key *keys = bus_alloc_array(arena, (size_t)found, sizeof(*keys));
    const char *fault = NULL;
    size_t n = 0;
    for (int i = 0; i < found; i++) {
        const char *file = bus_printf(arena, "%s/%s", path, entries[i]->d_name);
        struct bus_error why = {0};
        if (bus_keys_load(file, arena, &keys[n], &why) == BUS_OK)
            n++;
        else
            fault = bus_strdup(arena, why.text);
        free(entries[i]);
    }
    free(entries);
    qsort(keys, n, sizeof(*keys), compare_names);
    *ret_keys = keys;
    *ret_n = n;
    *ret_fault = fault;
    return BUS_OK;
}
