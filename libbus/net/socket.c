/* The socket options, in one table per kind, and who is connected to. */
#include "net/socket.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/frames.h"
#include "net/zap.h"

/* libzmq takes this option, but its header names it in draft builds only, and czmq's setter then does
 * nothing. */
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

/* libzmq asks for the address of a name at each attempt to connect, in the thread that carries the
 * connection, and waits for as long as the name servers take: seconds for a host that has gone. So each host
 * that is connected to has a thread of its own beside the first, which has those who connect to us. */
#define HOST_THREADS 12
#define HOSTS_MAX    64 /* what comes beyond shares with the last */

static void init_once(void)
{
    zsys_handler_set(NULL); /* czmq would swallow SIGINT and SIGTERM */
    if (!zsys_init())
        bus_die("czmq could not be started: %s", strerror(errno));
    zsys_set_io_threads(1 + HOST_THREADS);
    zsys_set_logstream(NULL); /* its log would go to stdout */
}

void net_process_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
}

struct option {
    int name;
    int value;
};

/* TCP itself finds half-open connections, and the HEAD beat a peer that has stopped. Not ZeroMQ's heartbeats:
 * in 4.3.4 they end the process when the peer of a socket that is full dies (libzmq issue 4364). The growing
 * reconnect interval spares a peer that is starting; a handshake that stalls is given up. */
static const struct option common_options[] = {
    {ZMQ_LINGER, 1000},
    {ZMQ_TCP_KEEPALIVE, 1},
    {ZMQ_TCP_KEEPALIVE_IDLE, 3},
    {ZMQ_TCP_KEEPALIVE_CNT, 3},
    {ZMQ_TCP_KEEPALIVE_INTVL, 1},
    {ZMQ_TCP_MAXRT, 6000},
    {ZMQ_RECONNECT_IVL, 100},
    {ZMQ_RECONNECT_IVL_MAX, 5000},
    {ZMQ_HANDSHAKE_IVL, 3000},
    {ZMQ_CONNECT_TIMEOUT, 3000},
    {0, 0},
};

#define REQUEST_BYTES (256 * 1024)
#define DOOR_BYTES    (1024 * 1024 + 4096)
#define BATCH_BYTES   (4 * 1024 * 1024 + 64 * 1024)

/* With room for what is said in the handshake. Each byte of a topic costs libzmq some forty. */
#define TOPIC_BYTES 512

/* Subscriptions are all that comes in, and each connection's own is reported. A subscriber that stops reading
 * costs 500 messages of at most 64 KiB, or one event, and then loses what follows: it has the log. */
static const struct option events_options[] = {
    {ZMQ_SNDHWM, 500},
    {ZMQ_MAXMSGSIZE, TOPIC_BYTES},
    {ZMQ_XPUB_VERBOSE, 1},
    {0, 0},
};
/* Replies of a whole batch of commands go out at once. */
static const struct option requests_options[] = {
    {ZMQ_SNDHWM, 10000}, {ZMQ_RCVHWM, 64}, {ZMQ_MAXMSGSIZE, REQUEST_BYTES}, {ZMQ_ROUTER_MANDATORY, 1}, {0, 0},
};
/* What is too large by up to four times is read, to be answered with the limit; beyond that the connection is
 * closed. So little waits of each that many of them cost little. */
static const struct option door_options[] = {
    {ZMQ_SNDHWM, 1000}, {ZMQ_RCVHWM, 8}, {ZMQ_MAXMSGSIZE, DOOR_BYTES}, {ZMQ_ROUTER_MANDATORY, 1}, {0, 0},
};
static const struct option live_options[] = {
    {ZMQ_RCVHWM, 1000},
    {ZMQ_MAXMSGSIZE, REQUEST_BYTES},
    {0, 0},
};
/* What is asked while the peer is away is asked again later: a short queue keeps that from arriving as a
 * burst. */
