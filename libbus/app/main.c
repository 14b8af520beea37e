/* bus_main: from a table to a running service. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/config.h"
#include "app/health.h"
#include "app/loop.h"
#include "app/stop.h"
#include "bus/keys.h"
#include "net/peers.h"

#define AWAY_MS 3000 /* the database that long at a start: no longer a matter of who was started first */

/* Whether to go on asking for the lease: a standby does for ever, any other as long as one that was killed
 * may keep it. */
static bool may_come(const struct loop *loop, enum bus_status status, int64_t since_us)
{
    return status == BUS_RETRY ||
           (status == BUS_CONFLICT &&
            (loop->config->standby || bus_clock_monotonic_us() - since_us < LEASE_MS * INT64_C(1200)));
}

/* And migrated, once it is ours: that is not what was waited for before, which stays worth knowing. */
static void tell_opening(struct loop *loop, const char *before)
{
    struct bus_error text = {0};
    (void)bus_fail(&text, BUS_RETRY, "the database is being opened%s%s", before ? "; before: " : "",
                   before ? before : "");
    health_waits(loop->health, "opening", text.text);
}

/* Until the database is there and the lease is ours; false when told to stop. */
static enum bus_status open_store(struct loop *loop, const struct store_config *config, bool *ret_stop,
                                  struct bus_error *err)
{
    int64_t since_us = bus_clock_monotonic_us();
    bool warned = false;
    for (int attempt = 0;; attempt++) {
        tell_opening(loop, attempt > 0 ? err->text : NULL);
        enum bus_status status = store_open(config, &loop->store, err);
        if (!may_come(loop, status, since_us))
            return status;
        if (!warned && status == BUS_RETRY && bus_clock_monotonic_us() - since_us > AWAY_MS * INT64_C(1000)) {
            bus_log_warn("waits, and goes on by itself: %s", err->text);
            warned = true;
        } else if (attempt == 0) {
            bus_log_info("waiting: %s", err->text);
        }
        health_waits(loop->health, "starting", err->text);
        bus_clock_sleep_ms(50 << (attempt < 3 ? attempt : 3));
        *ret_stop = stop_told(loop->stop);
        if (*ret_stop)
            return BUS_OK;
    }
}

static enum bus_status open_net(struct loop *loop, struct bus_arena *arena, struct bus_error *err)
{
    const struct config *config = loop->config;
    struct net_peer *follow = NULL;
    size_t n = 0;
    enum bus_status status = config_follows(config, loop->service, arena, &follow, &n, err);
    if (status != BUS_OK)
        return status;
    struct net_config net = {.name = loop->service->name,
                             .bind_events = config->bind_events,
                             .bind_requests = config->bind_requests,
                             .keys_dir = config->keys_dir,
                             .follow = follow,
                             .follow_n = n};
    return net_open(&net, &loop->net, err);
}

static enum bus_status serve(struct loop *loop, struct bus_arena *arena, struct bus_error *err)
{
    const struct config *config = loop->config;
    struct store_config store = {
        .log_partition = config->log_partition,
        .service = loop->service->name,
        .conninfo = config->database,
        .password = config->database_password,
        .statements = loop->service->statements,
        .migrations = loop->service->migrations,
        .instance = bus_id_random(bus_clock_wall_us()),
        .lease_ms = LEASE_MS,
    };
    bool stop = false;
    loop->started_us = bus_clock_monotonic_us();
    enum bus_status status = health_open(config->health, loop, &loop->health, err);
    if (status != BUS_OK && status != BUS_CONFLICT)
        return status;
    status = open_store(loop, &store, &stop, err);
    if (status != BUS_OK || stop)
        return status;
    struct bus_client_config client = {.name = loop->service->name,
                                       .keys_dir = config->keys_dir,
                                       .services = config->peers,
                                       .services_n = config->peers_n};
    loop->peers = bus_peers_new(&client);
    status = open_net(loop, arena, err);
    if (status == BUS_OK)
        status = bus_keys_derive(config->keys_dir, loop->service->name, "bus commands", loop->digest_key,
                                 sizeof loop->digest_key, err);
    if (status == BUS_OK)
        status = loop_open(loop, err);
    bool started = status == BUS_OK && loop->service->start != NULL;
    if (started)
        status = loop->service->start(loop->peers, err);
    if (status == BUS_OK) {
        bus_log_info("started: epoch %lld, head %lld", (long long)store_head_get(loop->store)->epoch,
                     (long long)store_head_get(loop->store)->last_seq);
        status = loop_run(loop, err);
    }
    bus_peers_stop(loop->peers);
    store_close(&loop->store); /* before anything that may hang: it must not keep the lease */
    if (started && loop->service->stop != NULL)
        loop->service->stop();
    return status;
}

static int usage(const struct bus_service *service, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        config_help(service);
        return 0;
    }
    fprintf(stderr, "%s takes no arguments; its settings come from the environment: see --help\n", argv[0]);
    return 2;
}

int bus_main(int argc, char **argv, const struct bus_service *service)
{
    if (argc > 1)
        return usage(service, argc, argv);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct config config;
    bus_log_open(service->name, NULL);
    if (config_read(service, arena, &config, &err) != BUS_OK) {
        bus_log_error("%s%s%s", err.code, err.code[0] ? ": " : "", err.text);
        return 2;
    }
    bus_log_open(service->name, config.log_level);
    signal(SIGPIPE, SIG_IGN);
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL)
        bus_die("cannot start: out of memory");
    loop->stop = stop_open();
    loop->service = service;
    loop->config = &config;
    loop->arena = bus_arena_new();
    loop->spare = bus_arena_new();
    enum bus_status status = serve(loop, arena, &err);
    if (status != BUS_OK)
        bus_log_error("%s%s%s", err.code, err.code[0] ? ": " : "", err.text);
    loop_close(loop);
    net_close(&loop->net);
    bus_peers_free(&loop->peers);
    store_close(&loop->store);
    bus_arena_free(&loop->arena);
    bus_arena_free(&loop->spare);
    free(loop);
    bus_log_info("stopped");
    int code = status == BUS_OK ? 0 : 1;
    if (store_dialling())
        _exit(code);
    return code;
}
