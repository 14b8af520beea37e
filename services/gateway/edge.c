/* See edge.h. */
#include "edge.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "adapters.h"
#include "asking.h"
#include "auth.h"
#include "belonging.h"
#include "days/days.h"
#include "http.h"
#include "publish.h"
#include "routes.h"
#include "stream.h"

#define TICK_MS 250
#define FDS_MAX 40

static struct edge *started; /* one a process */

/* ---- the thread */

/* Until nobody has anything to do: the descriptors of the sockets tell of changes only. */
static void turn(struct edge *self)
{
    bool more;
    do {
        http_turn(self->http);
        more = asking_take(self->asking);
        more |= streams_take(self->streams);
        more |= adapters_take(self->adapters);
    } while (more);
}

static void wait_for_work(struct edge *self)
{
    struct pollfd fds[FDS_MAX + 3] = {
        {.fd = self->stop_fd, .events = POLLIN},
        {.fd = http_fd(self->http), .events = POLLIN},
        {.fd = adapters_fd(self->adapters), .events = POLLIN},
    };
    int client[FDS_MAX];
    size_t n = bus_client_fds(self->client, client, FDS_MAX);
    for (size_t i = 0; i < n; i++)
        fds[3 + i] = (struct pollfd){.fd = client[i], .events = POLLIN};
    if (poll(fds, n + 3, http_timeout_ms(self->http, TICK_MS)) < 0 && errno != EINTR)
        bus_die("the edge cannot wait: %s", strerror(errno));
}

static void *run(void *context)
{
    struct edge *self = context;
    int64_t ticked_us = 0;
    while (!atomic_load(&self->stopping)) {
        turn(self);
        int64_t now_us = bus_clock_monotonic_us();
        if (now_us - ticked_us >= TICK_MS * INT64_C(1000)) {
            ticked_us = now_us;
            asking_expire(self->asking);
            streams_tick(self->streams);
            http_tick(self->http);
            turn(self);
        }
        wait_for_work(self);
    }
    return NULL;
}

/* ---- start and stop */

static void edge_free(struct edge **self_p)
{
    struct edge *self = *self_p;
    if (self == NULL)
        return;
    publishing_end(self->publishing);
    asking_end(self->asking); /* whoever waits for an answer hears that none came in time */
    http_free(&self->http);
    asking_end(self->asking); /* of calls that are over, what was asked for them keeps their memory */
    adapters_free(&self->adapters);
    streams_free(&self->streams);
    asking_free(&self->asking);
    auth_free(&self->auth);
    belonging_free(&self->belonging);
    publishing_free(&self->publishing);
    bus_client_close(&self->client);
    if (self->stop_fd >= 0)
        close(self->stop_fd);
    free(self);
    *self_p = NULL;
}

static enum bus_status open_doors(struct edge *self, const struct bus_client_config *config,
                                  struct bus_error *err)
{
    struct bus_server_config door = {
        .name = config->name, .keys_dir = config->keys_dir, .bind = bus_setting("ADAPTER_BIND")};
    struct bus_server *server = NULL;
    enum bus_status status = bus_server_open(&door, &server, err);
    if (status != BUS_OK)
        return status;
    self->adapters = adapters_new(server, self);
    struct http_config http = {
        .listen = bus_setting("HTTP_LISTEN"), .edge = self, .routes = &routes, .admit = auth_admit};
    self->http = http_new(&http, err);
    return self->http != NULL ? BUS_OK : BUS_INVALID;
}

static enum bus_status edge_open(struct edge *self, const struct bus_client_config *config,
                                 struct bus_error *err)
{
    if (!belgian_time_known())
        return bus_fail(err, BUS_INVALID, "the time zone Europe/Brussels is not known here: install tzdata");
    enum bus_status status = bus_client_open(config, &self->client, err);
    if (status != BUS_OK)
        return status;
    self->asking = asking_new(self->client);
    self->streams = streams_new(self->client);
    self->auth = auth_new();
    self->belonging = belonging_new();
    self->publishing = publishing_new();
    self->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return open_doors(self, config, err);
}

enum bus_status edge_start(struct bus_peers *peers, struct bus_error *err)
{
    AUTO(edge_free) struct edge *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for the edge");
    self->stop_fd = -1;
    self->peers = peers;
    enum bus_status status = edge_open(self, bus_peers_config(peers), err);
    if (status != BUS_OK)
        return status;
    if (pthread_create(&self->thread, NULL, run, self) != 0)
        return bus_fail(err, BUS_RETRY, "the edge's thread could not be started");
    started = self;
    self = NULL;
    return BUS_OK;
}

void edge_stop(void)
{
    if (started == NULL)
        return;
    uint64_t one = 1;
    atomic_store(&started->stopping, true);
    if (write(started->stop_fd, &one, sizeof one) < 0)
        bus_log_warn("the edge is told to stop, and will hear it a moment later");
    pthread_join(started->thread, NULL);
    edge_free(&started);
}
