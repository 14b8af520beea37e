/* See health.h. libmicrohttpd without threads of its own: its epoll descriptor is one of those the loop waits
 * on.
 */
#include "app/health.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/readers.h"

struct health {
    struct MHD_Daemon *daemon;
    struct loop *loop; /* not to be looked into while the thread answers */
    int fd;
    bool threaded;
    pthread_t thread;
    int over; /* an eventfd: the thread ends */
    pthread_mutex_t lock;
    const char *state; /* until there is a loop: of health_waits() */
    char why[300];
};

static void write_source(struct bus_buffer *out, const struct source *source)
{
    const struct follow *follow = &source->follow;
    bus_buffer_printf(out, "libbus_lag_events{stream=\"%s\"} %lld\n", source->name,
                      (long long)(follow->head - follow->seq));
    bus_buffer_printf(out, "libbus_stream_reading{stream=\"%s\"} %d\n", source->name,
                      follow->state == FOLLOW_READING);
    bus_buffer_printf(out, "libbus_gaps_total{stream=\"%s\"} %llu\n", source->name,
                      (unsigned long long)follow->gaps);
    bus_buffer_printf(out, "libbus_catchup_events_total{stream=\"%s\"} %llu\n", source->name,
                      (unsigned long long)follow->caught_up);
}

struct metric {
    const char *name, *kind, *help;
    double value;
};

static void write_rows(struct bus_buffer *out, const struct metric *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bus_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", rows[i].name, rows[i].help,
                          rows[i].name, rows[i].kind, rows[i].name, rows[i].value);
}

static double uptime_s(const struct loop *loop)
{
    int64_t ms = (bus_clock_monotonic_us() - loop->started_us) / 1000;
    return (double)ms / 1e3;
}

static void write_metrics(struct bus_buffer *out, struct loop *loop)
{
    const struct metrics *m = &loop->metrics;
    const char *why = NULL;
    char last_key[41];
    const struct metric rows[] = {
        {"libbus_ready", "gauge", "1 when the service serves", loop_ready(loop, &why)},
        {"libbus_uptime_seconds", "gauge", "since the start of this process", uptime_s(loop)},
        {"libbus_stream_head", "gauge", "last sequence number of the service's own stream",
         (double)store_head_get(loop->store)->last_seq},
        {"libbus_stream_first", "gauge", "first sequence number that is still kept",
         (double)store_head_get(loop->store)->first_seq},
        {"libbus_turns_total", "counter", "transactions committed", (double)m->turns},
        {"libbus_events_total", "counter", "events handled", (double)m->events},
        {"libbus_commands_total", "counter", "commands answered", (double)m->commands},
        {"libbus_queries_total", "counter", "queries and catch-up requests answered", (double)m->queries},
        {"libbus_said_total", "counter", "events said", (double)m->said},
        {"libbus_retries_total", "counter", "turns undone because the database was away", (double)m->retries},
        {"libbus_database_silent_seconds", "gauge",
         "for how long a statement or COMMIT is not answered, or its outcome not known; 0: neither",
         (double)away_lasts_us(loop) / 1e6},
        {"libbus_singles_total", "counter", "batches run one by one after a failure", (double)m->singles},
        {"libbus_parked_total", "counter", "messages parked since the start", (double)m->parked},
        {"libbus_dead_letters", "gauge", "messages parked now", (double)store_dead_count(loop->store)},
        {"libbus_refused_total", "counter", "requests and keys refused, frames dropped",
         (double)(m->refused + net_dropped_frames(loop->net) + net_refused_keys(last_key))},
        {"libbus_handler_seconds_total", "counter", "time in handlers", (double)m->handler_us / 1e6},
        {"libbus_commit_seconds_total", "counter", "time in commits", (double)m->commit_us / 1e6},
        {"libbus_batch_events", "gauge", "messages in the last transaction", (double)m->batch_last},
    };
    write_rows(out, rows, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < loop->sources_n; i++)
        write_source(out, &loop->sources[i]);
    readers_write(loop, out);
}

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status,
                               const struct bus_buffer *body, const char *type)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Before there is a loop: alive, not ready, and why. */
