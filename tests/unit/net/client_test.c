/* The client: requests by tag, its addresses and keys, live events. */
#include "answering.h"

static const struct bus_frames ping = {.verb = "STATUS"};

/* ---- requests */

static void answers_carry_their_tag(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    assert_int_equal(bus_client_fds(client, NULL, 0), 0);
    assert_ok(bus_client_send(client, "alpha", 7, &ping, &err), &err);
    assert_ok(bus_client_send(client, "alpha", 8, &ping, &err), &err);
    int fd;
    assert_int_equal(bus_client_fds(client, &fd, 1), 1);
    struct net_request first, second;
    assert_true(take_request(f->server, f->arena, &first));
    assert_true(take_request(f->server, f->arena, &second));
    assert_int_equal(first.body_n, 0);
    struct bus_bytes body = bus_bytes_of("two");
    net_reply(f->server, second.route, "STATUS", &body, 1);
    net_reply(f->server, first.route, "STATUS", NULL, 0);
    const char *service;
    uint64_t tag;
    struct bus_frames answer;
    assert_ok(bus_client_receive(client, DEADLINE_MS, f->arena, &service, &tag, &answer, &err), &err);
    assert_string_equal(service, "alpha");
    assert_int_equal(tag, 8);
    assert_int_equal(answer.body_n, 1);
    assert_bytes(answer.body[0], "two");
    assert_ok(bus_client_receive(client, DEADLINE_MS, f->arena, &service, &tag, &answer, &err), &err);
    assert_int_equal(tag, 7);
    assert_string_equal(answer.verb, "STATUS");
    assert_int_equal(bus_client_receive(client, 0, f->arena, &service, &tag, &answer, &err), BUS_RETRY);
}

/* beta takes what it was asked, and answers as if it had been asked what alpha was. */
static void nobody_answers_for_another(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct net_config config = {.name = "beta", .bind_requests = "tcp://127.0.0.1:*", .keys_dir = f->dir};
    AUTO(net_close) struct net *beta = NULL;
    assert_ok(net_open(&config, &beta, &err), &err);
    const struct bus_endpoint both[] = {
        {.service = "alpha", .events = f->events, .requests = f->requests},
        {.service = "beta", .events = f->events, .requests = net_requests_endpoint(beta)}};
    AUTO(bus_client_close) struct bus_client *client = client_open_for(f, "ops", both, 2);
    const uint64_t next_asked = UINT64_C(1) << 63 | 1;
    assert_ok(bus_client_send(client, "beta", next_asked, &ping, &err), &err);
    struct net_request request;
    assert_true(take_request(beta, f->arena, &request));
    net_reply(beta, request.route, "FORGED", NULL, 0);
    net_reply(beta, request.route, "FORGED", NULL, 0);
    const char *service;
    uint64_t tag;
    struct bus_frames answer;
    assert_ok(bus_client_receive(client, DEADLINE_MS, f->arena, &service, &tag, &answer, &err), &err);
    assert_string_equal(service, "beta");
    assert_int_equal(tag, next_asked);
    struct answering alpha;
    answering_start(&alpha, f, "HONEST", "ok");
    enum bus_status status = bus_client_ask(client, "alpha", &ping, DEADLINE_MS, f->arena, &answer, &err);
    answering_end(&alpha);
    assert_ok(status, &err);
    assert_string_equal(answer.verb, "HONEST");
}

static void an_unknown_service_is_named_with_the_known(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    assert_int_equal(bus_client_send(client, "omega", 1, &ping, &err), BUS_NOT_FOUND);
    assert_non_null(strstr(err.text, "omega"));
    assert_non_null(strstr(err.text, "alpha"));
    assert_int_equal(bus_client_follow(client, "omega", &err), BUS_NOT_FOUND);
    assert_int_equal(bus_client_reconnect(client, "omega", &err), BUS_NOT_FOUND);
    struct bus_frames answer;
    assert_int_equal(bus_client_ask(client, "omega", &ping, 10, f->arena, &answer, &err), BUS_NOT_FOUND);
}

