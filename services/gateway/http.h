/* The HTTP interface over libmicrohttpd: connections and bodies within limits, each request a call to its
 * route. */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "call.h"

struct http;
struct route_table;
/* Goes on with `then` when the call's token is good, and refuses it otherwise. */
typedef void admit_fn(struct call *call, route_fn *then);

struct http_config {
    const char *listen; /* host:port; NULL: nowhere, each connection is given to it */
    struct edge *edge;  /* of every call */
    const struct route_table *routes;
    admit_fn *admit;
};

struct http *http_new(const struct http_config *config, struct bus_error *err);
/* Answers what still waits, and closes. */
void http_free(struct http **self_p);
/* A connected stream socket is its connection from now on; false, and closed, where it takes no more. */
bool http_join(struct http *self, int fd);
int http_fd(const struct http *self);
void http_turn(struct http *self);
/* Ends what takes too long to send its request. */
void http_tick(struct http *self);
int http_timeout_ms(const struct http *self, int most_ms);
void http_metrics(const struct http *self, struct bus_buffer *out);

#endif
