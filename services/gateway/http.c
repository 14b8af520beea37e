/* See http.h. The daemon runs in the edge's thread, without one of its own. */
#include "http.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "doors.h"
#include "intake.h"
#include "route.h"

#define CONNECTIONS_MAX  2000U
#define CONNECTION_BYTES (32 * 1024) /* of request line and headers together */
#define IDLE_S           15U
#define BODY_US          (30 * BUS_SECOND_US)
#define SWALLOW_BYTES    (1ULL << 30) /* of a body over the limit, so that its sender hears why */

struct http {
    struct edge *edge;
    const struct route_table *routes;
    admit_fn *admit;
    struct MHD_Daemon *daemon;
    struct doors *doors;
    struct call *first;
    bool closing;
    struct {
        uint64_t by_class[6]; /* 1: 1xx … 5: 5xx */
        uint64_t bytes_in, bytes_out;
        size_t in_flight;
    } count;
};

/* ---- a call's life */

static struct call *call_begin(struct http *self, struct MHD_Connection *connection)
{
    struct call *call = call_new(self->edge, connection);
    call->following = self->first;
    if (self->first != NULL)
        self->first->before = call;
    self->first = call;
    self->count.in_flight++;
    return call;
}

static void on_over(void *context, struct MHD_Connection *connection, void **slot,
                    enum MHD_RequestTerminationCode why)
{
    struct http *self = context;
    struct call *call = *slot;
    (void)why;
    doors_idle(self->doors, connection);
    if (call == NULL)
        return;
    *slot = NULL;
    if (call->before != NULL)
        call->before->following = call->following;
    else
        self->first = call->following;
    if (call->following != NULL)
        call->following->before = call->before;
    self->count.in_flight--;
    self->count.by_class[call->status / 100 % 6]++;
    self->count.bytes_out += call->reply_bytes;
    bus_log_debug("%s %s %u in %lld ms", call->route ? call->route->method : "-",
                  call->route ? call->route->path : "-", call->status,
                  (long long)((bus_clock_monotonic_us() - call->began_us) / 1000));
    call_end(call);
}

/* ---- requests */

static size_t body_limit(const struct call *call)
{
    return call->route != NULL && strcmp(call->route->method, "POST") == 0 ? INTAKE_BODY_BYTES : 0;
}

struct once {
    const char *name;
    unsigned n;
};

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    struct once *once = context;
    (void)kind, (void)value;
    once->n += strcasecmp(once->name, name) == 0;
    return MHD_YES;
}

/* Of two that differ another on the way may heed the other: where a body ends, or who asks. */
static const char *unclear(const struct call *call)
{
    static const char *const once[] = {"Host",          "Content-Length",  "Transfer-Encoding",
                                       "Authorization", "Idempotency-Key", "Content-Type"};
    const char *coding = call_header(call, "Transfer-Encoding");
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        struct once counted = {.name = once[i]};
        MHD_get_connection_values(call->connection, MHD_HEADER_KIND, count_header, &counted);
        if (counted.n > 1)
            return bus_printf(call->arena, "the header %s stands there twice: send it once", once[i]);
    }
    if (coding != NULL && call_header(call, "Content-Length") != NULL)
        return "send Content-Length or Transfer-Encoding, not both";
    if (coding != NULL && strcasecmp(coding, "chunked") != 0)
        return "no Transfer-Encoding but chunked is read";
    return NULL;
}

static void begin(struct http *self, struct call *call, const char *url, const char *method)
{
    const char *length = call_header(call, "Content-Length");
    unsigned long long claimed = length != NULL ? strtoull(length, NULL, 10) : 0;
    call->route = route_find(self->routes, method, url, call->arena, &call->argument, &call->allow);
    if (call->route == NULL && call->allow == NULL)
        call->nearest = route_near(self->routes, url, call->arena);
    call->bodiless = strcmp(method, "HEAD") == 0;
    call->unclear = unclear(call);
    call->too_big = claimed > body_limit(call);
    call->endless = claimed > SWALLOW_BYTES;
}

/* A body beyond the limit is not kept, but read to its end: most clients read no answer before they have sent
 * all, and one in the middle would be lost with the connection. */
