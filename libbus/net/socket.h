/* One socket: made with the options of its kind, bound or connected with CURVE, read and written as whole
 * messages of bounded frames. Nothing here blocks. */
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include <czmq.h>

#include "bus/bytes.h"
#include "bus/status.h"
#include "net/quota.h"

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

/* More frames than any message of ours has: an identity, a route of up to 16, the delimiter, verb and bodies.
 */
#define NET_FRAMES_MAX 24
struct net_frames {
    zmq_msg_t items[NET_FRAMES_MAX];
    size_t n;
};
enum net_read { NET_READ_NOTHING, NET_READ_BROKEN, NET_READ_OK };

/* The next whole message. BROKEN: it had too many frames; those beyond the limit are gone. */
enum net_read net_frames_read(zsock_t *socket, struct net_frames *ret_frames);
void net_frames_done(struct net_frames *self);
struct bus_bytes net_frames_at(const struct net_frames *self, size_t i);

/* False when the message could not be taken on: peer unknown or its queue full. */
bool net_frames_send(zsock_t *socket, const struct bus_bytes *frames, size_t n);
/* It counts against the share until it is on the wire; false also where there is no room in that for it and
 * some to spare. */
bool net_frames_send_counted(zsock_t *socket, const struct bus_bytes *frames, size_t n,
                             struct net_share *share, size_t spare);

#endif
