/* Timers that come due in one batch: one of them moves and clears others that were taken with it. */
#include "tests/store/fixture.h"

#include "app/effects.h"
#include "app/loop.h"

#define FAR_US (INT64_C(4000000000) * BUS_SECOND_US)

static char fired[64];

static enum bus_status on_first(struct bus_context *ctx, const char *key)
{
    strcat(strcat(fired, "first/"), key);
    enum bus_status status = bus_timer_set(ctx, "later", "moved", FAR_US);
    if (status == BUS_OK)
        status = bus_timer_clear(ctx, "later", "cleared");
    return status == BUS_OK ? bus_timer_set(ctx, "first", key, FAR_US + 1) : status;
}

static enum bus_status on_later(struct bus_context *ctx, const char *key)
{
    (void)ctx;
    strcat(strcat(fired, " later/"), key);
    return BUS_OK;
}

static void put_timer(struct store *store, const char *name, const char *key, int64_t due_us)
{
    struct bus_error err = {0};
    assert_ok(
        store_timer_put(store, &(struct store_timer){.name = name, .key = key, .due_us = due_us}, &err));
}

static int64_t due_of(struct store *store, const char *name, const char *key)
{
    struct bus_error err = {0};
    int64_t due_us = -1;
    assert_ok(store_timer_get(store, name, key, &due_us, &err));
    return due_us;
}

static void open_loop(struct loop *loop, const struct bus_service *service, const struct store_config *config)
{
    *loop = (struct loop){
        .service = service, .store = fixture_store(config), .arena = bus_arena_new(), .state_stale = true};
    effects_open(loop);
    must_begin(loop->store);
    put_timer(loop->store, "first", "a", 1000);
    put_timer(loop->store, "later", "cleared", 2000);
    put_timer(loop->store, "later", "kept", 2000);
    put_timer(loop->store, "later", "moved", 2000);
    must_commit(loop->store);
    fired[0] = '\0';
}

static void check_and_close(struct loop *loop)
{
    assert_string_equal(fired, "first/a later/kept");
    assert_int_equal(due_of(loop->store, "first", "a"), FAR_US + 1);
    assert_int_equal(due_of(loop->store, "later", "moved"), FAR_US);
    assert_int_equal(due_of(loop->store, "later", "cleared"), 0);
    assert_int_equal(due_of(loop->store, "later", "kept"), 0);
    effects_close(loop);
    store_close(&loop->store);
    bus_arena_free(&loop->arena);
}

static const struct bus_on_timer timers[] = {{"first", on_first}, {"later", on_later}, {0}};
static const struct bus_service service = {.name = "timing", .timers = timers};

static void a_timer_moved_in_the_same_batch_comes_due_later(void **state)
{
    (void)state;
    struct store_config config = fixture_config("timing", pgcluster_service(cluster, "timing"), 1);
    struct bus_error err = {0};
    struct loop loop;
    struct item *items = NULL;
    size_t n = 0;
    bool away = false;
    open_loop(&loop, &service, &config);
    assert_ok(take_items(&loop, &items, &n, &err));
    assert_int_equal(n, 4);
    assert_ok(turn_run(&loop, items, n, &away, &err));
    check_and_close(&loop);
    open_loop(&loop, &service, &config); /* the same one by one, as after a failure */
    assert_ok(take_items(&loop, &items, &n, &err));
    assert_ok(single_run(&loop, items, n, &err));
    check_and_close(&loop);
}

/* The letter of a timer is of what was meant before. */
static void what_was_parked_is_forgotten_when_its_timer_is_set_or_cleared(void **state)
{
    (void)state;
    struct store_config config = fixture_config("timing", pgcluster_service(cluster, "timing"), 1);
    struct bus_error err = {0}, why = {.text = "not now"};
    struct loop loop;
    struct item *items = NULL;
    size_t n = 0;
    bool away = false;
    open_loop(&loop, &service, &config);
    assert_ok(take_items(&loop, &items, &n, &err));
    for (size_t i = 1; i < n; i++)
        assert_ok(dead_park(&loop, &items[i], "retrying", 1, 1, &why, &err));
    assert_int_equal(store_dead_count(loop.store), 3);
    assert_ok(turn_run(&loop, items, 1, &away, &err));
    assert_int_equal(store_dead_count(loop.store), 1);
    assert_ok(dead_retry(&loop, &n, &err));
    check_and_close(&loop);
}

/* Both letters were read as due before the first of them was handled. */
static void a_letter_moved_by_one_before_it_is_not_tried_again(void **state)
{
    (void)state;
    struct store_config config = fixture_config("timing", pgcluster_service(cluster, "timing"), 1);
    struct bus_error err = {0}, why = {.text = "not now"};
    struct loop loop;
    struct item *items = NULL;
    size_t n = 0;
    open_loop(&loop, &service, &config);
    assert_ok(take_items(&loop, &items, &n, &err));
    for (size_t i = 0; i < n; i++)
        assert_ok(dead_park(&loop, &items[i], "retrying", 1, 1, &why, &err));
    assert_int_equal(store_dead_count(loop.store), 4);
    assert_ok(dead_retry(&loop, &n, &err));
    assert_int_equal(store_dead_count(loop.store), 0);
    check_and_close(&loop);
}

/* Run one by one after a failure, a timer that the first has moved or cleared has nothing to do; where not
 * even that could be committed, it must not come to be parked. */
static void a_timer_moved_in_the_same_batch_is_not_parked(void **state)
{
    (void)state;
    struct store_config config = fixture_config("timing", pgcluster_service(cluster, "timing"), 1);
    struct bus_error err = {0}, why = {.text = "a deadlock"};
    struct loop loop;
    struct item *items = NULL;
    size_t n = 0;
    open_loop(&loop, &service, &config);
    assert_ok(take_items(&loop, &items, &n, &err));
    assert_ok(single_run(&loop, items, 1, &err));
    for (size_t i = 1; i < n; i++)
        assert_ok(dead_park(&loop, &items[i], "retrying", 1, 1, &why, &err));
    assert_int_equal(store_dead_count(loop.store), 1);
    assert_int_equal(loop.metrics.parked, 1);
    assert_ok(dead_retry(&loop, &n, &err));
    check_and_close(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_moved_in_the_same_batch_comes_due_later),
        cmocka_unit_test(a_timer_moved_in_the_same_batch_is_not_parked),
        cmocka_unit_test(what_was_parked_is_forgotten_when_its_timer_is_set_or_cleared),
        cmocka_unit_test(a_letter_moved_by_one_before_it_is_not_tried_again),
    };
    return cmocka_run_group_tests_name("timers in a turn", tests, fixture_open, fixture_close);
}
