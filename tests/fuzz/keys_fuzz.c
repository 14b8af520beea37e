/* Key files, as a hand may have edited them: a key with a name and a role, or a reason. A file that speaks of
 * grants never gives a key without: that may do all that its role may. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../services/gateway/who.h"
#include "bus/keys.h"
#include "require.h"

static bool speaks_of_grants(const uint8_t *data, size_t size)
{
    static const char word[] = "grants";
    const uint8_t *at = data;
    while ((at = memmem(at, size - (size_t)(at - data), word, sizeof word - 1)) != NULL) {
        const uint8_t *line = at++;
        while (line > data && line[-1] == ' ')
            line--;
        if (line == data || line[-1] == '\n')
            return true;
    }
    return false;
}

static void check(const struct bus_key *key, bool grants, struct bus_arena *arena)
{
    struct who who = {.name = key->name};
    require(strlen(key->public_key) == 40 && strlen(key->name) <= BUS_KEY_NAME_MAX && key->name[0] != '\0');
    require(!grants || key->grants[0] != '\0');
    require(key->grants[0] != '\0' || bus_key_grants(key->grants, "asks", "registry"));
    if (who_grant(&who, key->grants, arena))
        require(who_limited(&who) == (who_within(&who, arena) != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct bus_key key;
    char path[64];
    int fd = memfd_create("key", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum bus_status status = bus_keys_load(path, arena, &key, &err);
    close(fd);
    if (status == BUS_OK)
        check(&key, speaks_of_grants(data, size), arena);
    else
        require(status == BUS_INVALID && strlen(err.text) > 0);
    return 0;
}
