/* One HTTP request and its answer: what a route works with. */
#ifndef GATEWAY_CALL_H
#define GATEWAY_CALL_H

#include <microhttpd.h>

#include "asking.h"
#include "edge.h"
#include "who.h"

struct call;
struct route;
typedef void route_fn(struct call *call);
typedef void deny_fn(struct call *call, unsigned status, const struct bus_faults *faults, const char *why);

/* A body that is made while it is sent. */
struct feed {
    struct bus_buffer buffer; /* what is made and not yet sent begins at `sent` */
    size_t sent;
    bool ended;
    bool failed;      /* the connection is cut: the client sees that the body is not whole */
    bool waiting;     /* nothing to send: the connection is suspended */
    route_fn *hungry; /* make more, now or later */
    route_fn *gone;   /* the call is over; may be NULL */
};

/* One request; its memory ends when it has been answered. */
struct call {
    struct edge *edge;
    struct bus_arena *arena;
    struct MHD_Connection *connection;
    const struct route *route;
    const char *argument; /* what stood in the path where the route has {} */
    struct bus_buffer body;
    const struct who *who; /* whose token; NULL where a route needs none */
    const uint8_t *token;  /* its hash */
    void *state;           /* the route's own, in the arena */
    struct feed *feed;
    /* below: call.c's, call_reply.c's and http.c's */
    route_fn *next;
    deny_fn *deny;                                 /* belonging.c's */
    void (*again)(struct call *call, bool counts); /* auth.c's */
    answer_fn *then;
    struct MHD_Response *response;
    unsigned status;
    size_t reply_bytes; /* of a reply that was whole when it was given */
    const char *headers[8][2];
    size_t headers_n;
    const char *allow;
    const char *nearest; /* to a path that is none; NULL: none is near */
    size_t body_seen;
    int64_t began_us;
    const char *unclear; /* why it cannot be told what is sent, or where it ends; NULL: it can */
    bool bodiless;       /* HEAD: the reply has headers alone */
    bool too_big, endless, began, suspended, asking, over;
    struct call *following, *before;
};

struct call *call_new(struct edge *edge, struct MHD_Connection *connection);
/* Its connection is done with it; its memory stays until the answer it waits for has come. */
void call_end(struct call *call);

/* ---- the request */

const char *call_header(const struct call *call, const char *name); /* of the request; NULL when absent */
const char *call_query(const struct call *call, const char *name); /* of the query string; NULL when absent */
/* Whether who asks has what bears that ETag already (If-None-Match). */
bool call_knows(const struct call *call, const char *etag);
/* Media type of the body without its parameters; "" when absent. */
const char *call_type(const struct call *call);
/* One request to a service at a time; `then` gets the call. It is not called when the call is over before. */
void call_ask(struct call *call, const char *service, const struct bus_frames *request, answer_fn *then);
void call_request(struct call *call, const struct bus_type *type, const struct bus_header *header,
                  struct bus_bytes data, answer_fn *then);
void call_repeat(struct call *call, const struct bus_type *type, const struct bus_header *header,
                 struct bus_bytes data, answer_fn *then);

/* ---- the reply */

/* A header of the reply, before the reply. The value is borrowed until the call is over. */
void call_set(struct call *call, const char *name, const char *value);
void call_reply(struct call *call, unsigned status, const char *type, struct bus_bytes body);
/* Of a body that never ends: it is not copied, however many wait for it. */
void call_reply_constant(struct call *call, unsigned status, const char *type, struct bus_bytes body);
void call_reply_json(struct call *call, unsigned status, struct bus_bytes msgpack);
void call_problem(struct call *call, unsigned status, const struct bus_faults *faults, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* What a service refused, as a problem. */
void call_refuse(struct call *call, const struct answer *answer);
/* What a service answered, as it is: its reply, or its refusal. */
answer_fn call_pass;

/* Begins a reply whose body is made bit by bit; `size` is MHD_SIZE_UNKNOWN where it is not known. */
void call_feed(struct call *call, const char *type, uint64_t size, route_fn *hungry, route_fn *gone);
void feed_add(struct call *call, const void *data, size_t size);
void feed_end(struct call *call, bool whole);

#endif
