/* The client: requests by tag, typed calls, live events, and one client per thread behind bus_ask. */
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "bus/client.h"
#include "bus/pack.h"
#include "net/peers.h"

/* ---- a query of our own, as the schema compiler would write it */

struct greet {
    const char *name;
};
struct greet_reply {
    const char *text;
};
static const struct bus_field greet_fields[] = {{.name = "name",
                                                 .kind = BUS_KIND_TEXT,
                                                 .required = true,
                                                 .offset = offsetof(struct greet, name),
                                                 .has_offset = BUS_NO_OFFSET,
                                                 .n_offset = BUS_NO_OFFSET,
                                                 .min_length = 1,
                                                 .max_length = 20}};
static const struct bus_shape greet_shape = {
    .name = "greet", .size = sizeof(struct greet), .fields = greet_fields, .fields_n = 1};
static const struct bus_field reply_fields[] = {{.name = "text",
                                                 .kind = BUS_KIND_TEXT,
                                                 .required = true,
                                                 .offset = offsetof(struct greet_reply, text),
                                                 .has_offset = BUS_NO_OFFSET,
                                                 .n_offset = BUS_NO_OFFSET,
                                                 .max_length = 200}};
static const struct bus_shape reply_shape = {
    .name = "greet_reply", .size = sizeof(struct greet_reply), .fields = reply_fields, .fields_n = 1};
static const struct bus_type greet_type = {.type = "koppel.alpha.greet.v1",
                                           .service = "alpha",
                                           .name = "greet",
                                           .version = 1,
                                           .kind = BUS_TYPE_QUERY,
                                           .shape = &greet_shape,
                                           .reply = &reply_shape};

/* ---- alpha in a thread of its own, answering by a script */

struct answering {
    struct net *net;
    const char *verb;   /* of the replies; "": as the request's */
    const char *status; /* of the replies */
    atomic_bool stop;
    pthread_t thread;
};

static void answer_one(struct answering *self, const struct net_request *request)
{
    AUTO(bus_buffer_done) struct bus_buffer head = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_map(&head, 3);
    bus_pack_text(&head, "status");
    bus_pack_text(&head, self->status);
    bus_pack_text(&head, "text");
    bus_pack_text(&head, "as the script says");
    bus_pack_text(&head, "code");
    bus_pack_text(&head, strcmp(self->verb, "ERR") == 0 ? self->status : "X-1");
    bus_pack_map(&data, 1);
    bus_pack_text(&data, "text");
    bus_pack_text(&data, request->peer);
    struct bus_bytes bodies[] = {bus_buffer_bytes(&head), bus_buffer_bytes(&data)};
    const char *verb = *self->verb ? self->verb : request->verb;
    net_reply(self->net, request->route, verb, bodies, strcmp(self->verb, "ERR") == 0 ? 1 : 2);
}

static void *answering_run(void *value)
{
    struct answering *self = value;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct net_request request;
    while (!self->stop) {
        net_wait(self->net, NULL, 0, 5);
        while (net_take_request(self->net, arena, &request))
            answer_one(self, &request);
    }
    return NULL;
}

static void answering_start(struct answering *self, struct fixture *f, const char *verb, const char *status)
{
    *self = (struct answering){.net = f->server, .verb = verb, .status = status};
    assert_int_equal(pthread_create(&self->thread, NULL, answering_run, self), 0);
}

static void answering_end(struct answering *self)
{
    self->stop = true;
    pthread_join(self->thread, NULL);
}

static struct bus_client *client_open_at(struct fixture *f, const char *name, const char *requests)
{
    struct bus_endpoint alpha = {.service = "alpha", .events = f->events, .requests = requests};
    struct bus_client_config config = {.name = name, .keys_dir = f->dir, .services = &alpha, .services_n = 1};
    struct bus_client *client = NULL;
    struct bus_error err = {0};
    assert_ok(bus_client_open(&config, &client, &err), &err);
    return client;
}

static struct bus_client *client_open(struct fixture *f, const char *name)
{
    return client_open_at(f, name, f->requests);
}

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
    uint64_t tag;
    struct bus_frames answer;
    assert_ok(bus_client_receive(client, DEADLINE_MS, f->arena, &tag, &answer, &err), &err);
    assert_int_equal(tag, 8);
    assert_int_equal(answer.body_n, 1);
    assert_bytes(answer.body[0], "two");
    assert_ok(bus_client_receive(client, DEADLINE_MS, f->arena, &tag, &answer, &err), &err);
    assert_int_equal(tag, 7);
    assert_string_equal(answer.verb, "STATUS");
    assert_int_equal(bus_client_receive(client, 0, f->arena, &tag, &answer, &err), BUS_RETRY);
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
    assert_int_equal(rename(hidden, shown), 0);
    struct answering alpha;
    answering_start(&alpha, f, "REPLY", "ok");
    assert_ok(bus_client_ask(client, "alpha", &ping, DEADLINE_MS, f->arena, &answer, &err), &err);
    answering_end(&alpha);
}

/* ---- typed */

static void a_call_is_encoded_and_its_reply_decoded(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    struct answering alpha;
    answering_start(&alpha, f, "REPLY", "ok");
    struct greet greet = {.name = "Noor"};
    void *reply = NULL;
    assert_ok(bus_client_call(client, &greet_type, NULL, &greet, DEADLINE_MS, f->arena, &reply, &err), &err);
    answering_end(&alpha);
    assert_string_equal(((struct greet_reply *)reply)->text, "ops");
}