static void without_a_key_there_is_no_client(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct bus_client_config config = {.name = "nobody", .keys_dir = f->dir};
    struct bus_client *client = NULL;
    assert_int_equal(bus_client_open(&config, &client, &err), BUS_RETRY);
    assert_null(client);
    assert_non_null(strstr(err.text, "nobody.key"));
    AUTO(bus_client_close) struct bus_client *ops = client_open(f, "ops");
    key_forbid(f, "alpha");
    assert_int_equal(bus_client_send(ops, "alpha", 1, &ping, &err), BUS_RETRY);
    assert_non_null(strstr(err.text, "alpha.pub"));
}

static void a_silent_service_is_given_up_and_a_late_answer_passed_over(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    struct bus_frames answer;
    assert_int_equal(bus_client_ask(client, "alpha", &ping, 30, f->arena, &answer, &err), BUS_RETRY);
    assert_non_null(strstr(err.text, "did not answer"));
    /* The first question may still have got through: its answer must not pass for that of the second. */
    struct net_request old;
    if (net_wait(f->server, NULL, 0, 50) && net_take_request(f->server, f->arena, &old))
        net_reply(f->server, old.route, "OLD", NULL, 0);
    struct answering alpha;
    answering_start(&alpha, f, "", "ok");
    struct bus_frames other = {.verb = "OTHER"};
    assert_ok(bus_client_send(client, "alpha", 7, &other, &err), &err);
    assert_ok(bus_client_ask(client, "alpha", &ping, DEADLINE_MS, f->arena, &answer, &err), &err);
    assert_string_equal(answer.verb, "STATUS");
    answering_end(&alpha);
}

static void the_other_address_is_asked_after_a_silence(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    char both[300];
    zsock_t *taken = zsock_new(ZMQ_ROUTER);
    int port = zsock_bind(taken, "tcp://127.0.0.1:*"); /* listens, and never answers */
    snprintf(both, sizeof(both), "tcp://127.0.0.1:%d|%s", port, f->requests);
    AUTO(bus_client_close) struct bus_client *client = client_open_at(f, "ops", both);
    struct answering alpha;
    answering_start(&alpha, f, "", "ok");
    struct bus_frames answer;
    assert_int_equal(bus_client_ask(client, "alpha", &ping, 50, f->arena, &answer, &err), BUS_RETRY);
    enum bus_status status = bus_client_ask(client, "alpha", &ping, DEADLINE_MS, f->arena, &answer, &err);
    answering_end(&alpha);
    zsock_destroy(&taken);
    assert_ok(status, &err);
}

static void the_other_address_is_asked_after_one_is_away_from_its_database(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    char both[300];
    snprintf(both, sizeof(both), "%s|tcp://127.0.0.1:9", f->requests);
    for (int i = 0; i < 3; i++) {
        AUTO(bus_client_close) struct bus_client *client = client_open_at(f, "ops", i ? both : f->requests);
        struct answering alpha;
        answering_start(&alpha, f, i == 2 ? "ERR" : "REPLY", i == 2 ? "AWAY" : "retry");
        struct bus_frames answer;
        assert_ok(bus_client_ask(client, "alpha", &ping, DEADLINE_MS, f->arena, &answer, &err), &err);
        enum bus_status again = bus_client_ask(client, "alpha", &ping, 200, f->arena, &answer, &err);
        answering_end(&alpha);
        assert_int_equal(again, i ? BUS_RETRY : BUS_OK); /* at the second address nobody listens */
    }
}

