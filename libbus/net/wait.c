/* Waits for any of a service's sockets. With zmq_poll() every socket is asked before and after, two system
 * calls each, and asked again when it is read: here only those that libzmq's descriptors tell of, and what
 * was found empty is not read before the next wait. */
#include <poll.h>
#include <stdlib.h>

#include "bus/clock.h"
#include "net/net_internal.h"

#define OWN_SOCKETS 2 /* events, requests; then two of each stream */

static void expect(struct pollfd *fd, zsock_t *socket)
{
    *fd = (struct pollfd){.fd = socket ? zsock_fd(socket) : -1, .events = POLLIN, .revents = POLLIN};
}

/* Each socket is to be looked at: what has come by now its descriptor may have told before. */
static size_t fds_fill(struct net *self, const int *fds, size_t fds_n)
{
    size_t n = OWN_SOCKETS + 2 * self->streams_n;
    if (n + fds_n > self->fds_capacity) {
        self->fds = realloc(self->fds, (n + fds_n) * sizeof(*self->fds));
        self->fds_capacity = n + fds_n;
    }
    if (!self->fds)
        bus_die("out of memory: no room for the sockets");
    expect(&self->fds[0], self->events);
    expect(&self->fds[1], self->requests);
    for (size_t i = 0; i < self->streams_n; i++) {
        expect(&self->fds[OWN_SOCKETS + 2 * i], self->streams[i].live);
        expect(&self->fds[OWN_SOCKETS + 2 * i + 1], self->streams[i].catch_up);
    }
    for (size_t i = 0; i < fds_n; i++)
        self->fds[n + i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    return n + fds_n;
}

/* A descriptor tells only that something has changed. */
static bool is_empty(const struct pollfd *fd, zsock_t *socket)
{
    return !socket || !fd->revents || !(zsock_events(socket) & ZMQ_POLLIN);
}

static bool sockets_look(struct net *self)
{
    bool subscriptions = !is_empty(&self->fds[0], self->events);
    self->requests_empty = is_empty(&self->fds[1], self->requests);
    bool found = subscriptions || !self->requests_empty;
    for (size_t i = 0; i < self->streams_n; i++) {
        struct net_stream *stream = &self->streams[i];
        const struct pollfd *fds = &self->fds[OWN_SOCKETS + 2 * i];
        stream->live_empty = is_empty(&fds[0], stream->live);
        stream->catch_up_empty = is_empty(&fds[1], stream->catch_up);
        found = found || !stream->live_empty || !stream->catch_up_empty;
    }
    if (subscriptions)
        net_subscriptions_take(self);
    if (!self->requests_empty)
        net_allowed_refresh(self->allowed);
    return found;
}

bool net_wait(struct net *self, const int *fds, size_t n, int timeout_ms)
{
    size_t all = fds_fill(self, fds, n);
    int64_t until_us = bus_clock_monotonic_us() + (int64_t)timeout_ms * 1000;
    bool found = sockets_look(self), again = !found;
    while (again) {
        if (poll(self->fds, all, timeout_ms) <= 0)
            return false;
        for (size_t i = all - n; i < all; i++)
            found = found || self->fds[i].revents;
        found = sockets_look(self) || found;
        int64_t left_us = until_us - bus_clock_monotonic_us();
        again = !found && left_us > 0;
        timeout_ms = (int)((left_us + 999) / 1000);
    }
    return found;
}
