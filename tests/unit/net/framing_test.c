/* Messages that break the framing are dropped whole and counted, and the socket goes on with the next. */
#include "fixture.h"

#include "net/net_internal.h"
#include "net/verb.h"

static void send_frames(zsock_t *socket, const char *const *frames, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_true(
            zmq_send(zsock_resolve(socket), frames[i], strlen(frames[i]), i + 1 < n ? ZMQ_SNDMORE : 0) >= 0);
}

static void assert_good_request_passes(struct fixture *f, zsock_t *dealer)
{
    zstr_sendx(dealer, "", "STATUS", "body", NULL);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    assert_string_equal(request.verb, "STATUS");
    assert_bytes(request.body[0], "body");
}

static void wrong_frame_counts_are_dropped_and_counted(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *frames[8];
        size_t n;
    } wrong[] = {
        {{""}, 1},                           /* a delimiter and nothing more */
        {{"STATUS"}, 1},                     /* no delimiter */
        {{"a", "b", "c"}, 3},                /* nor here */
        {{"tag", ""}, 2},                    /* no verb */
        {{"", ""}, 2},                       /* an empty verb */
        {{"", "status"}, 2},                 /* lower case */
        {{"", "ABCDEFGHIJKLMNOPQ"}, 2},      /* 17 letters */
        {{"", "STATUS\n"}, 2},               /* a control character */
        {{"", "-X"}, 2},                     /* a hyphen in front */
        {{"", "COMMAND", "1", "2", "3"}, 5}, /* a third body */
        {{"tag", "", "COMMAND", "1", "2", "3"}, 6},
    };
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    size_t n = sizeof(wrong) / sizeof(wrong[0]);
    for (size_t i = 0; i < n; i++)
        send_frames(dealer, wrong[i].frames, wrong[i].n);
    assert_good_request_passes(f, dealer);
    assert_int_equal(net_dropped_frames(f->server), n);
    zsock_destroy(&dealer);
}

static void long_routes_end_at_sixteen_frames(void **state)
{
    struct fixture *f = *state;
    const char *frames[20];
    for (size_t i = 0; i < 20; i++)
        frames[i] = "route";
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    frames[17] = "";
    frames[18] = "STATUS";
    send_frames(dealer, frames, 19);
    assert_true(wait_dropped(f->server, f->arena, 1));
    frames[16] = "";
    frames[17] = "STATUS";
    send_frames(dealer, frames, 18);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    net_reply(f->server, request.route, "OK", NULL, 0);
    zmsg_t *answer = zmsg_recv(dealer);
    assert_non_null(answer);
    assert_int_equal(zmsg_size(answer), 18);
    zmsg_destroy(&answer);
    zsock_destroy(&dealer);
}

static void endless_multipart_is_dropped_whole(void **state)
{
    struct fixture *f = *state;
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    static const char block[1024];
    for (size_t i = 0; i < 20000; i++)
        assert_int_equal(zmq_send(zsock_resolve(dealer), block, sizeof(block), ZMQ_SNDMORE), sizeof(block));
    assert_int_equal(zmq_send(zsock_resolve(dealer), "", 0, 0), 0);
    assert_true(wait_dropped(f->server, f->arena, 1));
    assert_true(bus_arena_bytes(f->arena) < 1024);
    assert_good_request_passes(f, dealer);
    assert_int_equal(net_dropped_frames(f->server), 1);
    zsock_destroy(&dealer);
}

static void a_flood_of_broken_messages_lets_go_between(void **state)
{
    struct fixture *f = *state;
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    size_t n = 3 * NET_TAKE_MAX;
    for (size_t i = 0; i < n; i++)
        zstr_send(dealer, "no delimiter");
    assert_good_request_passes(f, dealer); /* all of them have arrived before it */
    assert_int_equal(net_dropped_frames(f->server), n);
    zsock_destroy(&dealer);
}

static void an_oversized_request_ends_the_connection(void **state)
{
    struct fixture *f = *state;
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    assert_good_request_passes(f, dealer);
    zchunk_t *big = zchunk_new(NULL, 300 * 1024);
    zchunk_fill(big, 'x', 300 * 1024);
    zsock_send(dealer, "zsc", "COMMAND", big);
    zchunk_destroy(&big);
    zsock_t *other = stranger_open(f, ZMQ_DEALER, "beta", f->requests);
    assert_good_request_passes(f, other);
    /* The first connects again by itself. */
    struct net_request request = {0};
    for (int64_t deadline = deadline_us(); in_time(deadline) && !request.verb;
         net_wait(f->server, NULL, 0, 20)) {
        zmq_send(zsock_resolve(dealer), "", 0, ZMQ_SNDMORE | ZMQ_DONTWAIT);
        zmq_send(zsock_resolve(dealer), "AGAIN", 5, ZMQ_DONTWAIT);
        if (net_take_request(f->server, f->arena, &request))
            assert_string_equal(request.verb, "AGAIN");
    }
    assert_non_null(request.verb);
    assert_string_equal(request.peer, "ops");
    zsock_destroy(&other);
    zsock_destroy(&dealer);
}

