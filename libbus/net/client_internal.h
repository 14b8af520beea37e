/* What client.c (requests), follow.c (live events) and call.c (typed requests) share. */
#ifndef NET_CLIENT_INTERNAL_H
#define NET_CLIENT_INTERNAL_H

#include "bus/client.h"
#include "net/frames.h"
#include "net/socket.h"

struct client_service {
    char *name;
    char *events;
    char *requests;
    unsigned turn;   /* which of several addresses is asked */
    bool unready;    /* it said so itself: another address is asked next, where there is one */
    zsock_t *asking; /* DEALER; NULL until the first request */
    zsock_t *watch;  /* of its handshakes */
    zsock_t *live;   /* SUB; NULL until it is followed */
};

struct bus_client {
    char *name;
    char *keys_dir;
    zcert_t *cert;
    struct client_service *services;
    size_t services_n;
    zmq_pollitem_t *items;
    size_t next;       /* where to look first, so that no service is heard before the others for ever */
    uint64_t last_tag; /* of bus_client_ask */
};

/* BUS_NOT_FOUND, with the names there are. */
BUS_CHECKED enum bus_status client_service_get(struct bus_client *self, const char *name,
                                               struct client_service **ret_service, struct bus_error *err);
/* Waits until one of the sockets `pick` gives is readable. False after `deadline_us` (monotonic), and when a
 * signal came. */
typedef zsock_t *client_pick_fn(const struct client_service *service);
bool client_wait(struct bus_client *self, client_pick_fn *pick, int64_t deadline_us);

#endif
