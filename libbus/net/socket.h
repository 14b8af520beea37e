/* One socket: made with the options of its kind, bound or connected with CURVE. Nothing here blocks. */
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include <czmq.h>

#include "bus/status.h"

/* Once per process, before anything of czmq: no signal handlers, one context. Call it as often as you like.
 */
void net_process_init(void);

enum net_kind {
    NET_EVENTS,   /* XPUB of a service */
    NET_REQUESTS, /* ROUTER of a service */
    NET_DOOR,     /* ROUTER of an edge, for strangers */
    NET_LIVE,     /* SUB that follows one stream */
    NET_CATCH_UP, /* DEALER of a follower: batches come back */
    NET_ASKING,   /* DEALER of a client: many requests under way */
};

/* Bound with the ZAP domain enforced: without a handler nobody gets in. Start that first (net/zap.h). The
 * stream that is sent there, or NULL. */
BUS_CHECKED enum bus_status net_socket_bind(enum net_kind kind, zcert_t *cert, const char *stream,
                                            const char *endpoint, zsock_t **ret_socket,
                                            struct bus_error *err);
/* `endpoint` may be several addresses, of which one serves: "tcp://a:1|tcp://b:1". A follower connects to all
 * of them; a client, to the one whose turn it is: count `turn` up after a silence. `topics`: NULL-terminated
 * beginnings to subscribe to; NULL for other kinds than NET_LIVE. `ret_watch`, where it is not NULL, tells
 * whether our key is refused: closed after the socket. */
BUS_CHECKED enum bus_status net_socket_connect(enum net_kind kind, zcert_t *cert, const char *server_key,
                                               const char *endpoint, unsigned turn, const char *const *topics,
                                               zsock_t **ret_socket, zsock_t **ret_watch,
                                               struct bus_error *err);

/* Whether the other side refused our key since the last call; never waits. */
bool net_watch_refused(zsock_t *watch);

#endif
