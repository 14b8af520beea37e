/* Dead letters of timers and of outcomes: what they were comes back whole when they are tried again. */
#include "tests/store/fixture.h"

#include "app/effects.h"
#include "app/loop.h"

#define START_US (INT64_C(1700000000) * BUS_SECOND_US)

static bool broken;
static bool asks;
static char heard[8192];

static enum bus_status hear(struct bus_context *ctx, const char *text)
{
    if (broken)
        return bus_fail(ctx->err, BUS_INVALID, "not like this");
    strcat(strcat(heard, text), ".");
    return BUS_OK;
}

static enum bus_status on_wake(struct bus_context *ctx, const char *key)
{
    enum bus_status status =
        hear(ctx, bus_printf(ctx->arena, "woke %s at %lld", key, (long long)(ctx->now_us - START_US)));
    return status == BUS_OK && asks ? bus_effect(ctx, "ring", "bell", bus_bytes_of("loud")) : status;
}

static enum bus_status ring(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            const void *gathered, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err)
{
    (void)peers, (void)key, (void)payload, (void)gathered, (void)arena, (void)ret_text;
    return bus_fail(err, BUS_NOT_FOUND, "no bell");
}

static enum bus_status on_rang(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    return hear(ctx, bus_printf(ctx->arena, "%s %.*s %s: %s", outcome->key, (int)outcome->payload.size,
                                (const char *)outcome->payload.data, bus_status_name(outcome->status),
                                outcome->text));
}

static struct loop open_loop(void)
{
    static const struct bus_on_timer timers[] = {{"wake", on_wake}, {0}};
    static const struct bus_on_effect effects[] = {{"ring", ring, on_rang, NULL}, {0}};
    static const struct bus_service service = {.name = "burying", .timers = timers, .effects = effects};
    struct store_config config = fixture_config("burying", pgcluster_service(cluster, "burying"), 1);
    struct loop loop = {.service = &service,
                        .store = fixture_store(&config),
                        .arena = bus_arena_new(),
                        .clock = {.mode = STORE_CLOCK_CONDUCTED, .now_us = START_US},
                        .step = {.active = true}};
    loop.step.now_us = START_US;
    effects_open(&loop);
    broken = true;
    asks = false;
    heard[0] = '\0';
    return loop;
}

static void close_loop(struct loop *loop)
{
    effects_close(loop);
    store_close(&loop->store);
    bus_arena_free(&loop->arena);
}

/* One item comes up and is parked; an operator has it tried again; then it is handled. */
static void park_and_retry(struct loop *loop)
{
    struct bus_error err = {0};
    struct item *items = NULL;
    size_t n = 0;
    assert_ok(take_items(loop, &items, &n, &err));
    assert_int_equal(n, 1);
    assert_ok(single_run(loop, items, n, &err));
    assert_int_equal(store_dead_count(loop->store), 1);
    assert_int_equal(pgcluster_number(cluster, "SELECT (SELECT count(*) FROM burying.timer) + "
                                               "(SELECT count(*) FROM burying.effect)"),
                     0);
    int64_t chosen = 0;
    broken = false;
    must_begin(loop->store);
    const struct store_dead_choice all = {0};
    assert_ok(store_dead_retry(loop->store, &all, START_US + 5, &chosen, &err));
    must_commit(loop->store);
    assert_int_equal(chosen, 1);
    /* Its time has not come by the clock of the replay, whatever the one on the wall says. */
    assert_ok(dead_retry(loop, &n, &err));
    assert_int_equal(n, 0);
    loop->clock.now_us = START_US + 5;
    assert_ok(dead_retry(loop, &n, &err));
    assert_int_equal(n, 1);
    assert_int_equal(store_dead_count(loop->store), 0);
    assert_int_equal(pgcluster_number(cluster, "SELECT (SELECT count(*) FROM burying.dead_letter) + "
                                               "(SELECT count(*) FROM burying.attempt)"),
                     0);
}

