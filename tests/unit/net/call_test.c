/* Typed calls: encoded, answered, refused; and one client per thread behind bus_ask. */
#include "answering.h"

#include "net/peers.h"

/* ---- one call */

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
        {"ERR", "AWAY", BUS_RETRY},
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
        TEST(a_call_is_encoded_and_its_reply_decoded),
        TEST(a_call_carries_a_whole_header),
        TEST(a_refusal_is_the_callers),
        TEST(each_thread_asks_by_a_client_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
