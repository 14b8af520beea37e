/* One client per thread, found by thread-specific data and listed so that none is left open. */
#include "net/peers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ASK_TIMEOUT_MS 5000

struct thread_client {
    struct bus_peers *peers;
    struct bus_client *client;
    struct thread_client *next, *previous;
};

struct bus_peers {
    struct bus_arena *arena;
    struct bus_client_config config; /* copied into the arena */
    pthread_key_t key;
    pthread_mutex_t lock;
    struct thread_client *first;
    atomic_bool replaying, stopping;
    _Atomic int64_t clock_offset_us;
};

static void thread_client_free(struct thread_client *self)
{
    bus_client_close(&self->client);
    free(self);
}

static void on_thread_end(void *value)
{
    struct thread_client *self = value;
    struct bus_peers *peers = self->peers;
    pthread_mutex_lock(&peers->lock);
    if (self->previous)
        self->previous->next = self->next;
    else
        peers->first = self->next;
    if (self->next)
        self->next->previous = self->previous;
    pthread_mutex_unlock(&peers->lock);
    thread_client_free(self);
}

struct bus_peers *bus_peers_new(const struct bus_client_config *config)
{
    struct bus_peers *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for the peers");
    self->arena = bus_arena_new();
    struct bus_endpoint *services = bus_alloc_array(self->arena, config->services_n, sizeof(*services));
    for (size_t i = 0; i < config->services_n; i++) {
        services[i].service = bus_strdup(self->arena, config->services[i].service);
        services[i].events = bus_strdup(self->arena, config->services[i].events);
        services[i].requests = bus_strdup(self->arena, config->services[i].requests);
    }
    self->config = (struct bus_client_config){.name = bus_strdup(self->arena, config->name),
                                              .keys_dir = bus_strdup(self->arena, config->keys_dir),
                                              .services = services,
                                              .services_n = config->services_n};
    pthread_mutex_init(&self->lock, NULL);
    if (pthread_key_create(&self->key, on_thread_end) != 0)
        bus_die("the system gives no more thread-specific keys");
    return self;
}

void bus_peers_free(struct bus_peers **self_p)
{
    if (!self_p || !*self_p)
        return;
    struct bus_peers *self = *self_p;
    pthread_key_delete(self->key);
    while (self->first) {
        struct thread_client *next = self->first->next;
        thread_client_free(self->first);
        self->first = next;
    }
    pthread_mutex_destroy(&self->lock);
    bus_arena_free(&self->arena);
    free(self);
    *self_p = NULL;
}

const struct bus_client_config *bus_peers_config(const struct bus_peers *self)
{
    return &self->config;
}

void bus_peers_replay(struct bus_peers *self, bool replaying)
{
    atomic_store(&self->replaying, replaying);
}

bool bus_replaying(struct bus_peers *self)
{
    return atomic_load(&self->replaying);
}

void bus_peers_clock(struct bus_peers *self, int64_t offset_us)
{
    atomic_store(&self->clock_offset_us, offset_us);
}

int64_t bus_peers_now_us(struct bus_peers *self)
{
    return bus_clock_wall_us() + atomic_load(&self->clock_offset_us);
}

void bus_peers_stop(struct bus_peers *self)
{
    atomic_store(&self->stopping, true);
}

bool bus_stopping(struct bus_peers *self)
{
    return atomic_load(&self->stopping);
}

/* The client of the calling thread, opened at its first question. */
static enum bus_status own_client(struct bus_peers *self, struct bus_client **ret_client,
                                  struct bus_error *err)
{
    struct thread_client *own = pthread_getspecific(self->key);
    if (own) {
        *ret_client = own->client;
        return BUS_OK;
    }
    struct bus_client *client;
    enum bus_status status = bus_client_open(&self->config, &client, err);
    if (status)
        return status;
    own = calloc(1, sizeof(*own));
    if (!own || pthread_setspecific(self->key, own) != 0)
        bus_die("out of memory: no room for a client");
    *own = (struct thread_client){.peers = self, .client = client};
    pthread_mutex_lock(&self->lock);
    own->next = self->first;
    if (own->next)
        own->next->previous = own;
    self->first = own;
    pthread_mutex_unlock(&self->lock);
    *ret_client = client;
    return BUS_OK;
}

enum bus_status bus_ask(struct bus_peers *self, const struct bus_type *query, const void *value,
                        struct bus_arena *arena, void **ret_reply, struct bus_error *err)
{
    struct bus_client *client;
    enum bus_status status = own_client(self, &client, err);
    if (status)
        return status;
    return bus_client_call(client, query, NULL, value, ASK_TIMEOUT_MS, arena, ret_reply, err);
}
