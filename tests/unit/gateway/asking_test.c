/* Requests under way: who asked gets the answer of whom was asked, and no other's; and what they ask next is
 * asked after it. */
#include "../../../services/gateway/asking.h"
#include "../net/answering.h"

static void note(void *context, const struct answer *answer)
{
    (void)answer;
    ++*(int *)context;
}

static void give_out(struct asking *asking, const int *answers, int n)
{
    for (int64_t deadline = deadline_us(); *answers < n && in_time(deadline);)
        asking_take(asking);
    assert_int_equal(*answers, n);
}

/* A route ends with the tag, and that of the first place in the table is easy to guess. */
static struct bus_bytes with_tag_of(struct bus_arena *arena, struct bus_bytes route, struct bus_bytes other)
{
    uint8_t *forged = bus_copy(arena, route.data, route.size);
    memcpy(forged + route.size - 8, other.data + other.size - 8, 8);
    return bus_bytes(forged, route.size);
}

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
    AUTO(asking_free) struct asking *asking = asking_new(client);
    const struct bus_frames ping = {.verb = "STATUS"};
    int of_alpha = 0, of_beta = 0;
    asking_ask(asking, "alpha", &ping, note, &of_alpha);
    asking_ask(asking, "beta", &ping, note, &of_beta);
    struct net_request asked, other;
    assert_true(take_request(f->server, f->arena, &asked));
    assert_true(take_request(beta, f->arena, &other));
    net_reply(beta, with_tag_of(f->arena, other.route, asked.route), "STATUS", NULL, 0);
    net_reply(beta, other.route, "STATUS", NULL, 0);
    give_out(asking, &of_beta, 1);
    assert_int_equal(of_alpha, 0);
    net_reply(f->server, asked.route, "STATUS", NULL, 0);
    give_out(asking, &of_alpha, 1);
}

/* The answer of whom `request` came to: its stream stands at `seq`. */
static void reply_at(struct net *net, const struct net_request *request, int64_t seq)
{
    AUTO(bus_buffer_done) struct bus_buffer status = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_map(&status, 2);
    bus_pack_text(&status, "status");
    bus_pack_text(&status, "ok");
    bus_pack_text(&status, "seq");
    bus_pack_int(&status, seq);
    bus_pack_map(&data, 0);
    net_reply(net, request->route, "REPLY",
              (struct bus_bytes[]){bus_buffer_bytes(&status), bus_buffer_bytes(&data)}, 2);
}

/* What the header of a question by this actor names, and answers it: 0 where it names nothing. */
static int64_t asked_after(struct fixture *f, struct asking *asking, const char *actor, int64_t answer)
{
    struct net_request request;
    struct bus_header got, header = {.actor = actor};
    struct bus_error err = {0};
    int answers = 0;
    asking_after_told(asking, &header);
    asking_request(asking, &greet_type, &header, bus_bytes("\x80", 1), note, &answers);
    assert_true(take_request(f->server, f->arena, &request));
    assert_ok(bus_header_decode(request.body[0], f->arena, &got, &err), &err);
    reply_at(f->server, &request, answer);
    give_out(asking, &answers, 1);
    if (got.after_n == 0)
        return 0;
    assert_int_equal(got.after_n, 1);
    assert_string_equal(got.after[0].stream, "alpha");
    return got.after[0].seq;
}

static void who_asks_is_asked_for_after_what_they_were_told(void **state)
{
    struct fixture *f = *state;
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    AUTO(asking_free) struct asking *asking = asking_new(client);
    assert_int_equal(asked_after(f, asking, "coordinator:one", 7), 0);
    assert_int_equal(asked_after(f, asking, "coordinator:one", 5), 7);
    assert_int_equal(asked_after(f, asking, "coordinator:one", 9), 7); /* 5 is an answer from before */
    assert_int_equal(asked_after(f, asking, "coordinator:one", 9), 9);
    assert_int_equal(asked_after(f, asking, "coordinator:two", 8), 0);
    assert_int_equal(asked_after(f, asking, NULL, 8), 0);
}

static void who_comes_last_is_remembered(void **state)
{
    struct fixture *f = *state;
    AUTO(bus_client_close) struct bus_client *client = client_open(f, "ops");
    AUTO(asking_free) struct asking *asking = asking_new(client);
    char name[32];
    for (int i = 0; i < 400; i++) {
        snprintf(name, sizeof name, "adapter:%d", i);
        assert_int_equal(asked_after(f, asking, name, 100 + i), 0);
    }
    assert_int_equal(asked_after(f, asking, "adapter:399", 1), 499);
    assert_int_equal(asked_after(f, asking, "adapter:0", 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_asks_is_asked_for_after_what_they_were_told, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(who_comes_last_is_remembered, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(nobody_answers_for_another, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
