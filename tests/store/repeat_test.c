/* A command that was answered and comes again to a process that died over and over since: its first answer
 * stands. */
#include <czmq.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/effects.h"
#include "bus/keys.h"
#include "bus/pack.h"
#include "net/net.h"
#include "tests/store/fixture.h"

#define KEY    "driver/c1"
#define DEATHS 10

static struct net *open_net(const char *dir)
{
    struct bus_error err = {0};
    struct net *net = NULL;
    struct net_config config = {.name = "repeating",
                                .bind_events = "tcp://127.0.0.1:*",
                                .bind_requests = "tcp://127.0.0.1:*",
                                .keys_dir = dir};
    assert_ok(bus_keys_make(dir, "repeating", "peer", NULL, &err));
    assert_ok(net_open(&config, &net, &err));
    return net;
}

static void answer_it(struct store *store)
{
    AUTO(bus_buffer_done) struct bus_buffer reply = {0};
    struct bus_error err = {0};
    bus_pack_array(&reply, 2);
    bus_pack_map(&reply, 0);
    bus_pack_map(&reply, 0);
    const struct store_request request = {
        .key = KEY, .digest = bus_bytes("", 0), .reply = bus_buffer_bytes(&reply), .time_us = 1};
    must_begin(store);
    assert_ok(store_request_put(store, &request, &err));
    must_commit(store);
}

static void count_deaths(struct store *store)
{
    struct bus_error err = {0};
    int attempts = 0;
    for (int i = 0; i < DEATHS; i++)
        assert_ok(store_attempt(store, "/command/" KEY, 0, &attempts, &err));
    assert_int_equal(attempts, DEATHS);
}

static struct item repetition(struct loop *loop)
{
    static const struct bus_on on;
    struct bus_arena *arena = bus_arena_new();
    struct command *command = bus_alloc(arena, sizeof *command);
    *command = (struct command){
        .arena = arena, .on = &on, .key = KEY, .given_back = true}; /* nobody waits for its answer */
    commands_add(loop, command);
    return (struct item){.kind = ITEM_COMMAND,
                         .header = {.id = "c1", .type = "koppel.repeating.ask.v1"},
                         .command = command,
                         .now_us = 2};
}

static void a_repetition_is_not_given_up(void **state)
{
    (void)state;
    static const struct bus_service service = {.name = "repeating"};
    char dir[] = "/tmp/repeat-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    struct store_config config = fixture_config("repeating", pgcluster_service(cluster, "repeating"), 1);
    struct bus_error err = {0};
    struct loop loop = {.service = &service,
                        .store = fixture_store(&config),
                        .net = open_net(dir),
                        .arena = bus_arena_new(),
                        .care = {.until_us = INT64_MAX},
                        .commands_end = &loop.commands};
    effects_open(&loop);
    answer_it(loop.store);
    count_deaths(loop.store);
    struct item item = repetition(&loop);
    assert_ok(single_run(&loop, &item, 1, &err));
    assert_true(item.answered_before);
    assert_null(loop.commands); /* it was answered */
    int attempts = 0;
    assert_ok(store_attempt(loop.store, "/command/" KEY, 0, &attempts, &err));
    assert_int_equal(attempts, 1); /* and its attempts are over */
    effects_close(&loop);
    net_close(&loop.net);
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
    snprintf(path, sizeof path, "%s", dir);
    zdir_t *made = zdir_new(path, NULL);
    zdir_remove(made, true);
    zdir_destroy(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_repetition_is_not_given_up)};
    return cmocka_run_group_tests_name("repetitions", tests, fixture_open, fixture_close);
}
