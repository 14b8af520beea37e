/* The sockets of a service, owned by the loop's thread: one XPUB (its stream, live), one ROUTER (catch-up,
 * commands, queries), and for each followed stream a SUB (topics "batch/<stream>/" and "<stream>/HEAD/") and
 * a DEALER. CURVE on all of them, fail-closed. Nothing is decoded here but the peer's name. */
#ifndef NET_NET_H
#define NET_NET_H

#include <poll.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/status.h"

struct net;

struct net_peer {
    const char *name;     /* stream name */
    const char *events;   /* endpoint of its XPUB: "tcp://registry:7001" */
    const char *requests; /* endpoint of its ROUTER */
};

struct net_config {
    const char *name;
    const char
        *bind_events; /* NULL: no stream of its own; then take, reply and close are all there is (server.c) */
    const char *bind_requests;
    const char
        *keys_dir; /* <name>.key: our secret cert; allowed/<peer>.pub: public certs of who may connect */
    const struct net_peer *follow; /* streams to follow */
    size_t follow_n;
};

BUS_CHECKED enum bus_status net_open(const struct net_config *config, struct net **ret_net,
                                     struct bus_error *err);
/* Lingers up to 1 s for what was sent, at the latest until the process ends. */
void net_close(struct net **self_p);
/* Where they listen, with the port the system chose for "tcp://127.0.0.1:*". */
const char *net_events_endpoint(const struct net *self);
const char *net_requests_endpoint(const struct net *self);

/* Waits until something can be taken or `timeout_ms` passed, or one of `fds` (n of them, may be 0) has what
 * is asked for, which is then told as poll() does; returns false when interrupted by nothing. */
bool net_wait(struct net *self, struct pollfd *fds, size_t n, int timeout_ms);
/* From now on what comes of this stream is not waited for; or it is again. */
void net_leave(struct net *self, size_t stream, bool leave);

struct net_request {
    struct bus_bytes route;   /* the ROUTER identity; give it back to net_reply */
    const char *peer;         /* name of the peer's key: who this is, proven by CURVE */
    const char *role;         /* of that key: BUS_ROLE_PEER, … (bus/keys.h) */
    const char *grants;       /* of that key */
    const char *verb;         /* "COMMAND", "FETCH", … upper case, ≤ 16 characters */
    struct bus_bytes body[2]; /* borrowed until the next take: who may ask is judged before they are copied */
    size_t body_n;
};
/* Each take returns false when there is nothing more now, or net_wait has found nothing since. Frames that
 * break the framing are counted and dropped (without a stream of our own they come as a request with an empty
 * verb, to be refused), and so are requests by a key that is no longer allowed (looked at once per net_wait).
 */
bool net_take_request(struct net *self, struct bus_arena *arena, struct net_request *ret);
struct net_frame {
    struct bus_bytes topic;
    struct bus_bytes header;
    struct bus_bytes data;
};
/* Borrowed until the next take from this stream. */
bool net_take_live(struct net *self, size_t stream, struct net_frame *ret);
struct net_answer {
    const char *verb; /* "WELCOME", "BATCH", "ERR" */
    struct bus_bytes body;
};
bool net_take_answer(struct net *self, size_t stream, struct bus_arena *arena, struct net_answer *ret);

/* False where it was not sent: the queue is full, or of several addresses nobody listens at any. */
bool net_ask(struct net *self, size_t stream, const char *verb, struct bus_bytes body);
/* Whether the source refused our key since the last call. */
bool net_shut_out(struct net *self, size_t stream);
/* Both sockets of that stream, anew: after a silence. libzmq does not try again by itself where the peer
 * refused our key or sent a frame that is too big. */
void net_reconnect(struct net *self, size_t stream);
/* False where it was not sent: whoever asked is gone, or does not read: it asks again. */
bool net_reply(struct net *self, struct bus_bytes route, const char *verb, const struct bus_bytes *body,
               size_t body_n);
/* What is held for who asked counts, with the answers that it has not read, against the share of its key
 * (quota.h). False: it has had that. */
bool net_hold(struct net *self, struct bus_bytes route, size_t bytes);
void net_let_go(struct net *self, struct bus_bytes route, size_t bytes);
/* For those who subscribed to the beginning of this topic; nothing is sent where nobody did. */
void net_publish(struct net *self, const char *topic, struct bus_bytes header, struct bus_bytes data);
/* Whether somebody did, for who would prepare a message in vain. */
bool net_wanted(const struct net *self, const char *topic);
/* True once for every new subscription since the last call: time for a HEAD beat. */
bool net_subscribed(struct net *self);
size_t net_dropped_frames(const struct net *self); /* broken framing, since open */
size_t net_refused_keys(char ret_last[41]);        /* connections refused, since the process began */
/* What is wrong with a file in allowed/ that counts for nothing, as it stands now; NULL. Valid until the next
 * wait.
 */
const char *net_key_fault(struct net *self);

#endif
