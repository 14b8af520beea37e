/* Stands in for libbus/net: queues instead of sockets. A connection may end, or stay open with nothing coming
 * through. A name leads to the process that bound it last; who is connected to an earlier one stays so until
 * that connection ends. */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "sim_queue.h"

#define NETS_MAX 16
#define DRIVER   UINT64_MAX

struct stream {
    const char *name;
    uint64_t peer;      /* id of the net it is connected to; 0: none */
    int64_t connect_us; /* not before */
    bool silent;
    bool left; /* not waited for */
    struct queue live, answers, unsent;
    struct message *borrowed;
};

struct net {
    uint64_t id;
    struct process *process;
    struct fiber *fiber;
    const char *name;
    struct stream *streams;
    size_t streams_n;
    struct queue requests;
    bool subscribed;
};

static struct net *nets[NETS_MAX];
static uint64_t last_id;
static struct queue driver_inbox;
static struct fiber *driver;

void sim_net_reset(void)
{
    memset(nets, 0, sizeof nets);
    last_id = 0;
    driver_inbox = (struct queue){0};
    driver = NULL;
}

static void send_to(struct net *net, struct queue *queue, struct message *message)
{
    int64_t at = queue_send(queue, message);
    if (at < INT64_MAX && net->fiber != NULL)
        fiber_wake(net->fiber, at);
}

/* ---- connections */

static struct net *net_of(uint64_t id)
{
    for (size_t i = 0; id != 0 && i < NETS_MAX; i++)
        if (nets[i] != NULL && nets[i]->id == id)
            return nets[i];
    return NULL;
}

/* Who bound the name last. */
static struct net *net_named(const char *name)
{
    struct net *found = NULL;
    for (size_t i = 0; i < NETS_MAX; i++)
        if (nets[i] != NULL && strcmp(nets[i]->name, name) == 0 && (found == NULL || nets[i]->id > found->id))
            found = nets[i];
    return found;
}

static void disconnect(struct stream *stream, int64_t pause_us)
{
    queue_clear(&stream->live);
    queue_clear(&stream->answers);
    stream->peer = 0;
    stream->silent = false;
    stream->connect_us = world.now_us + pause_us;
}

/* Connects when the time has come and somebody is there. */
static struct net *connected(struct net *self, struct stream *stream)
{
    struct net *peer = net_of(stream->peer);
    if (peer != NULL || world.now_us < stream->connect_us)
        return peer;
    peer = net_named(stream->name);
    if (peer == NULL)
        return NULL;
    stream->peer = peer->id;
    peer->subscribed = true;
    if (peer->fiber != NULL)
        fiber_wake(peer->fiber, world.now_us);
    for (struct message *message; (message = queue_take(&stream->unsent)) != NULL;)
        send_to(peer, &peer->requests, message);
    trace("%-9s is connected to %s", self->process->name, peer->process->name);
    return peer;
}

static void wake_all(int64_t at_us)
{
    for (size_t i = 0; i < NETS_MAX; i++)
        if (nets[i] != NULL && nets[i]->fiber != NULL)
            fiber_wake(nets[i]->fiber, at_us);
}

void sim_net_disturb(void)
{
    for (size_t i = 0; i < NETS_MAX; i++)
        for (size_t k = 0; nets[i] != NULL && k < nets[i]->streams_n; k++) {
            if (chance(FAULT_CUT))
                disconnect(&nets[i]->streams[k], between(100 * MS, 2000 * MS));
            if (chance(FAULT_SILENCE))
                nets[i]->streams[k].silent = true;
        }
}

/* ---- opening and closing */

enum bus_status net_open(const struct net_config *config, struct net **ret_net, struct bus_error *err)
{
    (void)err;
    size_t place = 0;
    while (nets[place] != NULL)
        place++;
    struct net *self = calloc(1, sizeof *self);
    *self = (struct net){.id = ++last_id,
                         .process = running,
                         .fiber = fiber_current(),
                         .name = config->name,
                         .streams_n = config->follow_n};
    self->streams = calloc(config->follow_n + 1, sizeof *self->streams);
    for (size_t i = 0; i < config->follow_n; i++) {
        self->streams[i].name = config->follow[i].name;
        self->streams[i].connect_us = world.now_us + between(1 * MS, 50 * MS);
    }
    nets[place] = self;
    wake_all(world.now_us + 1 * MS);
    *ret_net = self;
    return BUS_OK;
}