static void a_timer(const char *key)
{
    struct bus_error err = {0};
    struct loop loop = open_loop();
    must_begin(loop.store);
    assert_ok(
        store_timer_put(loop.store, &(struct store_timer){.name = "wake", .key = key, .due_us = 1}, &err));
    must_commit(loop.store);
    asks = true;
    park_and_retry(&loop);
    assert_string_equal(heard, bus_printf(loop.arena, "woke %s at 5.", key));
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM burying.effect"), 1);
    close_loop(&loop);
}

static void a_timer_is_tried_again(void **state)
{
    (void)state;
    a_timer("ann");
}

/* `filling`: of the header of what caused it. */
static void an_outcome(const char *key, const char *filling)
{
    struct bus_error err = {0};
    struct loop loop = open_loop();
    const struct bus_header cause = {.id = "cause",
                                     .source = "/test",
                                     .type = "koppel.test.caused.v1",
                                     .stream = "test",
                                     .epoch = 1,
                                     .seq = 1,
                                     .correlationid = filling,
                                     .time_us = START_US};
    AUTO(bus_buffer_done) struct bus_buffer header = {0};
    assert_ok(bus_header_encode(&cause, &header, &err));
    must_begin(loop.store);
    assert_ok(store_effect_put(
        loop.store,
        &(struct store_effect){
            .name = "ring", .key = key, .payload = bus_bytes_of("loud"), .header = bus_buffer_bytes(&header)},
        &err));
    must_commit(loop.store);
    loop.next_timer_us = INT64_MAX;
    assert_ok(effects_resume(&loop, &err));
    while (!effects_gathered(&loop))
        bus_clock_sleep_ms(1);
    park_and_retry(&loop);
    assert_string_equal(heard, bus_printf(loop.arena, "%s loud not-found: no bell.", key));
    close_loop(&loop);
}

static void an_outcome_is_tried_again(void **state)
{
    (void)state;
    an_outcome("bell", NULL);
}

/* Stored before there was a limit, or by a header with no room for more. */
static void what_is_too_long_to_be_said_is_parked(void **state)
{
    (void)state;
    char key[2680], filling[3950];
    fixture_noise(key, sizeof key);
    fixture_noise(filling, sizeof filling);
    a_timer(key);
    an_outcome(key, filling);
}

/* Within a turn: how many statements it takes to set this timer. */
static uint64_t statements_of_setting(struct loop *loop, const char *key)
{
    struct bus_error err = {0};
    struct bus_turn turn = {.loop = loop, .arena = loop->arena};
    const struct bus_header cause = {.id = "cause", .source = "/test", .type = "test"};
    struct bus_context ctx = {
        .now_us = 1, .header = &cause, .arena = loop->arena, .err = &err, .turn = &turn};
    uint64_t before = store_writes(loop->store);
    assert_ok(bus_timer_set(&ctx, "wake", key, START_US));
    return store_writes(loop->store) - before;
}

static void a_letter_is_looked_for_by_its_own_timer_alone(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct loop loop = open_loop();
    must_begin(loop.store);
    assert_ok(
        store_timer_put(loop.store, &(struct store_timer){.name = "wake", .key = "ann", .due_us = 1}, &err));
    must_commit(loop.store);
    struct item *items = NULL;
    size_t n = 0;
    assert_ok(take_items(&loop, &items, &n, &err));
    assert_ok(single_run(&loop, items, n, &err));
    assert_int_equal(store_dead_count(loop.store), 1);
    must_begin(loop.store);
    assert_int_equal(statements_of_setting(&loop, "bob"), 1);
    assert_int_equal(statements_of_setting(&loop, "ann"), 2);
    must_commit(loop.store);
    assert_int_equal(store_dead_count(loop.store), 0);
    close_loop(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_timer_is_tried_again),
                                       cmocka_unit_test(an_outcome_is_tried_again),
                                       cmocka_unit_test(a_letter_is_looked_for_by_its_own_timer_alone),
                                       cmocka_unit_test(what_is_too_long_to_be_said_is_parked)};
    return cmocka_run_group_tests_name("dead letters in a loop", tests, fixture_open, fixture_close);
}
