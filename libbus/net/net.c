/* Opens and closes a service's sockets, and speaks on the stream. */
#include "net/net.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "net/cert.h"
#include "net/net_internal.h"
#include "net/zap.h"

static char *copy(const char *text)
{
    char *result = strdup(text);
    if (!result)
        bus_die("out of memory: no room for the addresses");
    return result;
}

static void *zeroed(size_t n, size_t size)
{
    void *result = calloc(n ? n : 1, size);
    if (!result)
        bus_die("out of memory: no room for the sockets");
    return result;
}

/* ---- opening and closing */

static enum bus_status stream_connect(struct net *self, struct net_stream *stream, struct bus_error *err)
{
    char key[41], batches[128], beats[128];
    enum bus_status status = net_cert_public(self->keys_dir, stream->name, key, err);
    if (status)
        return status;
    snprintf(batches, sizeof(batches), "batch/%s/", stream->name);
    snprintf(beats, sizeof(beats), "%s/HEAD/", stream->name);
    AUTO(zsock_destroy) zsock_t *live = NULL;
    const char *const topics[] = {batches, beats, NULL};
    status = net_socket_connect(NET_LIVE, self->cert, key, stream->events, 0, topics, &live, NULL, err);
    if (!status)
        status = net_socket_connect(NET_CATCH_UP, self->cert, key, stream->requests, 0, NULL,
                                    &stream->catch_up, &stream->watch, err);
    if (status)
        return status;
    stream->live = live;
    live = NULL;
    return BUS_OK;
}

static enum bus_status listen_on(struct net *self, const struct net_config *config, struct bus_error *err)
{
    enum bus_status status = net_zap_acquire(config->keys_dir, err);
    if (status)
        return status;
    self->guarded = true;
    if (config->bind_events)
        status =
            net_socket_bind(NET_EVENTS, self->cert, config->name, config->bind_events, &self->events, err);
    if (!status)
        status = net_socket_bind(config->bind_events ? NET_REQUESTS : NET_DOOR, self->cert, NULL,
                                 config->bind_requests, &self->requests, err);
    if (status)
        return status;
    if (self->events)
        self->events_endpoint = zsock_last_endpoint(self->events);
    self->requests_endpoint = zsock_last_endpoint(self->requests);
    return BUS_OK;
}

static enum bus_status open_all(struct net *self, const struct net_config *config, struct bus_error *err)
{
    enum bus_status status = net_cert_secret(config->keys_dir, config->name, &self->cert, err);
    if (!status)
        status = listen_on(self, config, err);
    for (size_t i = 0; !status && i < self->streams_n; i++)
        status = stream_connect(self, &self->streams[i], err);
    return status;
}

enum bus_status net_open(const struct net_config *config, struct net **ret_net, struct bus_error *err)
{
    AUTO(net_close) struct net *self = zeroed(1, sizeof(*self));
    self->keys_dir = copy(config->keys_dir);
    self->allowed = net_allowed_new(config->keys_dir);
    self->streams = zeroed(config->follow_n, sizeof(*self->streams));
    self->streams_n = config->follow_n;
    for (size_t i = 0; i < config->follow_n; i++) {
        self->streams[i].name = copy(config->follow[i].name);
        self->streams[i].events = copy(config->follow[i].events);
        self->streams[i].requests = copy(config->follow[i].requests);
    }
    enum bus_status status = open_all(self, config, err);
    if (status)
        return status;
    *ret_net = self;
    self = NULL;
    return BUS_OK;
}

void net_close(struct net **self_p)
{
    if (!self_p || !*self_p)
        return;
    struct net *self = *self_p;
    for (size_t i = 0; i < self->streams_n; i++) {
        net_frames_done(&self->streams[i].frames);
        zsock_destroy(&self->streams[i].live);
        zsock_destroy(&self->streams[i].catch_up);
        zsock_destroy(&self->streams[i].watch);
        free(self->streams[i].name);
        free(self->streams[i].events);
        free(self->streams[i].requests);
    }
    free(self->streams);
    net_frames_done(&self->taken);
    zsock_destroy(&self->events);
    zsock_destroy(&self->requests);
    if (self->guarded)
        net_zap_release();
    zcert_destroy(&self->cert);
    net_allowed_free(&self->allowed);
    freen(self->events_endpoint);
    freen(self->requests_endpoint);
    free(self->keys_dir);
    free(self->fds);
    net_topics_done(&self->topics);
    free(self);
    *self_p = NULL;
}

const char *net_events_endpoint(const struct net *self)
{
    return self->events_endpoint;
}

const char *net_requests_endpoint(const struct net *self)
{
    return self->requests_endpoint;
}

size_t net_refused_keys(char ret_last[41])
{
    return net_zap_refused(ret_last);
}

const char *net_key_fault(struct net *self)
{
    net_allowed_refresh(self->allowed);
    return net_allowed_fault(self->allowed);
}

size_t net_dropped_frames(const struct net *self)
{
    return self->dropped;
}

bool net_shut_out(struct net *self, size_t i)
{
    return net_watch_refused(self->streams[i].watch);
}

/* The old sockets go first: what still lies in them belongs to a conversation that has ended. */
void net_reconnect(struct net *self, size_t i)
{
    struct net_stream *stream = &self->streams[i];
    struct net_stream fresh = {.name = stream->name, .events = stream->events, .requests = stream->requests};
    if (stream_connect(self, &fresh, NULL) != BUS_OK)
        return; /* its key file is away: the old sockets go on trying */
    net_frames_done(&stream->frames);
    zsock_set_linger(stream->catch_up, 0);
    zsock_destroy(&stream->live);
    zsock_destroy(&stream->catch_up);
    zsock_destroy(&stream->watch);
    *stream = fresh;
}

/* ---- the stream, and those who begin to follow it */

bool net_wanted(const struct net *self, const char *topic)
{
    return net_topics_match(&self->topics, topic);
}

void net_subscriptions_take(struct net *self)
{
    for (size_t i = 0; i < NET_TAKE_MAX; i++) {
        AUTO(net_frames_done) struct net_frames frames;
        enum net_read read = net_frames_read(self->events, &frames);
        if (read == NET_READ_NOTHING)
            return;
        if (read == NET_READ_OK && net_topics_note(&self->topics, net_frames_at(&frames, 0)))
            self->subscribed = true;
    }
}

void net_publish(struct net *self, const char *topic, struct bus_bytes header, struct bus_bytes data)
{
    if (!net_wanted(self, topic))
        return;
    struct bus_bytes frames[] = {bus_bytes_of(topic), header, data};
    net_frames_send(self->events, frames, 3);
    self->events_empty = false;
}

bool net_subscribed(struct net *self)
{
    bool subscribed = self->subscribed;
    self->subscribed = false;
    return subscribed;
}
