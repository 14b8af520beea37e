/* Messages of a service: requests in and replies out, live events and answers in, questions out. Frames are
 * checked for their number and form only. */
#include <string.h>

#include "net/net_internal.h"
#include "net/verb.h"

#define ROUTE_MAX       17 /* the identity and up to 16 frames of the client's own */
#define ROUTE_BYTES_MAX 4096
#define VERB_MAX        3 /* the verb and up to two bodies */
/* Of a share, so that it can be said that there is no more of it: what is larger than a refusal leaves it. */
#define REFUSALS_BYTES ((size_t)64 * 1024)
#define REFUSAL_BYTES  4096
_Static_assert(NET_FRAMES_MAX > ROUTE_MAX + 1 + VERB_MAX, "what is cut off would pass for a whole request");

/* ---- the route: whose share it counts against, and each frame with its size in front */

static size_t route_bytes(const struct net_frames *frames, size_t n)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        size += sizeof(uint32_t) + net_frames_at(frames, i).size;
    return size;
}

static struct bus_bytes route_pack(const struct net_frames *frames, size_t n, struct net_share *share,
                                   struct bus_arena *arena)
{
    size_t size = sizeof(share) + route_bytes(frames, n);
    uint8_t *at = bus_alloc(arena, size);
    struct bus_bytes route = bus_bytes(at, size);
    memcpy(at, &share, sizeof(share));
    at += sizeof(share);
    for (size_t i = 0; i < n; i++) {
        struct bus_bytes frame = net_frames_at(frames, i);
        uint32_t frame_size = (uint32_t)frame.size;
        memcpy(at, &frame_size, sizeof(frame_size));
        at += sizeof(frame_size);
        if (frame.size)
            memcpy(at, frame.data, frame.size);
        at += frame.size;
    }
    return route;
}

static struct net_share *route_share(struct bus_bytes route)
{
    struct net_share *share;
    if (route.size < sizeof(share))
        bus_die("a route was given back that net_take_request did not make");
    memcpy(&share, route.data, sizeof(share));
    return share;
}

static size_t route_unpack(struct bus_bytes route, struct bus_bytes *frames)
{
    size_t n = 0;
    route = bus_bytes(route.data + sizeof(struct net_share *), route.size - sizeof(struct net_share *));
    while (route.size > 0) {
        uint32_t size;
        if (n == ROUTE_MAX || route.size < sizeof(size))
            bus_die("a route was given back that net_take_request did not make");
        memcpy(&size, route.data, sizeof(size));
        if (route.size - sizeof(size) < size)
            bus_die("a route was given back that net_take_request did not make");
        frames[n++] = bus_bytes(route.data + sizeof(size), size);
        route = bus_bytes(route.data + sizeof(size) + size, route.size - sizeof(size) - size);
    }
    return n;
}

/* ---- requests */

/* libzmq knows the key of the connection a frame came by; whose it is, the folder says now: a key that was
 * taken away is refused even on a connection that still stands. */
static const struct bus_key *peer_of(struct net *self, struct net_frames *frames)
{
    const char *public_key = zmq_msg_gets(&frames->items[frames->n - 1], "User-Id");
    if (!public_key)
        return NULL;
    const struct bus_key *key = net_allowed_find(self->allowed, public_key);
    if (key)
        return key;
    net_allowed_refresh(self->allowed);
    return net_allowed_find(self->allowed, public_key);
}

/* Partners write what speaks at an edge's door: who breaks the framing there hears it, by an empty verb. */
static bool is_answered(const struct net *self)
{
    return !self->events;
}

static bool request_read(struct net *self, struct net_frames *frames, struct bus_arena *arena,
                         struct net_request *ret)
{
    size_t route_n = 1;
    while (route_n < frames->n && net_frames_at(frames, route_n).size > 0)
        route_n++;
    bool has_route =
        route_n < frames->n && route_n <= ROUTE_MAX && route_bytes(frames, route_n) <= ROUTE_BYTES_MAX;
    size_t verb_at = route_n + 1;
    const char *verb = has_route && verb_at < frames->n && frames->n - verb_at <= VERB_MAX
                           ? net_verb_read(net_frames_at(frames, verb_at), arena)
                           : NULL;
    if (!verb && !is_answered(self))
        return false;
    const struct bus_key *key = peer_of(self, frames);
    if (!key)
        return false;
    if (!verb) {
        route_n = has_route ? route_n : 1;
        verb_at = frames->n; /* no bodies */
        verb = "";
    }
    struct net_share *share = net_share_of(key->name);
    struct net_request request = {.route = route_pack(frames, route_n, share, arena),
                                  .peer = bus_strdup(arena, key->name),
                                  .role = bus_strdup(arena, key->role),
                                  .grants = bus_strdup(arena, key->grants),
                                  .verb = verb};
    for (size_t i = verb_at + 1; i < frames->n; i++)
        request.body[request.body_n++] = net_frames_at(frames, i);
    *ret = request;
    return true;
}

