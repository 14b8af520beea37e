/* An effect that is asked for again under its name and key before its outcome was handled: never two at once,
 * and the last word counts. */
#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "tests/store/fixture.h"

#include "app/effects.h"
#include "app/loop.h"

static sem_t entered, gate;
static atomic_int running, most;
static _Atomic(const void *) given; /* what the last ring was given of what was gathered */
static char rung[64], told[64];
static bool broken;
static const char *asks_for; /* the key that every outcome asks for anew; NULL: none */

static enum bus_status ring(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            const void *gathered, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err)
{
    (void)peers, (void)key, (void)err;
    int now = atomic_fetch_add(&running, 1) + 1;
    if (now > atomic_load(&most))
        atomic_store(&most, now);
    strncat(rung, (const char *)payload.data, payload.size);
    given = gathered;
    sem_post(&entered);
    sem_wait(&gate);
    atomic_fetch_sub(&running, 1);
    *ret_text = bus_printf(arena, "rang %.*s", (int)payload.size, (const char *)payload.data);
    return BUS_OK;
}

static const void *gather(struct bus_peers *peers, const struct bus_bytes *payloads, size_t n,
                          struct bus_arena *arena)
{
    (void)peers, (void)payloads, (void)n;
    return bus_strdup(arena, "addresses");
}

static enum bus_status on_rang(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    if (broken)
        return bus_fail(ctx->err, BUS_INVALID, "not like this");
    strcat(strcat(told, outcome->text), ".");
    const char *again = asks_for;
    asks_for = NULL;
    return again != NULL ? bus_effect(ctx, "ring", again, bus_bytes_of("new")) : BUS_OK;
}

/* A timer named after the effect, "key payload". */
static enum bus_status on_ask_for(struct bus_context *ctx, const char *name, const char *asked)
{
    size_t key_n = strcspn(asked, " ");
    return bus_effect(ctx, name, bus_strndup(ctx->arena, asked, key_n), bus_bytes_of(asked + key_n + 1));
}

static enum bus_status on_ask(struct bus_context *ctx, const char *asked)
{
    return on_ask_for(ctx, "ring", asked);
}

static enum bus_status on_ask_mail(struct bus_context *ctx, const char *asked)
{
    return on_ask_for(ctx, "mail", asked);
}

static struct loop open_loop(void)
{
    static const struct bus_on_timer timers[] = {{"ask", on_ask}, {"ask-mail", on_ask_mail}, {0}};
    static const struct bus_on_effect effects[] = {
        {.name = "ring", .run = ring, .handle = on_rang},
        {.name = "mail", .run = ring, .handle = on_rang, .gather = gather},
        {0}};
    static const struct bus_service service = {.name = "ringing", .timers = timers, .effects = effects};
    struct store_config config = fixture_config("ringing", pgcluster_service(cluster, "ringing"), 1);
    struct loop loop = {.service = &service, .store = fixture_store(&config), .arena = bus_arena_new()};
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    effects_open(&loop);
    rung[0] = told[0] = '\0';
    broken = false;
    asks_for = NULL;
    return loop;
}

static void close_loop(struct loop *loop)
{
    effects_close(loop);
    store_close(&loop->store);
    bus_arena_free(&loop->arena);
}

static void take(struct loop *loop, struct item **ret_items, size_t *ret_n)
{
    struct bus_error err = {0};
    bus_arena_reset(loop->arena);
    loop->next_timer_us = 0;
    assert_ok(take_items(loop, ret_items, ret_n, &err));
}

/* How many items the turn took. */
static size_t turn(struct loop *loop)
{
    struct bus_error err = {0};
    struct item *items = NULL;
    size_t n = 0;
    bool away = false;
    take(loop, &items, &n);
    if (n > 0)
        assert_ok(turn_run(loop, items, n, &away, &err));
    return n;
}

static void ask(struct loop *loop, const char *timer, const char *asked)
{
    struct bus_error err = {0};
    must_begin(loop->store);
    assert_ok(
        store_timer_put(loop->store, &(struct store_timer){.name = timer, .key = asked, .due_us = 1}, &err));
    must_commit(loop->store);
    assert_int_equal(turn(loop), 1);
}

/* Until all that were asked for have rung. */
static void gathered(struct loop *loop)
{
    while (!effects_gathered(loop))
        assert_int_equal(poll(&(struct pollfd){.fd = effects_fd(loop), .events = POLLIN}, 1, 10000), 1);
}

static long long rows(void)
{
    return pgcluster_number(cluster, "SELECT count(*) FROM ringing.effect");
}

