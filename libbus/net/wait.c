/* Waits for any of a service's sockets. With zmq_poll() every socket is asked before and after, two system
 * calls each, and asked again when it is read: here only those that libzmq's descriptors tell of, and those
 * that were used since; and what was found empty is not read before the next wait. */
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "net/net_internal.h"

#define OWN_SOCKETS 2 /* events, requests; then two of each stream */

/* What comes while a socket is used its descriptor may have told before: it is looked at in any case. */
static void expect(struct pollfd *fd, zsock_t *socket, bool empty)
{
    *fd = (struct pollfd){
        .fd = socket ? zsock_fd(socket) : -1, .events = POLLIN, .revents = empty ? 0 : POLLIN};
}

/* Returns how many descriptors there are before the caller's own. */
static size_t fds_fill(struct net *self, const struct pollfd *fds, size_t fds_n)
{
    size_t n = OWN_SOCKETS + 2 * self->streams_n;
    if (n + fds_n > self->fds_capacity) {
        self->fds = realloc(self->fds, (n + fds_n) * sizeof(*self->fds));
        self->fds_capacity = n + fds_n;
    }
    if (!self->fds)
        bus_die("out of memory: no room for the sockets");
    expect(&self->fds[0], self->events, self->events_empty);
    expect(&self->fds[1], self->requests, self->requests_empty);
    for (size_t i = 0; i < self->streams_n; i++) {
        const struct net_stream *stream = &self->streams[i];
        expect(&self->fds[OWN_SOCKETS + 2 * i], stream->left ? NULL : stream->live, stream->live_empty);
        expect(&self->fds[OWN_SOCKETS + 2 * i + 1], stream->left ? NULL : stream->catch_up,
               stream->catch_up_empty);
    }
    if (fds_n > 0)
        memcpy(self->fds + n, fds, fds_n * sizeof(*fds));
    return n;
}

/* A descriptor tells only that something has changed. */
static bool is_empty(const struct pollfd *fd, zsock_t *socket)
{
    return !socket || !fd->revents || !(zsock_events(socket) & ZMQ_POLLIN);
}

static bool sockets_look(struct net *self)
{
    self->events_empty = is_empty(&self->fds[0], self->events);
    self->requests_empty = is_empty(&self->fds[1], self->requests);
    bool found = !self->events_empty || !self->requests_empty;
    for (size_t i = 0; i < self->streams_n; i++) {
        struct net_stream *stream = &self->streams[i];
        const struct pollfd *fds = &self->fds[OWN_SOCKETS + 2 * i];
        stream->live_empty = !stream->left && is_empty(&fds[0], stream->live);
        stream->catch_up_empty = !stream->left && is_empty(&fds[1], stream->catch_up);
        found = found || (!stream->left && !(stream->live_empty && stream->catch_up_empty));
    }
    if (!self->events_empty)
        net_subscriptions_take(self);
    if (!self->requests_empty)
        net_allowed_refresh(self->allowed);
    return found;
}

void net_leave(struct net *self, size_t stream, bool leave)
{
    self->streams[stream].left = leave;
}

bool net_wait(struct net *self, struct pollfd *fds, size_t n, int timeout_ms)
{
    size_t own = fds_fill(self, fds, n);
    int64_t until_us = bus_clock_monotonic_us() + (int64_t)timeout_ms * 1000;
    bool found = sockets_look(self);
    if (found)
        (void)poll(self->fds + own, n, 0);
    while (!found) {
        if (poll(self->fds, own + n, timeout_ms) <= 0)
            break;
        for (size_t i = own; i < own + n; i++)
            found = found || self->fds[i].revents;
        found = sockets_look(self) || found;
        int64_t left_us = until_us - bus_clock_monotonic_us();
        if (left_us <= 0)
            break;
        timeout_ms = (int)((left_us + 999) / 1000);
    }
    for (size_t i = 0; i < n; i++)
        fds[i].revents = self->fds[own + i].revents;
    return found;
}
