/* A client's sockets and its requests as frames: a tag, the delimiter, verb and bodies. */
#include "net/client_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/scan.h"
#include "net/cert.h"
#include "net/verb.h"

#define ASK_TAG (UINT64_C(1) << 63)

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
        bus_die("out of memory: no room for a client");
    return result;
}

enum bus_status bus_client_open(const struct bus_client_config *config, struct bus_client **ret_client,
                                struct bus_error *err)
{
    AUTO(bus_client_close) struct bus_client *self = zeroed(1, sizeof(*self));
    enum bus_status status = net_cert_secret(config->keys_dir, config->name, &self->cert, err);
    if (status)
        return status;
    self->name = copy(config->name);
    self->keys_dir = copy(config->keys_dir);
    self->services = zeroed(config->services_n, sizeof(*self->services));
    self->services_n = config->services_n;
    self->items = zeroed(config->services_n, sizeof(*self->items));
    for (size_t i = 0; i < config->services_n; i++) {
        self->services[i].name = copy(config->services[i].service);
        self->services[i].events = copy(config->services[i].events);
        self->services[i].requests = copy(config->services[i].requests);
    }
    *ret_client = self;
    self = NULL;
    return BUS_OK;
}

void bus_client_close(struct bus_client **self_p)
{
    if (!self_p || !*self_p)
        return;
    struct bus_client *self = *self_p;
    for (size_t i = 0; i < self->services_n; i++) {
        zsock_destroy(&self->services[i].asking);
        zsock_destroy(&self->services[i].watch);
        zsock_destroy(&self->services[i].live);
        free(self->services[i].name);
        free(self->services[i].events);
        free(self->services[i].requests);
    }
    free(self->services);
    free(self->items);
    zcert_destroy(&self->cert);
    free(self->name);
    free(self->keys_dir);
    free(self);
    *self_p = NULL;
}

enum bus_status client_service_get(struct bus_client *self, const char *name,
                                   struct client_service **ret_service, struct bus_error *err)
{
    char known[256] = "";
    for (size_t i = 0; i < self->services_n; i++) {
        if (strcmp(self->services[i].name, name) == 0) {
            *ret_service = &self->services[i];
            return BUS_OK;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "", self->services[i].name);
    }
    return bus_fail(err, BUS_NOT_FOUND, "there is no service \"%s\"; known are: %s", name,
                    *known ? known : "none");
}

bool client_wait(struct bus_client *self, client_pick_fn *pick, int64_t deadline_us)
{
    size_t n = 0;
    for (size_t i = 0; i < self->services_n; i++) {
        zsock_t *socket = pick(&self->services[i]);
        if (socket)
            self->items[n++] = (zmq_pollitem_t){.socket = zsock_resolve(socket), .events = ZMQ_POLLIN};
    }
    int64_t left_us = deadline_us - bus_clock_monotonic_us();
    long left_ms = left_us > 0 ? (long)((left_us + 999) / 1000) : 0;
    return zmq_poll(self->items, (int)n, left_ms) > 0;
}

size_t bus_client_fds(struct bus_client *self, int *fds, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < self->services_n; i++) {
        if (self->services[i].asking && n < max)
            fds[n++] = zsock_fd(self->services[i].asking);
        if (self->services[i].live && n < max)
            fds[n++] = zsock_fd(self->services[i].live);
    }
    return n;
}

/* ---- requests */

static enum bus_status asking_connect(struct bus_client *self, struct client_service *service,
                                      struct bus_error *err)
{
    if (service->asking)
        return BUS_OK;
    char key[41];
    enum bus_status status = net_cert_public(self->keys_dir, service->name, key, err);
    if (status)
        return status;
    return net_socket_connect(NET_ASKING, self->cert, key, service->requests, service->turn, NULL,
                              &service->asking, &service->watch, err);
}

static void asking_forget(struct client_service *service)
{
    service->turn++;
    service->unready = false;
    if (service->asking)
        zsock_set_linger(service->asking, 0);
    zsock_destroy(&service->asking);
    zsock_destroy(&service->watch);
}

bool bus_client_refused(struct bus_client *self, const char *name)
{
    struct client_service *service;
    return client_service_get(self, name, &service, NULL) == BUS_OK && service->watch &&
           net_watch_refused(service->watch);
}

enum bus_status bus_client_reconnect(struct bus_client *self, const char *name, struct bus_error *err)
{
    struct client_service *service;
    enum bus_status status = client_service_get(self, name, &service, err);
    if (status)
        return status;
    asking_forget(service);
    if (!service->live)
        return BUS_OK;
    zsock_destroy(&service->live);
    return bus_client_follow(self, name, err);
}

enum bus_status bus_client_send(struct bus_client *self, const char *name, uint64_t tag,
                                const struct bus_frames *request, struct bus_error *err)
{
    struct client_service *service;
    enum bus_status status = client_service_get(self, name, &service, err);
    if (!status && service->unready)
        asking_forget(service);
    if (!status)
        status = asking_connect(self, service, err);
    if (status)
        return status;
    struct bus_bytes frames[5] = {bus_bytes(&tag, sizeof(tag)), bus_bytes("", 0),
                                  bus_bytes_of(request->verb)};
    size_t n = 3;
    for (size_t i = 0; i < request->body_n && i < 2; i++)
        frames[n++] = request->body[i];
    if (!net_frames_send(service->asking, frames, n))
        return bus_fail(err, BUS_RETRY, "%s takes no more requests now: try again later", name);
    return BUS_OK;
}

