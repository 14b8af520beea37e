/* An edge's door: requests by name of the key, replies by their route, nobody without a key. */
#include "fixture.h"

#include <poll.h>

#include "bus/server.h"

static struct bus_server *door_open(struct fixture *f)
{
    struct bus_error err = {0};
    struct bus_server_config config = {.name = "alpha", .keys_dir = f->dir, .bind = "tcp://127.0.0.1:*"};
    struct bus_server *server = NULL;
    assert_ok(bus_server_open(&config, &server, &err), &err);
    return server;
}

/* Waits as an edge does: take until false, then on the descriptor. */
static bool take(struct fixture *f, struct bus_server *server, struct bus_server_request *ret, int most_ms)
{
    int64_t until = bus_clock_monotonic_us() + most_ms * INT64_C(1000);
    do {
        if (bus_server_take(server, f->arena, ret))
            return true;
        struct pollfd fd = {.fd = bus_server_fd(server), .events = POLLIN};
        poll(&fd, 1, 50);
    } while (bus_clock_monotonic_us() < until);
    return false;
}

static void a_request_tells_who_asks_and_the_reply_finds_them(void **state)
{
    struct fixture *f = *state;
    key_make(f, "vdab", BUS_ROLE_ADAPTER);
    struct bus_server *server = door_open(f);
    zsock_t *adapter = stranger_open(f, ZMQ_DEALER, "vdab", bus_server_endpoint(server));
    assert_int_equal(zsock_send(adapter, "zsb", "PUBLISH", "\x90", (size_t)1), 0);
    struct bus_server_request request;
    assert_true(take(f, server, &request, DEADLINE_MS));
    assert_string_equal(request.peer, "vdab");
    assert_string_equal(request.role, BUS_ROLE_ADAPTER);
    assert_string_equal(request.verb, "PUBLISH");
    assert_int_equal(request.body_n, 1);
    assert_int_equal(request.body[0].data[0], 0x90);
    bus_server_reply(server, request.route, "ACK", bus_bytes_of("body"));
    char *empty = NULL, *verb = NULL, *body = NULL;
    assert_int_equal(zsock_recv(adapter, "sss", &empty, &verb, &body), 0);
    assert_string_equal(empty, "");
    assert_string_equal(verb, "ACK");
    assert_string_equal(body, "body");
    freen(empty);
    freen(verb);
    freen(body);
    zsock_destroy(&adapter);
    bus_server_close(&server);
    assert_null(server);
}

static void broken_framing_can_be_answered_and_the_next_request_comes_through(void **state)
{
    struct fixture *f = *state;
    struct bus_server *server = door_open(f);
    zsock_t *ops = stranger_open(f, ZMQ_DEALER, "ops", bus_server_endpoint(server));
    assert_int_equal(zsock_send(ops, "s", "no delimiter"), 0);
    assert_int_equal(zsock_send(ops, "zss", "not a verb", "x"), 0);
    assert_int_equal(zsock_send(ops, "zsssss", "PUBLISH", "a", "b", "c", "d"), 0);
    assert_int_equal(zsock_send(ops, "zss", "STATUS", "x"), 0);
    struct bus_server_request request;
    for (int i = 0; i < 3; i++) {
        assert_true(take(f, server, &request, DEADLINE_MS));
        assert_string_equal(request.verb, "");
        assert_string_equal(request.peer, "ops");
        assert_int_equal(request.body_n, 0);
        bus_server_reply(server, request.route, "ERR", bus_bytes_of("broken"));
        AUTO(zmsg_destroy) zmsg_t *reply = zmsg_recv(ops);
        assert_non_null(reply);
        assert_int_equal(zframe_size(zmsg_first(reply)), 0);
        assert_true(zframe_streq(zmsg_next(reply), "ERR"));
    }
    assert_true(take(f, server, &request, DEADLINE_MS));
    assert_string_equal(request.verb, "STATUS");
    assert_false(bus_server_take(server, f->arena, &request));
    zsock_destroy(&ops);
    bus_server_close(&server);
}

static void a_key_that_is_taken_away_is_refused_on_a_connection_that_stands(void **state)
{
    struct fixture *f = *state;
    key_make(f, "vdab", BUS_ROLE_ADAPTER);
    struct bus_server *server = door_open(f);
    zsock_t *adapter = stranger_open(f, ZMQ_DEALER, "vdab", bus_server_endpoint(server));
    struct bus_server_request request;
    assert_int_equal(zsock_send(adapter, "zss", "PUBLISH", "1"), 0);
    assert_true(take(f, server, &request, DEADLINE_MS));
    key_forbid(f, "vdab");
    zsock_t *ops = stranger_open(f, ZMQ_DEALER, "ops", bus_server_endpoint(server));
    assert_int_equal(zsock_send(adapter, "zss", "PUBLISH", "2"), 0);
    assert_int_equal(zsock_send(ops, "zss", "PUBLISH", "3"), 0);
    assert_true(take(f, server, &request, DEADLINE_MS));
    assert_string_equal(request.peer, "ops");
    assert_false(take(f, server, &request, 200));
    zsock_destroy(&adapter);
    zsock_destroy(&ops);
    bus_server_close(&server);
}

static void a_rogue_key_is_not_heard(void **state)
{
    struct fixture *f = *state;
    struct bus_server *server = door_open(f);
    zsock_t *rogue = stranger_open(f, ZMQ_DEALER, NULL, bus_server_endpoint(server));
    zsock_send(rogue, "zss", "PUBLISH", "x");
    struct bus_server_request request;
    assert_false(take(f, server, &request, 500));
    zsock_set_linger(rogue, 0);
    zsock_destroy(&rogue);
    bus_server_close(&server);
}

static void an_address_that_is_taken_and_a_key_that_is_missing_are_told(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct bus_server *server = NULL;
    struct bus_server_config taken = {.name = "alpha", .keys_dir = f->dir, .bind = f->requests};
    assert_int_equal(bus_server_open(&taken, &server, &err), BUS_RETRY);
    assert_non_null(strstr(err.text, "in use"));
    struct bus_server_config keyless = {.name = "nobody", .keys_dir = f->dir, .bind = "tcp://127.0.0.1:*"};
    assert_int_not_equal(bus_server_open(&keyless, &server, &err), BUS_OK);
    assert_null(server);
    bus_server_close(&server);
    bus_server_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_tells_who_asks_and_the_reply_finds_them),
        TEST(broken_framing_can_be_answered_and_the_next_request_comes_through),
        TEST(a_key_that_is_taken_away_is_refused_on_a_connection_that_stands),
        TEST(a_rogue_key_is_not_heard),
        TEST(an_address_that_is_taken_and_a_key_that_is_missing_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
