/* Two services that talk: requests and replies, live events, subscriptions, waiting, reconnecting. */
#include "fixture.h"

#include <signal.h>

static void request_and_reply_come_back_by_their_route(void **state)
{
    struct fixture *f = *state;
    struct net *beta = follower_open(f, "beta");
    net_ask(beta, 0, "HELLO", bus_bytes_of("who"));
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(request.peer, "beta");
    assert_string_equal(request.role, "peer");
    assert_string_equal(request.verb, "HELLO");
    assert_int_equal(request.body_n, 1);
    assert_bytes(request.body[0], "who");
    struct bus_bytes body = bus_bytes_of("come in");
    net_reply(f->server, request.route, "WELCOME", &body, 1);
    struct net_answer answer;
    assert_true(take_answer(beta, f->arena, &answer));
    assert_string_equal(answer.verb, "WELCOME");
    assert_bytes(answer.body, "come in");
    assert_false(net_take_answer(beta, 0, f->arena, &answer));
}

static void frames_before_the_delimiter_are_given_back_unchanged(void **state)
{
    struct fixture *f = *state;
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    zsock_set_rcvtimeo(dealer, DEADLINE_MS);
    zsock_send(dealer, "bszsbb", "12345678", (size_t)8, "second", "COMMAND", "head", (size_t)4, "data",
               (size_t)4);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(request.peer, "ops");
    assert_string_equal(request.role, "operator");
    assert_string_equal(request.verb, "COMMAND");
    assert_int_equal(request.body_n, 2);
    assert_bytes(request.body[0], "head");
    assert_bytes(request.body[1], "data");
    struct bus_bytes bodies[] = {bus_bytes_of("map"), bus_bytes("", 0)};
    net_reply(f->server, request.route, "REPLY", bodies, 2);
    zmsg_t *answer = zmsg_recv(dealer);
    assert_non_null(answer);
    static const char *const expected[] = {"12345678", "second", "", "REPLY", "map", ""};
    assert_int_equal(zmsg_size(answer), 6);
    for (size_t i = 0; i < 6; i++) {
        zframe_t *frame = zmsg_pop(answer);
        assert_true(zframe_streq(frame, expected[i]));
        zframe_destroy(&frame);
    }
    zmsg_destroy(&answer);
    zsock_destroy(&dealer);
}

static void live_events_follow_a_subscription(void **state)
{
    struct fixture *f = *state;
    assert_false(net_subscribed(f->server));
    struct net *beta = follower_open(f, "beta");
    assert_true(wait_subscribed(f));
    assert_false(net_subscribed(f->server));
    net_publish(f->server, "batch/alphabet/", bus_bytes_of("not"), bus_bytes_of("ours"));
    net_publish(f->server, "alpha/duo-stopped/", bus_bytes_of("not"), bus_bytes_of("for followers"));
    net_publish(f->server, "batch/alpha/", bus_bytes_of("header"), bus_bytes_of("data"));
    struct net_frame frame;
    assert_true(take_live(beta, f->arena, &frame));
    assert_bytes(frame.topic, "batch/alpha/");
    assert_bytes(frame.header, "header");
    assert_bytes(frame.data, "data");
    /* The second subscriber to the same topic is told of as well. */
    zsock_t *other = stranger_open(f, ZMQ_SUB, "ops", f->events);
    assert_true(wait_subscribed(f));
    zsock_destroy(&other);
}

static void a_big_answer_passes_and_a_big_event_does_not(void **state)
{
    struct fixture *f = *state;
    struct net *beta = follower_open(f, "beta");
    size_t size = 4 * 1024 * 1024;
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    net_ask(beta, 0, "FETCH", bus_bytes_of("all"));
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    struct bus_bytes body = bus_bytes(bytes, size);
    net_reply(f->server, request.route, "BATCH", &body, 1);
    struct net_answer answer;
    assert_true(take_answer(beta, f->arena, &answer));
    assert_int_equal(answer.body.size, size);

    assert_true(wait_subscribed(f));
    net_publish(f->server, "batch/alpha/", bus_bytes_of("header"), bus_bytes(bytes, 512 * 1024));
    /* libzmq drops the connection and gives that socket up; the reader notices the silence and begins anew.
     */
    net_reconnect(beta, 0);
    assert_true(wait_subscribed(f));
    net_publish(f->server, "batch/alpha/", bus_bytes_of("small"), bus_bytes_of("data"));
    struct net_frame frame;
    assert_true(take_live(beta, f->arena, &frame));
    assert_bytes(frame.header, "small");
    free(bytes);
}

