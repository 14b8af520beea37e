/* The other side of a service: asks it commands and queries, follows its stream. For command lines, edges and
 * tests. One thread owns a client; all of its sockets speak CURVE with the key it was given. */
#ifndef BUS_CLIENT_H
#define BUS_CLIENT_H

#include "bus/arena.h"
#include "bus/codec.h"
#include "bus/header.h"
#include "bus/status.h"

struct bus_client;

struct bus_endpoint {
    const char *service;
    const char *events; /* "tcp://127.0.0.1:8081" */
    const char *requests;
};
/* "till=tcp://h:p,tcp://h:p;stock=…", as in BUS_PEERS: events, then requests. Texts are in the arena.
 */
BUS_CHECKED enum bus_status bus_endpoints_parse(const char *text, struct bus_arena *arena,
                                                struct bus_endpoint **ret_endpoints, size_t *ret_n,
                                                struct bus_error *err);

struct bus_client_config {
    const char *name;     /* whose key: <keys_dir>/<name>.key */
    const char *keys_dir; /* also holds allowed/<service>.pub, the servers' public keys */
    const struct bus_endpoint *services;
    size_t services_n;
};

struct bus_peers;
/* What a service's own threads open a client of their own with: its key, and where every service is. Lives as
 * long as the peers that bus_service.start was given. */
const struct bus_client_config *bus_peers_config(const struct bus_peers *self);

BUS_CHECKED enum bus_status bus_client_open(const struct bus_client_config *config,
                                            struct bus_client **ret_client, struct bus_error *err);
void bus_client_close(struct bus_client **self_p);

/* ---- one request, one reply, as frames: verb and up to two bodies */
struct bus_frames {
    const char *verb;
    struct bus_bytes body[2];
    size_t body_n;
};
/* Sends without waiting. `tag` comes back with the answer (it travels in a frame of its own, opaque to the
 * service). */
BUS_CHECKED enum bus_status bus_client_send(struct bus_client *self, const char *service, uint64_t tag,
                                            const struct bus_frames *request, struct bus_error *err);
/* The next answer from any service, within timeout_ms; BUS_RETRY when none came, or a signal did. Frames are
 * in the arena. bus_client_next waits in the same way. The answer is only worth something if `ret_service`,
 * the client's own name for whom it came from, is whom that tag was sent to: any of them can guess a tag. */
BUS_CHECKED enum bus_status bus_client_receive(struct bus_client *self, int timeout_ms,
                                               struct bus_arena *arena, const char **ret_service,
                                               uint64_t *ret_tag, struct bus_frames *ret_answer,
                                               struct bus_error *err);
/* Both, for one request. BUS_RETRY after timeout_ms. Not to be mixed with requests under way. */
BUS_CHECKED enum bus_status bus_client_ask(struct bus_client *self, const char *service,
                                           const struct bus_frames *request, int timeout_ms,
                                           struct bus_arena *arena, struct bus_frames *ret_answer,
                                           struct bus_error *err);
/* Whether that service has refused our key since this was last asked, or since we connected. */
bool bus_client_refused(struct bus_client *self, const char *service);
/* Gives up what is under way with that service and connects anew at the next request, and at once where it is
 * followed. After a silence: libzmq does not try again by itself where a service has refused the key. */
BUS_CHECKED enum bus_status bus_client_reconnect(struct bus_client *self, const char *service,
                                                 struct bus_error *err);
/* File descriptors to wait on, together with others, of the services asked or followed so far. Readable
 * means: call bus_client_receive(timeout 0), or bus_client_next, until RETRY. They signal changes only, so do
 * that after each bus_client_send too. */
size_t bus_client_fds(struct bus_client *self, int *fds, size_t max);

/* ---- typed: encodes, asks, checks the status, decodes the reply. `header` may be NULL: a random id is made.
 * The status and text of a refusal become the function's own. */
BUS_CHECKED enum bus_status bus_client_call(struct bus_client *self, const struct bus_type *type,
                                            const struct bus_header *header, const void *value,
                                            int timeout_ms, struct bus_arena *arena, void **ret_reply,
                                            struct bus_error *err);

/* ---- live events of a service; start it before the first event matters, gaps are the caller's to see by seq
 */
BUS_CHECKED enum bus_status bus_client_follow(struct bus_client *self, const char *service,
                                              struct bus_error *err);
struct bus_live {
    bool head; /* a HEAD beat: only the header's stream, epoch, seq count */
    struct bus_header header;
    struct bus_bytes raw_header;
    struct bus_bytes data;
};
BUS_CHECKED enum bus_status bus_client_next(struct bus_client *self, int timeout_ms, struct bus_arena *arena,
                                            struct bus_live *ret_live, struct bus_error *err);

#endif
