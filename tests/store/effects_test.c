/* An effect that is asked for again under its name and key while it runs: never two at once, and the last
 * word counts. */
#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "tests/store/fixture.h"

#include "app/effects.h"
#include "app/loop.h"

static sem_t entered, gate;
static atomic_int running, most;
static char rung[64], told[64];

static enum bus_status ring(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            const void *gathered, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err)
{
    (void)peers, (void)key, (void)gathered, (void)err;
    int now = atomic_fetch_add(&running, 1) + 1;
    if (now > atomic_load(&most))
        atomic_store(&most, now);
    strncat(rung, (const char *)payload.data, payload.size);
    sem_post(&entered);
    sem_wait(&gate);
    atomic_fetch_sub(&running, 1);
    *ret_text = bus_printf(arena, "rang %.*s", (int)payload.size, (const char *)payload.data);
    return BUS_OK;
}

static enum bus_status on_rang(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    (void)ctx;
    strcat(strcat(told, outcome->text), ".");
    return BUS_OK;
}

static enum bus_status on_ask(struct bus_context *ctx, const char *key)
{
    return bus_effect(ctx, "ring", "bell", bus_bytes_of(key));
}

static void ask(struct store *store, const char *payload)
{
    struct bus_error err = {0};
    must_begin(store);
    assert_ok(
        store_timer_put(store, &(struct store_timer){.name = "ask", .key = payload, .due_us = 1}, &err));
    must_commit(store);
}

/* How many items the turn took. */
static size_t turn(struct loop *loop)
{
    struct bus_error err = {0};
    struct item *items = NULL;
    size_t n = 0;
    bool away = false;
    bus_arena_reset(loop->arena);
    loop->next_timer_us = 0;
    assert_ok(take_items(loop, &items, &n, &err));
    if (n > 0)
        assert_ok(turn_run(loop, items, n, &away, &err));
    return n;
}

static void asked_again_while_it_runs(void **state)
{
    (void)state;
    static const struct bus_on_timer timers[] = {{"ask", on_ask}, {0}};
    static const struct bus_on_effect effects[] = {{.name = "ring", .run = ring, .handle = on_rang}, {0}};
    static const struct bus_service service = {.name = "ringing", .timers = timers, .effects = effects};
    struct store_config config = fixture_config("ringing", pgcluster_service(cluster, "ringing"), 1);
    struct loop loop = {.service = &service, .store = fixture_store(&config), .arena = bus_arena_new()};
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    effects_open(&loop);
    ask(loop.store, "one");
    assert_int_equal(turn(&loop), 1);
    sem_wait(&entered);
    ask(loop.store, "two");
    assert_int_equal(turn(&loop), 1);
    sem_post(&gate);
    sem_wait(&entered);
    assert_string_equal(rung, "onetwo");
    assert_int_equal(turn(&loop), 0); /* the first has nothing to tell */
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM ringing.effect"), 1);
    sem_post(&gate);
    while (!effects_gathered(&loop))
        assert_int_equal(poll(&(struct pollfd){.fd = effects_fd(&loop), .events = POLLIN}, 1, 10000), 1);
    assert_int_equal(turn(&loop), 1);
    assert_string_equal(told, "rang two.");
    assert_int_equal(atomic_load(&most), 1);
    assert_int_equal(effects_pending(&loop), 0);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM ringing.effect"), 0);
    effects_close(&loop);
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(asked_again_while_it_runs)};
    return cmocka_run_group_tests_name("effects", tests, fixture_open, fixture_close);
}
