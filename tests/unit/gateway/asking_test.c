/* Requests under way: who asked gets the answer of whom was asked, and no other's. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_answers_for_another, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
