/* A door for programs of somebody else: a ROUTER with CURVE, beside those of the service's loop, for an edge
 * that answers requests itself. One thread owns it. Who may connect stands in keys_dir/allowed, as for every
 * socket. */
#ifndef BUS_SERVER_H
#define BUS_SERVER_H

#include <stdbool.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/status.h"

struct bus_server;

struct bus_server_config {
    const char *name;     /* whose key it shows: <keys_dir>/<name>.key */
    const char *keys_dir; /* the same folder for all sockets of a process */
    const char *bind;     /* "tcp://127.0.0.1:8081"; with :* the system chooses the port */
};

BUS_CHECKED enum bus_status bus_server_open(const struct bus_server_config *config,
                                            struct bus_server **ret_server, struct bus_error *err);
void bus_server_close(struct bus_server **self_p); /* usable with AUTO; accepts NULL */
const char *bus_server_endpoint(const struct bus_server *self);

/* To wait on. It signals changes only: take until false before every wait, and after replies too. */
int bus_server_fd(const struct bus_server *self);

struct bus_server_request {
    struct bus_bytes route; /* opaque; give it back to bus_server_reply */
    const char *peer;       /* name of the key: who this is, proven by CURVE */
    const char *role;       /* of that key (bus/keys.h) */
    const char *grants;     /* of that key; "" when it says none */
    const char *verb;       /* upper case, ≤ 16 characters; "" for what breaks the framing: refuse it */
    struct bus_bytes body[2];
    size_t body_n;
};
/* False when there is nothing more now. What comes by a key that is no longer allowed is dropped. Everything
 * in `ret` is in the arena, and nothing of it has been scanned. */
bool bus_server_take(struct bus_server *self, struct bus_arena *arena, struct bus_server_request *ret);
/* To a peer that is gone it is dropped. */
void bus_server_reply(struct bus_server *self, struct bus_bytes route, const char *verb,
                      struct bus_bytes body);

#endif
