/* Real sockets with real keys, on loopback ports the system chooses. Everything waits with a deadline. */
#ifndef TESTS_NET_FIXTURE_H
#define TESTS_NET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <czmq.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/keys.h"
#include "net/net.h"

#define DEADLINE_MS 10000

struct fixture {
    char dir[64];
    struct bus_arena *arena;
    struct net *server;   /* "alpha": follows nobody */
    struct net *follower; /* follows alpha, where a test opens it */
    char events[128];
    char requests[128];
};

static inline int64_t deadline_us(void)
{
    return bus_clock_monotonic_us() + DEADLINE_MS * INT64_C(1000);
}

static inline bool in_time(int64_t deadline)
{
    return bus_clock_monotonic_us() < deadline;
}

static inline void assert_ok(enum bus_status status, const struct bus_error *err)
{
    if (status != BUS_OK)
        fail_msg("%s: %s", bus_status_name(status), err->text);
}

static inline void key_make_granted(struct fixture *f, const char *name, const char *role, const char *grants)
{
    struct bus_error err = {0};
    assert_ok(bus_keys_make(f->dir, name, role, grants, &err), &err);
}

static inline void key_make(struct fixture *f, const char *name, const char *role)
{
    key_make_granted(f, name, role, NULL);
}

static inline void key_forbid(struct fixture *f, const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/allowed/%s.pub", f->dir, name);
    assert_int_equal(unlink(path), 0);
}

static inline void server_open(struct fixture *f, const char *events, const char *requests)
{
    struct bus_error err = {0};
    struct net_config config = {
        .name = "alpha", .bind_events = events, .bind_requests = requests, .keys_dir = f->dir};
    assert_ok(net_open(&config, &f->server, &err), &err);
    snprintf(f->events, sizeof(f->events), "%s", net_events_endpoint(f->server));
    snprintf(f->requests, sizeof(f->requests), "%s", net_requests_endpoint(f->server));
}

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    strcpy(f->dir, "/tmp/net-test-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = bus_arena_new();
    key_make(f, "alpha", BUS_ROLE_PEER);
    key_make(f, "beta", BUS_ROLE_PEER);
    key_make(f, "ops", BUS_ROLE_OPERATOR);
    server_open(f, "tcp://127.0.0.1:*", "tcp://127.0.0.1:*");
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    net_close(&f->follower);
    net_close(&f->server);
    bus_arena_free(&f->arena);
    char command[80];
    snprintf(command, sizeof(command), "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* A second service that follows alpha. */
static inline struct net *follower_open(struct fixture *f, const char *name)
{
    struct bus_error err = {0};
    struct net_peer peer = {.name = "alpha", .events = f->events, .requests = f->requests};
    struct net_config config = {.name = name,
                                .bind_events = "tcp://127.0.0.1:*",
                                .bind_requests = "tcp://127.0.0.1:*",
                                .keys_dir = f->dir,
                                .follow = &peer,
                                .follow_n = 1};
    assert_ok(net_open(&config, &f->follower, &err), &err);
    return f->follower;
}

/* A socket of our own making, not yet connected: `name` is a key in the fixture's folder, NULL one nobody
 * knows. */
static inline zsock_t *stranger_new(struct fixture *f, int type, const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s.key", f->dir, name ? name : "");
    zcert_t *own = name ? zcert_load(path) : zcert_new();
    assert_non_null(own);
    snprintf(path, sizeof(path), "%s/alpha.key", f->dir);
    zcert_t *alpha = zcert_load(path);
    assert_non_null(alpha);
    zsock_t *socket = zsock_new(type);
    assert_non_null(socket);
    zcert_apply(own, socket);
    zsock_set_curve_serverkey(socket, zcert_public_txt(alpha));
    zsock_set_sndtimeo(socket, DEADLINE_MS);
    zsock_set_rcvtimeo(socket, DEADLINE_MS);
    if (type == ZMQ_SUB)
        zsock_set_subscribe(socket, "alpha/");
    zcert_destroy(&own);
    zcert_destroy(&alpha);
    return socket;
}

static inline zsock_t *stranger_open(struct fixture *f, int type, const char *name, const char *endpoint)
{
    zsock_t *socket = stranger_new(f, type, name);
    assert_int_equal(zmq_connect(zsock_resolve(socket), endpoint), 0);
    return socket;
}

static inline bool take_request(struct net *net, struct bus_arena *arena, struct net_request *ret)
{
    for (int64_t deadline = deadline_us(); in_time(deadline); net_wait(net, NULL, 0, 50))
        if (net_take_request(net, arena, ret))
            return true;
    return false;
}

static inline bool take_answer(struct net *net, struct bus_arena *arena, struct net_answer *ret)
{
    for (int64_t deadline = deadline_us(); in_time(deadline); net_wait(net, NULL, 0, 50))
        if (net_take_answer(net, 0, arena, ret))
            return true;
    return false;
}

static inline bool take_live(struct net *net, struct bus_arena *arena, struct net_frame *ret)
{
    (void)arena;
    for (int64_t deadline = deadline_us(); in_time(deadline); net_wait(net, NULL, 0, 50))
        if (net_take_live(net, 0, ret))
            return true;
    return false;
}

/* A SUB subscribes again after a reconnect only while its own thread turns, so the follower's turns too. */
static inline bool wait_subscribed(struct fixture *f)
{
    for (int64_t deadline = deadline_us(); in_time(deadline); net_wait(f->server, NULL, 0, 20)) {
        if (net_subscribed(f->server))
            return true;
        if (f->follower)
            net_wait(f->follower, NULL, 0, 0);
    }
    return false;
}

/* Waits first: what stands in allowed/ is looked at once per wait. */
static inline bool wait_dropped(struct net *net, struct bus_arena *arena, size_t n)
{
    struct net_request unused;
    for (int64_t deadline = deadline_us(); in_time(deadline);) {
        net_wait(net, NULL, 0, 50);
        assert_false(net_take_request(net, arena, &unused));
        if (net_dropped_frames(net) >= n)
            return true;
    }
    return false;
}

static inline void assert_bytes(struct bus_bytes bytes, const char *text)
{
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
}

#endif