static void a_reply_to_one_who_left_is_let_go(void **state)
{
    struct fixture *f = *state;
    zsock_t *dealer = stranger_open(f, ZMQ_DEALER, "ops", f->requests);
    zstr_sendx(dealer, "", "STATUS", NULL);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    zsock_destroy(&dealer);
    zsock_t *other = stranger_open(f, ZMQ_DEALER, "beta", f->requests);
    assert_good_request_passes(f, other);
    struct bus_bytes body = bus_bytes_of("late");
    for (int i = 0; i < 100; i++)
        net_reply(f->server, request.route, "REPLY", &body, 1);
    assert_good_request_passes(f, other);
    zsock_destroy(&other);
}

static void broken_answers_and_events_are_dropped_and_counted(void **state)
{
    struct fixture *f = *state;
    struct net *beta = follower_open(f, "beta");
    net_ask(beta, 0, "FETCH", bus_bytes_of("x"));
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    struct bus_bytes bodies[] = {bus_bytes_of("one"), bus_bytes_of("two")};
    net_reply(f->server, request.route, "BATCH", NULL, 0);
    net_reply(f->server, request.route, "BATCH", bodies, 2);
    net_reply(f->server, request.route, "batch", bodies, 1);
    net_reply(f->server, request.route, "BATCH", bodies, 1);
    struct net_answer answer;
    assert_true(take_answer(beta, f->arena, &answer));
    assert_bytes(answer.body, "one");
    assert_int_equal(net_dropped_frames(beta), 3);

    assert_true(wait_subscribed(f));
    struct bus_bytes frames[30];
    for (size_t i = 0; i < 30; i++)
        frames[i] = bus_bytes_of("batch/alpha/");
    net_frames_send(f->server->events, frames, 1);
    net_frames_send(f->server->events, frames, 2);
    net_frames_send(f->server->events, frames, 4);
    net_frames_send(f->server->events, frames, 30);
    net_frames_send(f->server->events, frames, 3);
    struct net_frame frame;
    assert_true(take_live(beta, f->arena, &frame));
    assert_bytes(frame.data, "batch/alpha/");
    assert_int_equal(net_dropped_frames(beta), 7);
}

static void noise_on_the_event_socket_is_drained(void **state)
{
    struct fixture *f = *state;
    zsock_t *xsub = stranger_open(f, ZMQ_XSUB, "ops", f->events);
    for (int i = 0; i < 50; i++)
        zstr_sendx(xsub, "\2noise", "more", NULL);
    assert_int_equal(zmq_send(zsock_resolve(xsub), "\1alpha/", 7, 0), 7);
    assert_true(wait_subscribed(f));
    assert_false(net_wait(f->server, NULL, 0, 0));
    zsock_destroy(&xsub);
}

static void verbs_are_upper_case_words(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(net_verb_read(bus_bytes_of("HELLO"), f->arena), "HELLO");
    assert_string_equal(net_verb_read(bus_bytes_of("A-B"), f->arena), "A-B");
    assert_string_equal(net_verb_read(bus_bytes_of("ABCDEFGHIJKLMNOP"), f->arena), "ABCDEFGHIJKLMNOP");
    assert_null(net_verb_read(bus_bytes("A\0B", 3), f->arena));
    assert_null(net_verb_read(bus_bytes_of("ABCDEFGHIJKLMNOPQ"), f->arena));
    assert_null(net_verb_read(bus_bytes(NULL, 0), f->arena));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_frame_counts_are_dropped_and_counted),
        TEST(long_routes_end_at_sixteen_frames),
        TEST(endless_multipart_is_dropped_whole),
        TEST(a_flood_of_broken_messages_lets_go_between),
        TEST(an_oversized_request_ends_the_connection),
        TEST(a_reply_to_one_who_left_is_let_go),
        TEST(broken_answers_and_events_are_dropped_and_counted),
        TEST(noise_on_the_event_socket_is_drained),
        TEST(verbs_are_upper_case_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
