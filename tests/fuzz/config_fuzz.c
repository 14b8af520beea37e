/* Settings from the environment, a line each, and what the file of a key grants: read whole or refused, with
 * a reason. */
#include <stdlib.h>
#include <string.h>

#include "../../services/gateway/who.h"
#include "app/config.h"
#include "require.h"

static const char *const names[] = {"BUS_PEERS",  "BUS_CLOCK",         "BUS_STANDBY",     "BUS_DATABASE",
                                    "BUS_HEALTH", "BUS_BIND_REQUESTS", "BUS_BIND_EVENTS", "BUS_KEYS_DIR"};
#define NAMES_N (sizeof names / sizeof *names)

static void set_all(struct bus_arena *arena, const uint8_t *data, size_t size)
{
    char *line = bus_strndup(arena, (const char *)data, size);
    for (size_t i = 0; i < NAMES_N; i++) {
        char *end = line != NULL ? strchr(line, '\n') : NULL;
        if (end != NULL)
            *end = '\0';
        setenv(names[i], line != NULL ? line : "x", 1);
        line = end != NULL ? end + 1 : NULL;
    }
}

static void try_grants(struct bus_arena *arena, const char *grants)
{
    struct who who = {.name = "adapter:x"};
    if (!who_grant(&who, grants, arena))
        return;
    for (size_t i = 0; i < who.sources_n; i++)
        require(strlen(who.sources[i]) > 0);
    require(who_limited(&who) == (who_within(&who, arena) != NULL));
    require(who_may_say(&who, "urn:koppel:adapter:x") || who.sources_n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const follows[] = {"registry", "matching", NULL};
    static const struct bus_service service = {.name = "demo", .follows = follows};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct config config;
    struct net_peer *peers = NULL;
    size_t n = 0;
    try_grants(arena, bus_strndup(arena, (const char *)data, size));
    set_all(arena, data, size);
    if (config_read(&service, arena, &config, &err) != BUS_OK) {
        require(strlen(err.text) > 0);
        return 0;
    }
    for (size_t i = 0; i < config.peers_n; i++)
        require(config.peers[i].service != NULL && config.peers[i].events != NULL &&
                config.peers[i].requests != NULL);
    if (config_follows(&config, &service, arena, &peers, &n, &err) == BUS_OK)
        require(n == 2);
    else
        require(strlen(err.text) > 0);
    return 0;
}