static const struct option catch_up_options[] = {
    {ZMQ_SNDHWM, 64},
    {ZMQ_RCVHWM, 64},
    {ZMQ_MAXMSGSIZE, BATCH_BYTES},
    {0, 0},
};
static const struct option asking_options[] = {
    {ZMQ_SNDHWM, 10000},
    {ZMQ_RCVHWM, 10000},
    {ZMQ_MAXMSGSIZE, BATCH_BYTES},
    {0, 0},
};

static const struct kind {
    int type;
    const struct option *options;
} kinds[] = {
    [NET_EVENTS] = {ZMQ_XPUB, events_options},       [NET_REQUESTS] = {ZMQ_ROUTER, requests_options},
    [NET_DOOR] = {ZMQ_ROUTER, door_options},         [NET_LIVE] = {ZMQ_SUB, live_options},
    [NET_CATCH_UP] = {ZMQ_DEALER, catch_up_options}, [NET_ASKING] = {ZMQ_DEALER, asking_options},
};

static void option_set(void *handle, int name, const void *value, size_t size)
{
    if (zmq_setsockopt(handle, name, value, size) != 0)
        bus_die("socket option %d was refused: %s", name, zmq_strerror(zmq_errno()));
}

static void options_set(void *handle, const struct option *options)
{
    for (; options->name; options++) {
        int64_t wide = options->value;
        if (options->name == ZMQ_MAXMSGSIZE) /* the one option of 64 bits among them */
            option_set(handle, options->name, &wide, sizeof(wide));
        else
            option_set(handle, options->name, &options->value, sizeof(options->value));
    }
}

static zsock_t *socket_new(enum net_kind kind, zcert_t *cert)
{
    net_process_init();
    zsock_t *socket = zsock_new(kinds[kind].type);
    if (!socket)
        bus_die("no socket could be made: %s", zmq_strerror(zmq_errno()));
    void *handle = zsock_resolve(socket);
    options_set(handle, common_options);
    options_set(handle, kinds[kind].options);
    zcert_apply(cert, socket);
    return socket;
}

enum bus_status net_socket_bind(enum net_kind kind, zcert_t *cert, const char *stream, const char *endpoint,
                                zsock_t **ret_socket, struct bus_error *err)
{
    char domain[64] = NET_ZAP_DOMAIN;
    if (stream != NULL)
        snprintf(domain, sizeof(domain), NET_ZAP_STREAM "%s", stream);
    zsock_t *socket = socket_new(kind, cert);
    void *handle = zsock_resolve(socket);
    static const struct option server[] = {{ZMQ_CURVE_SERVER, 1}, {ZMQ_ZAP_ENFORCE_DOMAIN, 1}, {0, 0}};
    static const uint64_t first = 1;
    options_set(handle, server);
    option_set(handle, ZMQ_AFFINITY, &first, sizeof(first));
    option_set(handle, ZMQ_ZAP_DOMAIN, domain, strlen(domain));
    if (zmq_bind(handle, endpoint) != 0) {
        int reason = zmq_errno();
        zsock_destroy(&socket);
        if (reason == EADDRINUSE)
            return bus_fail(err, BUS_RETRY, "address %s is in use: another program listens there", endpoint);
        return bus_fail(err, BUS_INVALID, "address %s cannot be listened on: %s", endpoint,
                        zmq_strerror(reason));
    }
    *ret_socket = socket;
    return BUS_OK;
}

/* A standby listens only once it has taken over: it is looked for often. */
static const struct option standby_options[] = {{ZMQ_RECONNECT_IVL_MAX, 500}, {0, 0}};
/* Nothing waits for one that does not listen. */
static const struct option either_options[] = {{ZMQ_IMMEDIATE, 1}, {0, 0}};

/* Hosts as they come, by what stands before the port. */
static uint64_t thread_of(const char *address)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char hosts[HOSTS_MAX][256];
    const char *port = strrchr(address, ':');
    size_t size = port ? (size_t)(port - address) : strlen(address), i = 0;
    pthread_mutex_lock(&lock);
    while (i < HOSTS_MAX - 1 && hosts[i][0] != '\0' &&
           (strlen(hosts[i]) != size || memcmp(hosts[i], address, size) != 0))
        i++;
    if (hosts[i][0] == '\0')
        snprintf(hosts[i], sizeof(hosts[i]), "%.*s", (int)size, address);
    pthread_mutex_unlock(&lock);
    return UINT64_C(2) << i % HOST_THREADS;
}