static enum MHD_Result gather(struct http *self, struct call *call, const char *upload, size_t *size)
{
    call->body_seen += *size;
    self->count.bytes_in += *size;
    if (call->body_seen > body_limit(call))
        call->too_big = true;
    if (call->too_big)
        bus_buffer_done(&call->body);
    else
        bus_buffer_add(&call->body, upload, *size);
    *size = 0;
    bool endless = call->body_seen > SWALLOW_BYTES || bus_clock_monotonic_us() - call->began_us > BODY_US;
    return endless ? MHD_NO : MHD_YES;
}

static bool is_encoded(const struct call *call)
{
    const char *coding = call_header(call, "Content-Encoding");
    return body_limit(call) > 0 && coding != NULL && strcasecmp(coding, "identity") != 0;
}

static void refuse_path(struct call *call)
{
    const char *near = call->nearest;
    call_problem(call, 404, NULL, "there is no such path%s%s; GET /v1/openapi.json lists all",
                 near != NULL ? ": did you mean " : "", near != NULL ? near : "");
}

static void run(struct http *self, struct call *call)
{
    if (self->closing)
        call_problem(call, 503, NULL, "the gateway is stopping: try again in a moment");
    else if (call->unclear != NULL)
        call_problem(call, 400, NULL, "%s", call->unclear);
    else if (call->route == NULL && call->allow == NULL)
        refuse_path(call);
    else if (call->route == NULL) {
        call_set(call, "Allow", call->allow);
        call_problem(call, 405, NULL, "this path takes %s", call->allow);
    } else if (call->too_big) {
        call_problem(call, 413, NULL,
                     body_limit(call) ? "a body is at most 1 MiB: send less at a time"
                                      : "this path takes no body");
    } else if (is_encoded(call)) {
        call_set(call, "Accept-Encoding", "identity");
        call_problem(call, 415, NULL,
                     "send the body as it is, without Content-Encoding: no encoding is read");
    } else if (call->route->open) {
        call->route->run(call);
    } else {
        self->admit(call, call->route->run);
    }
}

static enum MHD_Result give(struct call *call)
{
    struct MHD_Response *response = call->response;
    call->response = NULL;
    enum MHD_Result queued = MHD_queue_response(call->connection, call->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **slot)
{
    struct http *self = context;
    struct call *call = *slot;
    (void)version;
    if (call == NULL) {
        call = *slot = call_begin(self, connection);
        doors_busy(self->doors, connection);
        begin(self, call, url, method);
        if (!call->endless && call->unclear == NULL &&
            (!call->too_big || call_header(call, "Expect") == NULL))
            return MHD_YES;
        /* It asks before it sends, would send for too long, or nobody knows where it ends: the connection is
         * closed. */
        if (call->unclear != NULL)
            call_set(call, "Connection", "close");
        run(self, call);
        return give(call);
    }
    if (*upload_size > 0)
        return gather(self, call, upload, upload_size);
    if (!call->began) {
        call->began = true;
        run(self, call);
    }
    if (call->response != NULL)
        return give(call);
    call->suspended = true;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

/* ---- opening, closing, turning */

/* A NUL would end the text, and what stands before it pass for the whole: it becomes a byte that is in no
 * UTF-8, which no path has and no parameter may hold. */
static size_t unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    for (char *at = text; (at = strstr(at, "%00")) != NULL; at += 3)
        memcpy(at, "%FF", 3);
    return MHD_http_unescape(text);
}

/* Every connection takes a descriptor. */
static unsigned room_for_connections(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    rlim_t wanted = CONNECTIONS_MAX + 200;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur >= wanted ? CONNECTIONS_MAX : (unsigned)(limit.rlim_cur / 2);
}

/* At `address`, or nowhere where that is NULL. */
static struct MHD_Daemon *open_daemon(struct http *self, const struct addrinfo *address)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
                     (address == NULL                  ? MHD_USE_NO_LISTEN_SOCKET
                      : address->ai_family == AF_INET6 ? MHD_USE_IPv6
                                                       : 0);
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, self, MHD_OPTION_SOCK_ADDR, address != NULL ? address->ai_addr : NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_over, self, MHD_OPTION_NOTIFY_CONNECTION, doors_notify, self->doors,
        MHD_OPTION_CONNECTION_LIMIT, room_for_connections(), MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024U, MHD_OPTION_END);
}

