/* See health.h. libmicrohttpd without threads: its epoll descriptor is one of those the loop waits on. */
#include "app/health.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/readers.h"

struct health {
    struct MHD_Daemon *daemon;
    int fd;
};

static void write_source(struct bus_buffer *out, const struct source *source)
{
    const struct follow *follow = &source->follow;
    bus_buffer_printf(out, "koppel_lag_events{stream=\"%s\"} %lld\n", source->name,
                      (long long)(follow->head - follow->seq));
    bus_buffer_printf(out, "koppel_stream_reading{stream=\"%s\"} %d\n", source->name,
                      follow->state == FOLLOW_READING);
    bus_buffer_printf(out, "koppel_gaps_total{stream=\"%s\"} %llu\n", source->name,
                      (unsigned long long)follow->gaps);
    bus_buffer_printf(out, "koppel_catchup_events_total{stream=\"%s\"} %llu\n", source->name,
                      (unsigned long long)follow->caught_up);
}

static void write_metrics(struct bus_buffer *out, struct loop *loop)
{
    const struct metrics *m = &loop->metrics;
    const char *why = NULL;
    char last_key[41];
    const struct {
        const char *name;
        const char *kind;
        const char *help;
        double value;
    } rows[] = {
        {"koppel_ready", "gauge", "1 when the service serves", loop_ready(loop, &why)},
        {"koppel_uptime_seconds", "gauge", "since the start of this process",
         (double)(bus_clock_monotonic_us() - loop->started_us) / 1e6},
        {"koppel_stream_head", "gauge", "last sequence number of the service's own stream",
         (double)store_head_get(loop->store)->last_seq},
        {"koppel_stream_first", "gauge", "first sequence number that is still kept",
         (double)store_head_get(loop->store)->first_seq},
        {"koppel_turns_total", "counter", "transactions committed", (double)m->turns},
        {"koppel_events_total", "counter", "events handled", (double)m->events},
        {"koppel_commands_total", "counter", "commands answered", (double)m->commands},
        {"koppel_queries_total", "counter", "queries and catch-up requests answered", (double)m->queries},
        {"koppel_said_total", "counter", "events said", (double)m->said},
        {"koppel_retries_total", "counter", "turns undone because the database was away", (double)m->retries},
        {"koppel_singles_total", "counter", "batches run one by one after a failure", (double)m->singles},
        {"koppel_parked_total", "counter", "messages parked since the start", (double)m->parked},
        {"koppel_dead_letters", "gauge", "messages parked now", (double)store_dead_count(loop->store)},
        {"koppel_refused_total", "counter", "requests and keys refused, frames dropped",
         (double)(m->refused + net_dropped_frames(loop->net) + net_refused_keys(last_key))},
        {"koppel_handler_seconds_total", "counter", "time in handlers", (double)m->handler_us / 1e6},
        {"koppel_commit_seconds_total", "counter", "time in commits", (double)m->commit_us / 1e6},
        {"koppel_batch_events", "gauge", "messages in the last transaction", (double)m->batch_last},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        bus_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", rows[i].name, rows[i].help,
                          rows[i].name, rows[i].kind, rows[i].name, rows[i].value);
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

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    (void)version, (void)upload, (void)upload_size, (void)request;
    struct loop *loop = context;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        bus_buffer_text(&out, "only GET\n");
        return respond(connection, 405, &out, "text/plain");
    }
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
    if (strcmp(url, "/metrics") == 0) {
        write_metrics(&out, loop);
        return respond(connection, 200, &out, "text/plain; version=0.0.4");
    }
    bus_buffer_text(&out, "there are /healthz, /readyz and /metrics\n");
    return respond(connection, 404, &out, "text/plain");
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
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, loop, MHD_OPTION_SOCK_ADDR, found->ai_addr,
                         MHD_OPTION_CONNECTION_LIMIT, 32U, MHD_OPTION_CONNECTION_TIMEOUT, 5U,
                         MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
    freeaddrinfo(found);
    if (daemon == NULL)
        return bus_fail(err, BUS_INVALID, "cannot listen on %s: is it taken?", address);
    struct health *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->daemon = daemon;
    self->fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    *ret_health = self;
    return BUS_OK;
}

void health_close(struct health **self_p)
{
    if (*self_p == NULL)
        return;
    MHD_stop_daemon((*self_p)->daemon);
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