static void *call_in_thread(void *client)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct greet greet = {.name = "Noor"};
    struct bus_header given = {.actor = "coordinator:asse"};
    void *reply;
    return bus_client_call(client, &greet_type, &given, &greet, DEADLINE_MS, arena, &reply, NULL) == BUS_OK
               ? client
               : NULL;
}

static void a_call_carries_a_whole_header(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    pthread_t thread;
    void *called = NULL;
    assert_int_equal(pthread_create(&thread, NULL, call_in_thread, client), 0);
    struct net_request request;
    assert_true(take_request(f->server, f->arena, &request));
    answer_one(&(struct answering){.net = f->server, .verb = "REPLY", .status = "ok"}, &request);
    for (int64_t deadline = deadline_us(); pthread_tryjoin_np(thread, &called) != 0 && in_time(deadline);)
        net_wait(f->server, NULL, 0, 5);
    assert_ptr_equal(called, client);
    assert_string_equal(request.verb, "QUERY");
    assert_int_equal(request.body_n, 2);
    struct bus_header header;
    assert_ok(bus_header_decode(request.body[0], f->arena, &header, &err), &err);
    assert_string_equal(header.actor, "coordinator:asse");
    assert_string_equal(header.source, "/ops");
    assert_string_equal(header.type, "koppel.alpha.greet.v1");
    assert_true(header.time_us > 0);
    struct bus_id id;
    assert_true(bus_id_parse(header.id, strlen(header.id), &id));
    void *value;
    assert_ok(bus_decode(&greet_shape, request.body[1], false, f->arena, &value, NULL, &err), &err);
    assert_string_equal(((struct greet *)value)->name, "Noor");
}

static void a_refusal_is_the_callers(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *verb, *word;
        enum bus_status status;
    } cases[] = {
        {"REPLY", "conflict", BUS_CONFLICT},  {"REPLY", "not-found", BUS_NOT_FOUND},
        {"REPLY", "retry", BUS_RETRY},        {"REPLY", "bug", BUS_RETRY},
        {"REPLY", "no-such-word", BUS_RETRY}, {"ERR", "DENIED", BUS_DENIED},
        {"ERR", "BUSY", BUS_RETRY},           {"WELCOME", "ok", BUS_RETRY},
    };
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct answering alpha;
        struct bus_error err = {0};
        struct greet greet = {.name = "Noor"};
        void *reply = NULL;
        answering_start(&alpha, f, cases[i].verb, cases[i].word);
        enum bus_status status =
            bus_client_call(client, &greet_type, NULL, &greet, DEADLINE_MS, f->arena, &reply, &err);
        answering_end(&alpha);
        assert_int_equal(status, cases[i].status);
        assert_null(reply);
        if (strcmp(cases[i].verb, "WELCOME") != 0)
            assert_non_null(strstr(err.text, "as the script says"));
    }
    struct greet nameless = {0};
    struct bus_error err = {0};
    void *reply = NULL;
    assert_int_equal(bus_client_call(client, &greet_type, NULL, &nameless, 10, f->arena, &reply, &err),
                     BUS_BUG);
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

/* ---- bus_ask */

static void *ask_in_thread(void *peers)
{
    struct bus_error err = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct greet greet = {.name = "Noor"};
    void *reply = NULL;
    for (int i = 0; i < 3; i++)
        if (bus_ask(peers, &greet_type, &greet, arena, &reply, &err) != BUS_OK)
            return "failed";
    return strcmp(((struct greet_reply *)reply)->text, "beta") == 0 ? NULL : "another name";
}

static void each_thread_asks_by_a_client_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct bus_error err = {0};
    struct bus_endpoint alpha = {.service = "alpha", .events = f->events, .requests = f->requests};
    struct bus_client_config config = {
        .name = "beta", .keys_dir = f->dir, .services = &alpha, .services_n = 1};
    struct bus_peers *peers = bus_peers_new(&config);
    alpha = (struct bus_endpoint){0}; /* it was copied */
    struct answering answering;
    answering_start(&answering, f, "REPLY", "ok");
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_in_thread, peers), 0);
    for (size_t i = 0; i < 4; i++) {
        void *fault = NULL;
        pthread_join(threads[i], &fault);
        assert_null(fault);
    }
    struct greet greet = {.name = "Noor"};
    void *reply = NULL;
    assert_ok(bus_ask(peers, &greet_type, &greet, f->arena, &reply, &err), &err);
    answering_end(&answering);
    bus_peers_free(&peers); /* closes this thread's client */
    assert_null(peers);
    bus_peers_free(&peers);
    config.name = "nobody";
    peers = bus_peers_new(&config);
    assert_int_equal(bus_ask(peers, &greet_type, &greet, f->arena, &reply, &err), BUS_RETRY);
    bus_peers_free(&peers);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_carry_their_tag),
        TEST(an_unknown_service_is_named_with_the_known),
        TEST(without_a_key_there_is_no_client),
        TEST(a_silent_service_is_given_up_and_a_late_answer_passed_over),
        TEST(the_other_address_is_asked_after_a_silence),
        TEST(a_refused_client_is_let_in_once_its_key_is),
        TEST(a_call_is_encoded_and_its_reply_decoded),
        TEST(a_call_carries_a_whole_header),
        TEST(a_refusal_is_the_callers),
        TEST(live_events_and_beats_are_told_apart),
        TEST(each_thread_asks_by_a_client_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