static enum MHD_Result handle_waiting(struct health *self, struct MHD_Connection *connection, const char *url)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (strcmp(url, "/healthz") == 0) {
        bus_buffer_text(&out, "starting\n");
        return respond(connection, 200, &out, "text/plain");
    }
    if (strcmp(url, "/metrics") == 0) {
        write_rows(&out,
                   (const struct metric[]){{"libbus_ready", "gauge", "1 when the service serves", 0},
                                           {"libbus_uptime_seconds", "gauge",
                                            "since the start of this process", uptime_s(self->loop)}},
                   2);
        return respond(connection, 200, &out, "text/plain; version=0.0.4");
    }
    pthread_mutex_lock(&self->lock);
    bus_buffer_printf(&out, "%s: waits, and goes on by itself: %s\n", self->state, self->why);
    pthread_mutex_unlock(&self->lock);
    return respond(connection, 503, &out, "text/plain");
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    (void)version, (void)upload, (void)upload_size, (void)request;
    struct health *self = context;
    struct loop *loop = self->loop;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        bus_buffer_text(&out, "only GET\n");
        return respond(connection, 405, &out, "text/plain");
    }
    bool known = strcmp(url, "/healthz") == 0 || strcmp(url, "/readyz") == 0 || strcmp(url, "/metrics") == 0;
    if (!known) {
        bus_buffer_text(&out, "there are /healthz, /readyz and /metrics\n");
        return respond(connection, 404, &out, "text/plain");
    }
    if (self->threaded)
        return handle_waiting(self, connection, url);
    if (strcmp(url, "/healthz") == 0) {
        bus_buffer_text(&out, "the loop turns\n");
        return respond(connection, 200, &out, "text/plain");
    }
    if (strcmp(url, "/readyz") == 0) {
        const char *why = "ready";
        bool ready = loop_ready(loop, &why);
        AUTO(bus_buffer_done) struct bus_buffer need = {0};
        loop_tell_need(loop, &need);
        bus_buffer_printf(&out, "%s%s%.*s\n", why, need.size ? ": " : "", (int)need.size,
                          (const char *)need.data);
        return respond(connection, ready ? 200 : 503, &out, "text/plain");
    }
    write_metrics(&out, loop);
    return respond(connection, 200, &out, "text/plain; version=0.0.4");
}

static void *answer(void *argument)
{
    struct health *self = argument;
    struct pollfd at[] = {{.fd = self->fd, .events = POLLIN}, {.fd = self->over, .events = POLLIN}};
    while (!(at[1].revents & POLLIN)) {
        (void)poll(at, 2, 1000);
        (void)MHD_run(self->daemon);
    }
    return NULL;
}

enum bus_status health_open(const char *address, struct loop *loop, struct health **ret_health,
                            struct bus_error *err)
{
    const char *colon = strrchr(address, ':');
    char host[256];
    if (colon == NULL || (size_t)(colon - address) >= sizeof host)
        return bus_fail(err, BUS_INVALID, "BUS_HEALTH is \"%s\"; it must be host:port", address);
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE},
                    *found = NULL;
    if (getaddrinfo(host[0] ? host : NULL, colon + 1, &hints, &found) != 0)
        return bus_fail(err, BUS_INVALID, "BUS_HEALTH: %s is no address to listen on", address);
    struct health *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, self, MHD_OPTION_SOCK_ADDR, found->ai_addr,
                         MHD_OPTION_CONNECTION_LIMIT, 32U, MHD_OPTION_CONNECTION_TIMEOUT, 5U, MHD_OPTION_END);
    freeaddrinfo(found);
    if (daemon == NULL) {
        free(self);
        return bus_fail(err, BUS_CONFLICT, "cannot listen on %s: is it taken?", address);
    }
    self->daemon = daemon;
    self->loop = loop;
    self->state = "starting";
    self->fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    self->over = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&self->lock, NULL);
    self->threaded = true;
    if (self->over < 0 || pthread_create(&self->thread, NULL, answer, self) != 0)
        bus_die("cannot start a thread: the system's limits are reached");
    *ret_health = self;
    return BUS_OK;
}

void health_waits(struct health *self, const char *state, const char *why)
{
    if (self == NULL)
        return;
    pthread_mutex_lock(&self->lock);
    self->state = state;
    snprintf(self->why, sizeof self->why, "%s", why);
    pthread_mutex_unlock(&self->lock);
}

void health_hand_over(struct health *self)
{
    if (!self->threaded)
        return;
    (void)eventfd_write(self->over, 1);
    (void)pthread_join(self->thread, NULL);
    self->threaded = false;
}

void health_close(struct health **self_p)
{
    if (*self_p == NULL)
        return;
    health_hand_over(*self_p);
    MHD_stop_daemon((*self_p)->daemon);
    close((*self_p)->over);
    pthread_mutex_destroy(&(*self_p)->lock);
    free(*self_p);
    *self_p = NULL;
}

int health_fd(const struct health *self)
{
    return self->fd;
}

void health_turn(struct health *self)
{
    (void)MHD_run(self->daemon);
}