static enum bus_status connect_to(void *handle, const char *address, size_t size, struct bus_error *err)
{
    char text[256];
    snprintf(text, sizeof(text), "%.*s", (int)size, address);
    uint64_t thread = thread_of(text);
    option_set(handle, ZMQ_AFFINITY, &thread, sizeof(thread));
    if (zmq_connect(handle, text) != 0)
        return bus_fail(err, BUS_INVALID, "address %s cannot be connected to: %s", text,
                        zmq_strerror(zmq_errno()));
    return BUS_OK;
}

/* A follower is where somebody listens, and that is whoever has the lease; a client, whose requests may wait,
 * would have them dealt out among all. */
static enum bus_status connect_each(enum net_kind kind, void *handle, const char *endpoint, unsigned turn,
                                    struct bus_error *err)
{
    unsigned n = 1, i = 0;
    for (const char *at = endpoint; (at = strchr(at, '|')); at++)
        n++;
    if (n > 1)
        options_set(handle, standby_options);
    if (n > 1 && kind == NET_CATCH_UP)
        options_set(handle, either_options);
    for (const char *at = endpoint; i < n; i++) {
        size_t size = strcspn(at, "|");
        enum bus_status status = BUS_OK;
        if (kind != NET_ASKING || i == turn % n)
            status = connect_to(handle, at, size, err);
        if (status)
            return status;
        at += size + 1;
    }
    return BUS_OK;
}

/* ---- whether our key is refused: libzmq says it to a socket of this process */

static zsock_t *watch_new(void *handle)
{
    static _Atomic unsigned made;
    static const struct option endless[] = {{ZMQ_RCVHWM, 0},
                                            {0, 0}}; /* full, it would halt libzmq's thread */
    char endpoint[64];
    snprintf(endpoint, sizeof(endpoint), "inproc://watch-%u", made++);
    zsock_t *watch = zsock_new(ZMQ_PAIR);
    if (!watch)
        bus_die("no socket could be made: %s", zmq_strerror(zmq_errno()));
    options_set(zsock_resolve(watch), endless);
    if (zmq_socket_monitor(handle, endpoint, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) != 0 ||
        zmq_connect(zsock_resolve(watch), endpoint) != 0)
        bus_die("a socket could not be watched: %s", zmq_strerror(zmq_errno()));
    return watch;
}

bool net_watch_refused(zsock_t *watch)
{
    bool refused = false;
    for (;;) {
        AUTO(net_frames_done) struct net_frames event;
        if (net_frames_read(watch, &event) == NET_READ_NOTHING)
            return refused;
        refused = true; /* the one event that is asked for */
    }
}

/* ---- connecting */

enum bus_status net_socket_connect(enum net_kind kind, zcert_t *cert, const char *server_key,
                                   const char *endpoint, unsigned turn, const char *const *topics,
                                   zsock_t **ret_socket, zsock_t **ret_watch, struct bus_error *err)
{
    AUTO(zsock_destroy) zsock_t *watch = NULL;
    zsock_t *socket = socket_new(kind, cert);
    void *handle = zsock_resolve(socket);
    option_set(handle, ZMQ_CURVE_SERVERKEY, server_key, strlen(server_key) + 1);
    for (; topics && *topics; topics++)
        option_set(handle, ZMQ_SUBSCRIBE, *topics, strlen(*topics));
    if (ret_watch)
        watch = watch_new(handle); /* before the first handshake */
    enum bus_status status = connect_each(kind, handle, endpoint, turn, err);
    if (status) {
        zsock_destroy(&socket);
        return status;
    }
    *ret_socket = socket;
    if (ret_watch)
        *ret_watch = watch;
    watch = NULL;
    return BUS_OK;
}