static bool answer_read(const struct net_frames *frames, struct bus_arena *arena, uint64_t *ret_tag,
                        struct bus_frames *ret)
{
    if (frames->n < 3 || frames->n > 5 || net_frames_at(frames, 0).size != sizeof(*ret_tag) ||
        net_frames_at(frames, 1).size != 0)
        return false;
    struct bus_frames answer = {.verb = net_verb_read(net_frames_at(frames, 2), arena)};
    if (!answer.verb)
        return false;
    for (size_t i = 3; i < frames->n; i++) {
        struct bus_bytes body = net_frames_at(frames, i);
        answer.body[answer.body_n++] = bus_bytes(bus_copy(arena, body.data, body.size), body.size);
    }
    memcpy(ret_tag, net_frames_at(frames, 0).data, sizeof(*ret_tag));
    *ret = answer;
    return true;
}

/* An owner that only its database is away from answers, but a standby may have its stream by now. */
static void note_unready(struct client_service *service, const struct bus_frames *answer,
                         struct bus_arena *arena)
{
    bool refused = strcmp(answer->verb, "ERR") == 0;
    if (strchr(service->requests, '|') == NULL || (!refused && strcmp(answer->verb, "REPLY") != 0) ||
        answer->body_n == 0 || bus_scan_map(answer->body[0], &bus_scan_data, NULL) != BUS_OK)
        return;
    const char *code = bus_cursor_get_text(answer->body[0], "code", arena, "");
    service->unready = strcmp(code, refused ? "AWAY" : "BUS-AWAY") == 0;
}

static zsock_t *pick_asking(const struct client_service *service)
{
    return service->asking;
}

/* One round over the services. */
static bool answer_take(struct bus_client *self, struct bus_arena *arena,
                        const struct client_service **ret_service, uint64_t *ret_tag, struct bus_frames *ret)
{
    for (size_t i = 0; i < self->services_n; i++) {
        size_t at = (self->next + i) % self->services_n;
        if (!self->services[at].asking)
            continue;
        enum net_read read;
        do {
            AUTO(net_frames_done) struct net_frames frames;
            read = net_frames_read(self->services[at].asking, &frames);
            if (read == NET_READ_OK && answer_read(&frames, arena, ret_tag, ret)) {
                note_unready(&self->services[at], ret, arena);
                self->next = at + 1;
                *ret_service = &self->services[at];
                return true;
            }
        } while (read != NET_READ_NOTHING);
    }
    return false;
}

enum bus_status bus_client_receive(struct bus_client *self, int timeout_ms, struct bus_arena *arena,
                                   const char **ret_service, uint64_t *ret_tag, struct bus_frames *ret_answer,
                                   struct bus_error *err)
{
    int64_t deadline_us = bus_clock_monotonic_us() + timeout_ms * INT64_C(1000);
    const struct client_service *from;
    do {
        if (answer_take(self, arena, &from, ret_tag, ret_answer)) {
            *ret_service = from->name;
            return BUS_OK;
        }
    } while (client_wait(self, pick_asking, deadline_us));
    return bus_fail(err, BUS_RETRY, "no answer came within %d ms", timeout_ms);
}

enum bus_status bus_client_ask(struct bus_client *self, const char *name, const struct bus_frames *request,
                               int timeout_ms, struct bus_arena *arena, struct bus_frames *ret_answer,
                               struct bus_error *err)
{
    uint64_t asked = ASK_TAG | ++self->last_tag;
    int64_t deadline_us = bus_clock_monotonic_us() + timeout_ms * INT64_C(1000);
    struct client_service *service;
    enum bus_status status = client_service_get(self, name, &service, err);
    if (!status)
        status = bus_client_send(self, name, asked, request, err);
    if (status == BUS_RETRY)
        asking_forget(service); /* a connection that was refused takes nothing more: begin anew next time */
    if (status)
        return status;
    do {
        const struct client_service *from;
        uint64_t tag;
        struct bus_frames answer;
        while (answer_take(self, arena, &from, &tag, &answer)) {
            if (from != service || tag != asked)
                continue; /* late, to a question given up before; or another's, who guessed the tag */
            *ret_answer = answer;
            return BUS_OK;
        }
        client_wait(self, pick_asking, deadline_us); /* also ends at a signal: only the deadline counts */
    } while (bus_clock_monotonic_us() < deadline_us);
    bool refused = bus_client_refused(self, name);
    asking_forget(service);
    if (refused)
        return bus_fail_code(err, BUS_RETRY, "BUS-DENIED",
                             "%s refuses the key of %s: put allowed/%s.pub into its key folder", name,
                             self->name, self->name);
    return bus_fail(err, BUS_RETRY, "%s did not answer within %d ms: does it run and answer others?", name,
                    timeout_ms);
}