static enum bus_status find_address(const char *address, struct addrinfo **ret_found, struct bus_error *err)
{
    const char *colon = strrchr(address, ':');
    char host[256];
    if (colon == NULL || (size_t)(colon - address) >= sizeof host)
        return bus_fail(err, BUS_INVALID, "HTTP_LISTEN is \"%s\"; it must be host:port", address);
    snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    if (getaddrinfo(host[0] ? host : NULL, colon + 1, &hints, ret_found) != 0)
        return bus_fail(err, BUS_INVALID, "HTTP_LISTEN: %s is no address to listen on", address);
    return BUS_OK;
}

struct http *http_new(const struct http_config *config, struct bus_error *err)
{
    struct addrinfo *found = NULL;
    if (config->listen != NULL && find_address(config->listen, &found, err) != BUS_OK)
        return NULL;
    struct http *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for the HTTP interface");
    self->edge = config->edge;
    self->routes = config->routes;
    self->admit = config->admit;
    self->doors = doors_new();
    self->daemon = open_daemon(self, found);
    if (found != NULL)
        freeaddrinfo(found);
    if (self->daemon == NULL) {
        (void)bus_fail(err, BUS_INVALID, "cannot listen on %s for HTTP: is it taken?", config->listen);
        http_free(&self);
    }
    return self;
}

bool http_join(struct http *self, int fd)
{
    const struct sockaddr nameless = {.sa_family = AF_UNIX};
    return MHD_add_connection(self->daemon, fd, &nameless, sizeof nameless) == MHD_YES;
}

void http_free(struct http **self_p)
{
    struct http *self = *self_p;
    if (self == NULL)
        return;
    self->closing = true;
    for (struct call *call = self->first, *next; call != NULL; call = next) {
        next = call->following;
        if (call->feed != NULL)
            feed_end(call, false);
        else if (call->suspended)
            call_problem(call, 503, NULL,
                         "the gateway is stopping: try again in a moment, with the same ids");
    }
    if (self->daemon != NULL) {
        (void)MHD_run(self->daemon);
        MHD_stop_daemon(self->daemon);
    }
    doors_free(&self->doors);
    free(self);
    *self_p = NULL;
}

int http_fd(const struct http *self)
{
    return MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

void http_turn(struct http *self)
{
    (void)MHD_run(self->daemon);
}

void http_tick(struct http *self)
{
    doors_tick(self->doors);
}

int http_timeout_ms(const struct http *self, int most_ms)
{
    MHD_UNSIGNED_LONG_LONG wait;
    if (MHD_get_timeout(self->daemon, &wait) != MHD_YES || wait > (unsigned)most_ms)
        return most_ms;
    return (int)wait;
}

void http_metrics(const struct http *self, struct bus_buffer *out)
{
    bus_buffer_text(out, "# HELP koppel_http_requests_total requests answered, by class of status\n"
                         "# TYPE koppel_http_requests_total counter\n");
    for (int i = 2; i < 6; i++)
        bus_buffer_printf(out, "koppel_http_requests_total{status=\"%dxx\"} %llu\n", i,
                          (unsigned long long)self->count.by_class[i]);
    bus_buffer_printf(
        out,
        "# HELP koppel_http_received_bytes_total bytes of bodies received\n"
        "# TYPE koppel_http_received_bytes_total counter\nkoppel_http_received_bytes_total %llu\n"
        "# HELP koppel_http_sent_bytes_total bytes of bodies sent\n"
        "# TYPE koppel_http_sent_bytes_total counter\nkoppel_http_sent_bytes_total %llu\n"
        "# HELP koppel_http_in_flight requests being answered\n"
        "# TYPE koppel_http_in_flight gauge\nkoppel_http_in_flight %zu\n"
        "# HELP koppel_http_connections connections open\n"
        "# TYPE koppel_http_connections gauge\nkoppel_http_connections %zu\n",
        (unsigned long long)self->count.bytes_in, (unsigned long long)self->count.bytes_out,
        self->count.in_flight, doors_count(self->doors));
}