bool net_take_request(struct net *self, struct bus_arena *arena, struct net_request *ret)
{
    for (size_t i = 0; i < NET_TAKE_MAX && !self->requests_empty; i++) {
        net_frames_done(&self->taken);
        self->requests_empty = net_frames_read(self->requests, &self->taken) == NET_READ_NOTHING;
        if (self->requests_empty)
            return false;
        if (request_read(self, &self->taken, arena, ret)) /* what was too long has no form, either */
            return true;
        self->dropped++;
    }
    return false;
}

bool net_hold(struct net *self, struct bus_bytes route, size_t bytes)
{
    (void)self;
    return net_share_take(route_share(route), bytes, REFUSALS_BYTES);
}

void net_let_go(struct net *self, struct bus_bytes route, size_t bytes)
{
    (void)self;
    net_share_give(route_share(route), bytes);
}

bool net_reply(struct net *self, struct bus_bytes route, const char *verb, const struct bus_bytes *body,
               size_t body_n)
{
    struct net_share *share = route_share(route);
    struct bus_bytes frames[ROUTE_MAX + 4];
    size_t n = route_unpack(route, frames);
    frames[n++] = bus_bytes("", 0);
    frames[n++] = bus_bytes_of(verb);
    size_t bytes = 0;
    for (size_t i = 0; i < body_n && i < 2; i++) {
        bytes += body[i].size;
        frames[n++] = body[i];
    }
    self->requests_empty = false;
    return net_frames_send_counted(self->requests, frames, n, share,
                                   bytes > REFUSAL_BYTES ? REFUSALS_BYTES : 0);
}

/* ---- followed streams */

bool net_take_live(struct net *self, size_t stream, struct net_frame *ret)
{
    struct net_stream *from = &self->streams[stream];
    for (size_t i = 0; i < NET_TAKE_MAX && !from->live_empty; i++) {
        struct net_frames *frames = &from->frames;
        net_frames_done(frames);
        enum net_read read = net_frames_read(from->live, frames);
        from->live_empty = read == NET_READ_NOTHING;
        if (from->live_empty)
            return false;
        if (read == NET_READ_OK && frames->n == 3) {
            *ret = (struct net_frame){.topic = net_frames_at(frames, 0),
                                      .header = net_frames_at(frames, 1),
                                      .data = net_frames_at(frames, 2)};
            return true;
        }
        self->dropped++;
    }
    return false;
}

/* [""][VERB][body] */
static bool answer_read(const struct net_frames *frames, struct bus_arena *arena, struct net_answer *ret)
{
    if (frames->n != 3 || net_frames_at(frames, 0).size != 0)
        return false;
    const char *verb = net_verb_read(net_frames_at(frames, 1), arena);
    if (!verb)
        return false;
    struct bus_bytes body = net_frames_at(frames, 2);
    *ret = (struct net_answer){.verb = verb,
                               .body = bus_bytes(bus_copy(arena, body.data, body.size), body.size)};
    return true;
}

bool net_take_answer(struct net *self, size_t stream, struct bus_arena *arena, struct net_answer *ret)
{
    struct net_stream *from = &self->streams[stream];
    for (size_t i = 0; i < NET_TAKE_MAX && !from->catch_up_empty; i++) {
        AUTO(net_frames_done) struct net_frames frames;
        enum net_read read = net_frames_read(from->catch_up, &frames);
        from->catch_up_empty = read == NET_READ_NOTHING;
        if (from->catch_up_empty)
            return false;
        if (read == NET_READ_OK && answer_read(&frames, arena, ret))
            return true;
        self->dropped++;
    }
    return false;
}

bool net_ask(struct net *self, size_t stream, const char *verb, struct bus_bytes body)
{
    struct bus_bytes frames[] = {bus_bytes("", 0), bus_bytes_of(verb), body};
    self->streams[stream].catch_up_empty = false;
    return net_frames_send(self->streams[stream].catch_up, frames, 3);
}