static void a_refused_client_is_let_in_once_its_key_is(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct bus_frames answer;
    char hidden[128], shown[128];
    snprintf(shown, sizeof(shown), "%s/allowed/ops.pub", f->dir);
    snprintf(hidden, sizeof(hidden), "%s/ops.hidden", f->dir);
    assert_int_equal(rename(shown, hidden), 0);
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    assert_int_equal(bus_client_ask(client, "alpha", &ping, 300, f->arena, &answer, &err), BUS_RETRY);
    assert_string_equal(err.code, "BUS-DENIED");
    assert_int_equal(rename(hidden, shown), 0);
    struct answering alpha;
    answering_start(&alpha, f, "REPLY", "ok");
    assert_ok(bus_client_ask(client, "alpha", &ping, DEADLINE_MS, f->arena, &answer, &err), &err);
    answering_end(&alpha);
}

/* ---- live */

static void event_encode(struct bus_buffer *out, const char *id)
{
    struct bus_header header = {.id = id,
                                .source = "/alpha",
                                .type = "koppel.alpha.x.v1",
                                .stream = "alpha",
                                .epoch = 1,
                                .seq = 5,
                                .time_us = 1};
    struct bus_error err = {0};
    assert_ok(bus_header_encode(&header, out, &err), &err);
}

static void live_events_and_beats_are_told_apart(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    assert_ok(bus_client_follow(client, "alpha", &err), &err);
    assert_ok(bus_client_follow(client, "alpha", &err), &err);
    assert_true(wait_subscribed(f));
    AUTO(bus_buffer_done) struct bus_buffer header = {0};
    AUTO(bus_buffer_done) struct bus_buffer beat = {0};
    AUTO(bus_buffer_done) struct bus_buffer empty = {0};
    event_encode(&header, "e-1");
    bus_pack_map(&empty, 0);
    bus_pack_map(&beat, 3);
    bus_pack_text(&beat, "stream");
    bus_pack_text(&beat, "alpha");
    bus_pack_text(&beat, "epoch");
    bus_pack_int(&beat, 3);
    bus_pack_text(&beat, "seq");
    bus_pack_int(&beat, 41);
    net_publish(f->server, "alpha/x/", bus_bytes_of("no header"), bus_buffer_bytes(&empty));
    net_publish(f->server, "alpha/x/", bus_buffer_bytes(&header), bus_bytes_of("no data"));
    net_publish(f->server, "alpha/HEAD/", bus_buffer_bytes(&beat), bus_buffer_bytes(&empty));
    net_publish(f->server, "alpha/x/", bus_buffer_bytes(&header), bus_buffer_bytes(&empty));
    struct bus_live live;
    assert_ok(bus_client_next(client, DEADLINE_MS, f->arena, &live, &err), &err);
    assert_true(live.head);
    assert_string_equal(live.header.stream, "alpha");
    assert_int_equal(live.header.epoch, 3);
    assert_int_equal(live.header.seq, 41);
    assert_ok(bus_client_next(client, DEADLINE_MS, f->arena, &live, &err), &err);
    assert_false(live.head);
    assert_string_equal(live.header.id, "e-1");
    assert_int_equal(live.header.seq, 5);
    assert_true(bus_bytes_equal(live.raw_header, bus_buffer_bytes(&header)));
    assert_true(bus_bytes_equal(live.data, bus_buffer_bytes(&empty)));
    assert_int_equal(bus_client_next(client, 0, f->arena, &live, &err), BUS_RETRY);
    assert_ok(bus_client_reconnect(client, "alpha", &err), &err);
    assert_true(wait_subscribed(f));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_carry_their_tag),
        TEST(nobody_answers_for_another),
        TEST(an_unknown_service_is_named_with_the_known),
        TEST(without_a_key_there_is_no_client),
        TEST(a_silent_service_is_given_up_and_a_late_answer_passed_over),
        TEST(the_other_address_is_asked_after_a_silence),
        TEST(the_other_address_is_asked_after_one_is_away_from_its_database),
        TEST(a_refused_client_is_let_in_once_its_key_is),
        TEST(live_events_and_beats_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