static void asked_again_while_it_runs(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    ask(&loop, "ask", "bell one");
    sem_wait(&entered);
    ask(&loop, "ask", "bell two");
    sem_post(&gate);
    sem_wait(&entered);
    assert_string_equal(rung, "onetwo");
    assert_int_equal(turn(&loop), 0); /* the first has nothing to tell */
    assert_int_equal(rows(), 1);
    sem_post(&gate);
    gathered(&loop);
    assert_int_equal(turn(&loop), 1);
    assert_string_equal(told, "rang two.");
    assert_int_equal(atomic_load(&most), 1);
    assert_int_equal(effects_pending(&loop), 0);
    assert_int_equal(rows(), 0);
    close_loop(&loop);
}

static void asked_again_before_it_runs(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    ask(&loop, "ask", "other one");
    sem_wait(&entered); /* what follows waits behind it */
    ask(&loop, "ask", "bell two");
    ask(&loop, "ask", "bell three");
    for (int i = 0; i < 3; i++)
        sem_post(&gate);
    gathered(&loop);
    assert_string_equal(rung, "onethree");
    assert_int_equal(turn(&loop), 2);
    assert_string_equal(told, "rang three.rang one.");
    assert_int_equal(effects_pending(&loop), 0);
    close_loop(&loop);
}

/* Two outcomes are there, and the first asks for the second's effect anew. */
static struct loop two_outcomes(struct item **ret_items)
{
    struct loop loop = open_loop();
    size_t n = 0;
    ask(&loop, "ask", "anna one");
    ask(&loop, "ask", "bilal two");
    for (int i = 0; i < 3; i++)
        sem_post(&gate);
    gathered(&loop);
    asks_for = "bilal";
    take(&loop, ret_items, &n);
    assert_int_equal(n, 2);
    return loop;
}

static void only_the_new_one_is_told(struct loop *loop)
{
    assert_string_equal(told, "rang one.");
    assert_int_equal(rows(), 1);
    gathered(loop);
    assert_int_equal(turn(loop), 1);
    assert_string_equal(told, "rang one.rang new.");
    assert_int_equal(rows(), 0);
    assert_int_equal(effects_pending(loop), 0);
    close_loop(loop);
}

static void asked_again_in_the_turn_of_its_outcome(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct item *items = NULL;
    bool away = false;
    struct loop loop = two_outcomes(&items);
    assert_ok(turn_run(&loop, items, 2, &away, &err));
    only_the_new_one_is_told(&loop);
}

static void asked_again_before_its_outcome_is_handled_alone(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct item *items = NULL;
    struct loop loop = two_outcomes(&items);
    assert_ok(single_run(&loop, items, 2, &err));
    only_the_new_one_is_told(&loop);
}

static void asked_again_before_its_outcome_is_parked(void **state)
{
    (void)state;
    struct bus_error err = {0}, why = {.text = "given up"};
    struct item *items = NULL;
    struct loop loop = two_outcomes(&items);
    assert_ok(single_run(&loop, items, 1, &err));
    assert_ok(dead_park(&loop, &items[1], "parked", 6, 0, &why, &err));
    assert_int_equal(store_dead_count(loop.store), 0);
    only_the_new_one_is_told(&loop);
}

static void asked_again_after_its_outcome_was_parked(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct loop loop = open_loop();
    struct item *items = NULL;
    size_t n = 0;
    broken = true;
    ask(&loop, "ask", "bell one");
    sem_post(&gate);
    gathered(&loop);
    take(&loop, &items, &n);
    assert_ok(single_run(&loop, items, n, &err));
    assert_int_equal(store_dead_count(loop.store), 1);
    ask(&loop, "ask", "bell two");
    assert_int_equal(store_dead_count(loop.store), 0);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM ringing.dead_letter"), 0);
    sem_post(&gate);
    close_loop(&loop);
}

static void what_was_gathered_is_for_its_own_effect_alone(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    sem_post(&gate);
    ask(&loop, "ask-mail", "anna one");
    gathered(&loop);
    assert_string_equal(given, "addresses");
    assert_int_equal(turn(&loop), 1);
    sem_post(&gate);
    ask(&loop, "ask", "bell two");
    gathered(&loop);
    assert_null(given);
    close_loop(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asked_again_while_it_runs),
        cmocka_unit_test(asked_again_before_it_runs),
        cmocka_unit_test(asked_again_in_the_turn_of_its_outcome),
        cmocka_unit_test(asked_again_before_its_outcome_is_handled_alone),
        cmocka_unit_test(asked_again_before_its_outcome_is_parked),
        cmocka_unit_test(asked_again_after_its_outcome_was_parked),
        cmocka_unit_test(what_was_gathered_is_for_its_own_effect_alone),
    };
    return cmocka_run_group_tests_name("effects", tests, fixture_open, fixture_close);
}