static void ipc_is_guarded_the_same(void **state)
{
    struct fixture *f = *state;
    net_close(&f->server);
    char events[128], requests[128];
    snprintf(events, sizeof(events), "ipc://%s/events", f->dir);
    snprintf(requests, sizeof(requests), "ipc://%s/requests", f->dir);
    server_open(f, events, requests);
    struct net *beta = follower_open(f, "beta");
    net_ask(beta, 0, "HELLO", bus_bytes_of("x"));
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(request.peer, "beta");
    assert_true(wait_subscribed(f));
}

static void a_restarted_service_is_found_again(void **state)
{
    struct fixture *f = *state;
    struct net *beta = follower_open(f, "beta");
    assert_true(wait_subscribed(f));
    net_close(&f->server);
    struct net_config config = {
        .name = "alpha", .bind_events = f->events, .bind_requests = f->requests, .keys_dir = f->dir};
    struct bus_error err = {0};
    /* The old sockets leave their ports in the background. */
    enum bus_status status = BUS_RETRY;
    for (int64_t deadline = deadline_us(); status == BUS_RETRY && in_time(deadline);)
        status = net_open(&config, &f->server, &err);
    assert_ok(status, &err);
    assert_true(wait_subscribed(f));
    net_publish(f->server, "alpha/HEAD/", bus_bytes_of("h"), bus_bytes_of("d"));
    struct net_frame frame;
    assert_true(take_live(beta, f->arena, &frame));
    net_ask(beta, 0, "HELLO", bus_bytes_of("again"));
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
}

static void reconnect_begins_anew(void **state)
{
    struct fixture *f = *state;
    struct net *beta = follower_open(f, "beta");
    assert_true(wait_subscribed(f));
    net_ask(beta, 0, "HELLO", bus_bytes_of("old"));
    struct net_request old, request;
    assert_true(take_request(f->server, f->arena, &old));
    net_reconnect(beta, 0);
    assert_true(wait_subscribed(f));
    net_ask(beta, 0, "HELLO", bus_bytes_of("new"));
    assert_true(take_request(f->server, f->arena, &request));
    assert_bytes(request.body[0], "new");
    struct bus_bytes late = bus_bytes_of("late"), now = bus_bytes_of("now");
    net_reply(f->server, old.route, "WELCOME", &late, 1); /* to nobody: no harm */
    net_reply(f->server, request.route, "WELCOME", &now, 1);
    struct net_answer answer;
    assert_true(take_answer(beta, f->arena, &answer));
    assert_bytes(answer.body, "now");
}

static bool asks(struct net *beta)
{
    bool sent = false;
    for (int64_t deadline = deadline_us(); !sent && in_time(deadline);) {
        sent = net_ask(beta, 0, "HELLO", bus_bytes_of("x"));
        net_wait(beta, NULL, 0, 5);
    }
    return sent;
}

/* Of several addresses, whichever is named first. */
static void a_follower_asks_where_somebody_is(void **state)
{
    struct fixture *f = *state;
    char here[sizeof f->requests];
    snprintf(here, sizeof here, "%s", f->requests);
    zsock_t *asleep = zsock_new(ZMQ_ROUTER);
    int port = zsock_bind(asleep, "tcp://127.0.0.1:*"); /* takes connections, and never greets */
    snprintf(f->requests, sizeof f->requests, "tcp://127.0.0.1:%d|tcp://127.0.0.1:%d", port, port);
    assert_false(net_ask(follower_open(f, "beta"), 0, "HELLO", bus_bytes_of("x")));
    for (int first = 0; first < 2; first++) {
        net_close(&f->follower);
        snprintf(f->requests, sizeof f->requests,
                 first ? "tcp://127.0.0.1:%2$d|%1$s" : "%1$s|tcp://127.0.0.1:%2$d", here, port);
        assert_true(asks(follower_open(f, "beta")));
        struct net_request request;
        assert_true(take_request(f->server, f->arena, &request));
    }
    zsock_destroy(&asleep);
}