void net_close(struct net **self_p)
{
    struct net *self = *self_p;
    if (self == NULL)
        return;
    *self_p = NULL;
    for (size_t i = 0; i < NETS_MAX; i++)
        if (nets[i] == self)
            nets[i] = NULL;
    for (size_t i = 0; i < NETS_MAX; i++)
        for (size_t k = 0; nets[i] != NULL && k < nets[i]->streams_n; k++)
            if (nets[i]->streams[k].peer == self->id)
                disconnect(&nets[i]->streams[k], between(100 * MS, 500 * MS));
    free(self);
}

void sim_net_drop(struct process *process)
{
    for (size_t i = 0; i < NETS_MAX; i++) {
        struct net *net = nets[i];
        if (net != NULL && net->process == process)
            net_close(&net);
    }
}

void net_reconnect(struct net *self, size_t i)
{
    trace("%-9s connects anew to %s", self->process->name, self->streams[i].name);
    disconnect(&self->streams[i], between(1 * MS, 20 * MS));
    queue_clear(&self->streams[i].unsent);
}

bool net_shut_out(struct net *self, size_t i)
{
    (void)self, (void)i;
    return false; /* all keys are allowed here */
}

const char *net_events_endpoint(const struct net *self)
{
    return self->name;
}

const char *net_requests_endpoint(const struct net *self)
{
    return self->name;
}

size_t net_refused_keys(char ret_last[41])
{
    ret_last[0] = '\0';
    return 0;
}

const char *net_key_fault(struct net *self)
{
    (void)self;
    return NULL;
}

size_t net_dropped_frames(const struct net *self)
{
    (void)self;
    return 0;
}

/* ---- waiting */

static int64_t earlier(int64_t at_us, const struct queue *queue)
{
    return queue->first != NULL && queue->first->at_us < at_us ? queue->first->at_us : at_us;
}

void net_leave(struct net *self, size_t i, bool leave)
{
    self->streams[i].left = leave;
}

bool net_wait(struct net *self, struct pollfd *fds, size_t n, int timeout_ms)
{
    step("waits");
    int64_t until = running->job_done ? world.now_us : world.now_us + timeout_ms * MS;
    running->job_done = false;
    for (size_t i = 0; i < n; i++) {
        fds[i].revents = POLLIN; /* whoever asks finds out */
        if (fds[i].fd > 0 && sim_commit_us(fds[i].fd) < until)
            until = sim_commit_us(fds[i].fd);
    }
    until = earlier(until, &self->requests);
    for (size_t i = 0; i < self->streams_n; i++) {
        struct stream *stream = &self->streams[i];
        if (connected(self, stream) == NULL && stream->connect_us > world.now_us &&
            stream->connect_us < until)
            until = stream->connect_us;
        if (!stream->left)
            until = earlier(earlier(until, &stream->live), &stream->answers);
    }
    if (until > world.now_us)
        fiber_sleep_until(until);
    return true;
}

/* ---- what is sent */

/* Nobody here follows single events. */
bool net_wanted(const struct net *self, const char *topic)
{
    (void)self;
    return strncmp(topic, "batch/", 6) == 0 || strstr(topic, "/HEAD/") != NULL;
}

void net_publish(struct net *self, const char *topic, struct bus_bytes header, struct bus_bytes data)
{
    if (!net_wanted(self, topic))
        return;
    step("publishes");
    struct bus_bytes frames[] = {bus_bytes_of(topic), header, data};
    for (size_t i = 0; i < NETS_MAX; i++)
        for (size_t k = 0; nets[i] != NULL && k < nets[i]->streams_n; k++) {
            struct stream *stream = &nets[i]->streams[k];
            if (strcmp(stream->name, self->name) == 0 && connected(nets[i], stream) == self &&
                !stream->silent)
                send_to(nets[i], &stream->live, message_new(frames, 3));
        }
}

bool net_subscribed(struct net *self)
{
    bool subscribed = self->subscribed;
    self->subscribed = false;
    return subscribed;
}

struct route {
    uint64_t from, tag;
};

bool net_hold(struct net *self, struct bus_bytes route, size_t bytes)
{
    (void)self, (void)route, (void)bytes;
    return true; /* as if there were memory without end */
}

void net_let_go(struct net *self, struct bus_bytes route, size_t bytes)
{
    (void)self, (void)route, (void)bytes;
}

