/* The edge: one thread that holds the HTTP interface, the adapters' door and one client, by which it asks its
 * own loop and all other services. Everything in it happens in that thread; nothing waits. */
#ifndef GATEWAY_EDGE_H
#define GATEWAY_EDGE_H

#include "bus/client.h"
#include "bus/codec.h"
#include "bus/header.h"
#include "bus/server.h"
#include "bus/service.h"

struct edge;
struct http;
struct auth;
struct belonging;
struct streams;
struct adapters;

/* For bus_service: start opens everything and begins the thread, stop ends it. */
enum bus_status edge_start(struct bus_peers *peers, struct bus_error *err);
void edge_stop(void);

/* ---- asking services */

/* What came back. Borrowed until the function that gets it returns. */
struct answer {
    enum bus_status status; /* of the reply; RETRY also when the service could not be reached */
    bool timed_out;         /* nothing came in time: whether it was done is unknown */
    const char *verb;       /* "REPLY", "BATCH", "STATUS", "ERR"; NULL when nothing came */
    const char *text;       /* of a refusal; "" */
    const char *code;       /* "BUS-BUSY"; "" */
    struct bus_faults faults;
    struct bus_bytes data; /* of a reply; of another verb its one body */
    struct bus_arena *arena;
};
typedef void answer_fn(void *context, const struct answer *answer);

/* Asks, and later calls `then` exactly once, never from within. */
void edge_ask(struct edge *self, const char *service, const struct bus_frames *request, answer_fn *then,
              void *context);
/* A command or query of that type: `data` is its msgpack. What the header lacks is filled in. */
void edge_request(struct edge *self, const struct bus_type *type, const struct bus_header *header,
                  struct bus_bytes data, answer_fn *then, void *context);
/* The reply as a struct of the type's, or NULL when it is none: the service broke its promise. */
const void *answer_decode(const struct answer *answer, const struct bus_type *type);

struct http *edge_http(struct edge *self);
struct auth *edge_auth(struct edge *self);
struct belonging *edge_belonging(struct edge *self);
struct streams *edge_streams(struct edge *self);
/* What the edge counts, as Prometheus text. */
void edge_metrics(struct edge *self, struct bus_buffer *out);
/* Live frames of a service begin to wake its streams. */
enum bus_status edge_follow(struct edge *self, const char *service, struct bus_error *err);

#endif
