/* For the client's tests: a query, and alpha in a thread of its own, which answers it by a script. */
#ifndef ANSWERING_H
#define ANSWERING_H

#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "bus/client.h"
#include "bus/pack.h"

/* ---- a query of our own, as the schema compiler would write it */

struct greet {
    const char *name;
};
struct greet_reply {
    const char *text;
};
static const struct bus_field greet_fields[] = {{.name = "name",
                                                 .kind = BUS_KIND_TEXT,
                                                 .required = true,
                                                 .offset = offsetof(struct greet, name),
                                                 .has_offset = BUS_NO_OFFSET,
                                                 .n_offset = BUS_NO_OFFSET,
                                                 .min_length = 1,
                                                 .max_length = 20}};
static const struct bus_shape greet_shape = {
    .name = "greet", .size = sizeof(struct greet), .fields = greet_fields, .fields_n = 1};
static const struct bus_field reply_fields[] = {{.name = "text",
                                                 .kind = BUS_KIND_TEXT,
                                                 .required = true,
                                                 .offset = offsetof(struct greet_reply, text),
                                                 .has_offset = BUS_NO_OFFSET,
                                                 .n_offset = BUS_NO_OFFSET,
                                                 .max_length = 200}};
static const struct bus_shape reply_shape = {
    .name = "greet_reply", .size = sizeof(struct greet_reply), .fields = reply_fields, .fields_n = 1};
static const struct bus_type greet_type = {.type = "koppel.alpha.greet.v1",
                                           .service = "alpha",
                                           .name = "greet",
                                           .version = 1,
                                           .kind = BUS_TYPE_QUERY,
                                           .shape = &greet_shape,
                                           .reply = &reply_shape};

/* ---- alpha in a thread of its own, answering by a script */

struct answering {
    struct net *net;
    const char *verb;   /* of the replies; "": as the request's */
    const char *status; /* of the replies */
    atomic_bool stop;
    pthread_t thread;
};

static inline const char *code_of(const struct answering *self)
{
    if (strcmp(self->verb, "ERR") == 0)
        return self->status;
    return strcmp(self->status, "retry") == 0 ? "BUS-AWAY" : "X-1";
}

static inline void answer_one(struct answering *self, const struct net_request *request)
{
    AUTO(bus_buffer_done) struct bus_buffer head = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_map(&head, 3);
    bus_pack_text(&head, "status");
    bus_pack_text(&head, self->status);
    bus_pack_text(&head, "text");
    bus_pack_text(&head, "as the script says");
    bus_pack_text(&head, "code");
    bus_pack_text(&head, code_of(self));
    bus_pack_map(&data, 1);
    bus_pack_text(&data, "text");
    bus_pack_text(&data, request->peer);
    struct bus_bytes bodies[] = {bus_buffer_bytes(&head), bus_buffer_bytes(&data)};
    const char *verb = *self->verb ? self->verb : request->verb;
    net_reply(self->net, request->route, verb, bodies, strcmp(self->verb, "ERR") == 0 ? 1 : 2);
}

static inline void *answering_run(void *value)
{
    struct answering *self = value;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct net_request request;
    while (!self->stop) {
        net_wait(self->net, NULL, 0, 5);
        while (net_take_request(self->net, arena, &request))
            answer_one(self, &request);
    }
    return NULL;
}

static inline void answering_start(struct answering *self, struct fixture *f, const char *verb,
                                   const char *status)
{
    *self = (struct answering){.net = f->server, .verb = verb, .status = status};
    assert_int_equal(pthread_create(&self->thread, NULL, answering_run, self), 0);
}

static inline void answering_end(struct answering *self)
{
    self->stop = true;
    pthread_join(self->thread, NULL);
}

static inline struct bus_client *client_open_for(struct fixture *f, const char *name,
                                                 const struct bus_endpoint *services, size_t n)
{
    struct bus_client_config config = {
        .name = name, .keys_dir = f->dir, .services = services, .services_n = n};
    struct bus_client *client = NULL;
    struct bus_error err = {0};
    assert_ok(bus_client_open(&config, &client, &err), &err);
    return client;
}

static inline struct bus_client *client_open_at(struct fixture *f, const char *name, const char *requests)
{
    struct bus_endpoint alpha = {.service = "alpha", .events = f->events, .requests = requests};
    return client_open_for(f, name, &alpha, 1);
}

static inline struct bus_client *client_open(struct fixture *f, const char *name)
{
    return client_open_at(f, name, f->requests);
}

#endif
