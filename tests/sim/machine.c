/* Stands in for what a process has from its machine: clocks, log, random bytes, settings, signals, health;
 * and for the client of other services, which nobody here uses. */
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/config.h"
#include "app/health.h"
#include "app/loop.h"
#include "app/rest.h"
#include "base/failpoint.h"
#include "bus/keys.h"
#include "facts.h"
#include "net/peers.h"

/* ---- base/clock.c */

int64_t bus_clock_wall_us(void)
{
    return world.now_us + (running != NULL ? running->skew_us : 0);
}

int64_t bus_clock_monotonic_us(void)
{
    return world.now_us;
}

void bus_clock_sleep_ms(int ms)
{
    fiber_sleep_until(world.now_us + ms * MS);
}

/* ---- base/log.c */

static bool nothing_was_restored(void)
{
    for (size_t i = 0; i < services_n; i++)
        if (restored(services[i]->name))
            return false;
    return true;
}

void bus_log_open(const char *name, const char *level)
{
    (void)name, (void)level;
}

void bus_log(enum bus_level level, const char *fmt, ...)
{
    if ((!world.trace || level == BUS_LOG_DEBUG) && level != BUS_LOG_ERROR)
        return;
    char line[600];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    trace("%-9s| %s", running != NULL ? running->name : "world", line);
    /* What an operator has to act on has a code; anything else is a broken promise. */
    if (level == BUS_LOG_ERROR && strncmp(line, "BUS-", 4) != 0 && strstr(line, SIM_FAULT) == NULL)
        broken("%s: %s", running != NULL ? running->name : "world", line);
    if (strncmp(line, "BUS-TRIMMED", 11) == 0 && !ledger_misses(running->loop, line))
        broken("%s raises a false alarm: %s", running->name, line);
    if (strncmp(line, "BUS-DIVERGED", 12) == 0 && nothing_was_restored())
        broken("%s raises a false alarm: %s", running->name, line);
}

/* ---- base/failpoint.c: the labelled places of the shipped code are steps like others */

void bus_failpoint(const char *place)
{
    step(place);
}

/* ---- signals: none of a process's own, and no call of the kernel for each start */

__sighandler_t signal(int number, __sighandler_t handler)
{
    (void)number, (void)handler;
    return NULL;
}

/* ---- random bytes */

static const char *random_name(void)
{
    return "simulated";
}

static uint32_t random_word(void)
{
    return (uint32_t)below(UINT32_MAX);
}

static void random_bytes(void *const buffer, const size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)buffer)[i] = (uint8_t)below(256);
}

void machine_open(void)
{
    static randombytes_implementation implementation = {
        .implementation_name = random_name, .random = random_word, .buf = random_bytes};
    (void)randombytes_set_implementation(&implementation);
    (void)bus_id_random(1); /* libsodium allocates when it is first used */
}

/* ---- app/config.c */

enum bus_status config_read(const struct bus_service *service, struct bus_arena *arena,
                            struct config *ret_config, struct bus_error *err)
{
    (void)service, (void)arena, (void)err;
    *ret_config = (struct config){.database = "",
                                  .health = "",
                                  .standby = running->standby,
                                  .log_partition = LOG_PARTITION,
                                  .log_keep_us = 1};
    return BUS_OK;
}

enum bus_status config_follows(const struct config *config, const struct bus_service *service,
                               struct bus_arena *arena, struct net_peer **ret_peers, size_t *ret_n,
                               struct bus_error *err)
{
    (void)config, (void)err;
    size_t n = 0;
    while (service->follows != NULL && service->follows[n] != NULL)
        n++;
    *ret_peers = bus_alloc_array(arena, n, sizeof **ret_peers);
    for (size_t i = 0; i < n; i++)
        (*ret_peers)[i].name = service->follows[i];
    *ret_n = n;
    return BUS_OK;
}

void config_help(const struct bus_service *service)
{
    (void)service;
}

const char *bus_setting(const char *name)
{
    if (strcmp(name, "TROUBLE") != 0 || world.calm || world.rate[FAULT_POISON] == 0 || below(3) > 0)
        return "";
    world.faults[FAULT_POISON]++;
    return below(2) ? "invalid" : "retry";
}

/* ---- app/stop.c */

struct stop *stop_open(void)
{
    static struct stop stop = {.fd = -1};
    return &stop;
}

bool stop_told(const struct stop *self)
{
    (void)self;
    return running->told_us != 0;
}

/* ---- app/rest.c: the memory of a world is its own */

void rest_beat(struct loop *loop, int64_t now_us)
{
    (void)loop, (void)now_us;
}

/* ---- app/health.c, and where the oracle gets to know the loop */

enum bus_status health_open(const char *address, struct loop *loop, struct health **ret_health,
                            struct bus_error *err)
{
    (void)address, (void)err;
    *ret_health = (struct health *)loop;
    return BUS_OK;
}

void health_waits(struct health *self, const char *state, const char *why)
{
    (void)self, (void)state, (void)why;
}

void health_hand_over(struct health *self)
{
    running->loop = (struct loop *)self;
    for (size_t i = 0; i < services_n; i++)
        running->start.heads[i] = database_of(services[i]->name)->tables.head.last_seq;
}

void health_close(struct health **self_p)
{
    (void)self_p;
    running->loop = NULL;
}

int health_fd(const struct health *self)
{
    (void)self;
    return -1;
}

void health_turn(struct health *self)
{
    (void)self;
}

/* ---- net/keys.c */

enum bus_status bus_keys_derive(const char *keys_dir, const char *name, const char *use, uint8_t *ret,
                                size_t size, struct bus_error *err)
{
    (void)keys_dir, (void)name, (void)use, (void)err;
    memset(ret, 1, size);
    return BUS_OK;
}

/* ---- net/peers.c */

struct bus_peers *bus_peers_new(const struct bus_client_config *config)
{
    (void)config;
    return NULL;
}

void bus_peers_free(struct bus_peers **self_p)
{
    (void)self_p;
}

void bus_peers_clock(struct bus_peers *self, int64_t offset_us)
{
    (void)self;
    (void)offset_us;
}

void bus_peers_replay(struct bus_peers *self, bool replaying)
{
    (void)self, (void)replaying;
}

void bus_peers_stop(struct bus_peers *self)
{
    (void)self;
}