bool net_reply(struct net *self, struct bus_bytes route_bytes, const char *verb, const struct bus_bytes *body,
               size_t body_n)
{
    step("replies");
    struct route route;
    memcpy(&route, route_bytes.data, sizeof route);
    struct message *message = message_new(body, body_n);
    message_word(message->verb, sizeof message->verb, verb);
    message->tag = route.tag;
    struct net *to = net_of(route.from);
    if (route.from == DRIVER) {
        int64_t at = queue_send(&driver_inbox, message);
        if (at < INT64_MAX)
            fiber_wake(driver, at);
    } else if (to != NULL && to->streams[route.tag].peer == self->id && !to->streams[route.tag].silent) {
        send_to(to, &to->streams[route.tag].answers, message);
    } else {
        free(message);
        return false;
    }
    return true;
}

bool net_ask(struct net *self, size_t i, const char *verb, struct bus_bytes body)
{
    step("asks");
    struct stream *stream = &self->streams[i];
    struct net *peer = connected(self, stream);
    struct message *message = message_new(&body, 1);
    message_word(message->verb, sizeof message->verb, verb);
    message_word(message->role, sizeof message->role, "peer");
    message->peer = self->name;
    message->from = self->id;
    message->tag = i;
    if (peer == NULL)
        queue_put(&stream->unsent, message);
    else if (!stream->silent)
        send_to(peer, &peer->requests, message);
    else
        free(message);
    return true;
}

/* ---- what is taken */

static struct bus_bytes keep(struct bus_arena *arena, struct bus_bytes bytes)
{
    return bus_bytes(bus_copy(arena, bytes.data, bytes.size), bytes.size);
}

bool net_take_request(struct net *self, struct bus_arena *arena, struct net_request *ret)
{
    struct message *message = queue_take(&self->requests);
    if (message == NULL)
        return false;
    struct route route = {message->from, message->tag};
    *ret = (struct net_request){.route = keep(arena, bus_bytes(&route, sizeof route)),
                                .peer = message->peer,
                                .role = bus_strdup(arena, message->role),
                                .grants = "",
                                .verb = bus_strdup(arena, message->verb),
                                .body_n = message->frames_n};
    for (size_t i = 0; i < message->frames_n; i++)
        ret->body[i] = keep(arena, message->frames[i]);
    free(message);
    return true;
}

bool net_take_live(struct net *self, size_t i, struct net_frame *ret)
{
    struct stream *stream = &self->streams[i];
    free(stream->borrowed);
    while ((stream->borrowed = queue_take(&stream->live)) != NULL) {
        const struct message *message = stream->borrowed;
        if (message->frames_n == 3) {
            *ret = (struct net_frame){message->frames[0], message->frames[1], message->frames[2]};
            return true;
        }
        free(stream->borrowed);
    }
    return false;
}

bool net_take_answer(struct net *self, size_t i, struct bus_arena *arena, struct net_answer *ret)
{
    for (struct message *message; (message = queue_take(&self->streams[i].answers)) != NULL; free(message)) {
        if (message->frames_n != 1)
            continue;
        *ret = (struct net_answer){.verb = bus_strdup(arena, message->verb),
                                   .body = keep(arena, message->frames[0])};
        free(message);
        return true;
    }
    return false;
}

/* ---- the driver */

void sim_driver_fiber(struct fiber *fiber)
{
    driver = fiber;
}

bool sim_driver_reaches(const char *service)
{
    return net_named(service) != NULL;
}

static void ask(struct net *to, const char *role, const char *verb, uint64_t tag,
                const struct bus_bytes *body, size_t body_n)
{
    struct message *message = message_new(body, body_n);
    message_word(message->verb, sizeof message->verb, verb);
    message_word(message->role, sizeof message->role, role);
    message->peer = "driver";
    message->from = DRIVER;
    message->tag = tag;
    send_to(to, &to->requests, message);
}

void sim_driver_send(const char *service, enum reach reach, const char *role, const char *verb, uint64_t tag,
                     const struct bus_bytes *body, size_t body_n)
{
    struct net *last = net_named(service);
    for (size_t i = 0; i < NETS_MAX; i++)
        if (nets[i] != NULL && strcmp(nets[i]->name, service) == 0 && (nets[i] == last || reach == REACH_ALL))
            ask(nets[i], role, verb, tag, body, body_n);
}

bool sim_driver_take(uint64_t *ret_tag, const char **ret_verb, struct bus_bytes ret_body[2])
{
    struct message *message = queue_take(&driver_inbox);
    if (message == NULL)
        return false;
    *ret_tag = message->tag;
    *ret_verb = message->verb;
    for (size_t i = 0; i < 2; i++)
        ret_body[i] = i < message->frames_n ? message->frames[i] : bus_bytes(NULL, 0);
    return true; /* the world forgets the message with all others */
}