static void wait_ends_on_time_on_a_descriptor_and_on_a_signal(void **state)
{
    struct fixture *f = *state;
    assert_false(net_wait(f->server, NULL, 0, 0));
    int pipe_fds[2];
    assert_int_equal(pipe(pipe_fds), 0);
    struct pollfd watched[] = {{.fd = pipe_fds[0], .events = POLLIN}, {.fd = -1, .events = POLLIN}};
    assert_false(net_wait(f->server, watched, 2, 10));
    assert_int_equal(watched[0].revents, 0);
    assert_int_equal(write(pipe_fds[1], "x", 1), 1);
    assert_true(net_wait(f->server, watched, 2, DEADLINE_MS));
    assert_int_equal(watched[0].revents, POLLIN);
    assert_int_equal(watched[1].revents, 0);
    /* Also beside a message that has come. */
    net_ask(follower_open(f, "beta"), 0, "HELLO", bus_bytes_of("who"));
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    net_reply(f->server, request.route, "WELCOME", request.body, 1);
    while (!net_wait(f->follower, NULL, 0, DEADLINE_MS))
        assert_true(net_wait(f->server, watched, 2, DEADLINE_MS));
    watched[0].revents = 0;
    assert_true(net_wait(f->follower, watched, 2, DEADLINE_MS));
    assert_int_equal(watched[0].revents, POLLIN);
    struct net_answer answer;
    assert_true(net_take_answer(f->follower, 0, f->arena, &answer));
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

static void what_is_left_is_not_waited_for_and_is_there_afterwards(void **state)
{
    struct fixture *f = *state;
    struct net *beta = follower_open(f, "beta");
    struct net_frame frame;
    assert_true(wait_subscribed(f));
    while (net_wait(beta, NULL, 0, 0)) /* what tells of the connection */
        assert_false(net_take_live(beta, 0, &frame));
    net_leave(beta, 0, true);
    net_publish(f->server, "batch/alpha/", bus_bytes_of("header"), bus_bytes_of("data"));
    bool came = false;
    for (int64_t deadline = deadline_us(); !came && in_time(deadline); came = net_take_live(beta, 0, &frame))
        assert_false(net_wait(beta, NULL, 0, 50));
    assert_true(came);
    assert_bytes(frame.data, "data");
    net_leave(beta, 0, false);
    net_publish(f->server, "batch/alpha/", bus_bytes_of("header"), bus_bytes_of("again"));
    assert_true(net_wait(beta, NULL, 0, DEADLINE_MS));
    assert_true(net_take_live(beta, 0, &frame));
    assert_bytes(frame.data, "again");
}

static void on_alarm(int number)
{
    (void)number;
}

static void a_signal_ends_the_wait_and_czmq_takes_no_signals(void **state)
{
    struct fixture *f = *state;
    struct sigaction now;
    assert_int_equal(sigaction(SIGTERM, NULL, &now), 0);
    assert_ptr_equal(now.sa_handler, SIG_DFL);
    assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
    assert_ptr_equal(now.sa_handler, SIG_DFL);
    struct sigaction action = {.sa_handler = on_alarm}, before;
    sigaction(SIGALRM, &action, &before);
    /* Again and again: the first may come before the wait on a machine that is busy. */
    struct itimerval every_50_ms = {.it_value = {.tv_usec = 50000}, .it_interval = {.tv_usec = 50000}},
                     never = {0};
    setitimer(ITIMER_REAL, &every_50_ms, NULL);
    int64_t started = bus_clock_monotonic_us();
    assert_false(net_wait(f->server, NULL, 0, DEADLINE_MS));
    setitimer(ITIMER_REAL, &never, NULL);
    assert_true(bus_clock_monotonic_us() - started < DEADLINE_MS * INT64_C(1000) / 2);
    sigaction(SIGALRM, &before, NULL);
}

int main(void)
{
    signal(SIGINT, SIG_DFL); /* a shell has its background jobs ignore it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(request_and_reply_come_back_by_their_route, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(frames_before_the_delimiter_are_given_back_unchanged, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(live_events_follow_a_subscription, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_big_answer_passes_and_a_big_event_does_not, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(ipc_is_guarded_the_same, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_restarted_service_is_found_again, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(reconnect_begins_anew, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_follower_asks_where_somebody_is, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(wait_ends_on_time_on_a_descriptor_and_on_a_signal, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(what_is_left_is_not_waited_for_and_is_there_afterwards, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_signal_ends_the_wait_and_czmq_takes_no_signals, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
