/* A message is not to blame for a database that goes away each time it is handled: it is tried until it is
 * done. */
#include "tests/store/fixture.h"

#include "app/effects.h"
#include "app/loop.h"

static int left;

static enum bus_status on_wake(struct bus_context *ctx, const char *key)
{
    (void)key;
    if (left-- <= 0)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    pgcluster_run(cluster, "SELECT pg_terminate_backend(owner_pid, 5000) FROM waking.stream_head");
    return bus_query(ctx->db, ctx->err, &rows, &item_names, BUS_NONE);
}

static void a_database_that_goes_away_parks_nothing(void **state)
{
    (void)state;
    static const struct bus_on_timer timers[] = {{"wake", on_wake}, {0}};
    static const struct bus_service service = {.name = "waking", .timers = timers};
    struct store_config config = fixture_config("waking", pgcluster_service(cluster, "waking"), 1);
    struct bus_error err = {0};
    struct loop loop = {.service = &service, .store = fixture_store(&config), .arena = bus_arena_new()};
    effects_open(&loop);
    must_begin(loop.store);
    assert_ok(
        store_timer_put(loop.store, &(struct store_timer){.name = "wake", .key = "up", .due_us = 1}, &err));
    must_commit(loop.store);
    left = 10;
    enum bus_status status = BUS_RETRY;
    int64_t until_us = bus_clock_monotonic_us() + 60 * BUS_SECOND_US;
    while (status == BUS_RETRY && bus_clock_monotonic_us() < until_us) {
        struct item *items = NULL;
        size_t n = 0;
        status = take_items(&loop, &items, &n, &err);
        if (status == BUS_RETRY) /* a new session was asked for and has not answered yet */
            continue;
        assert_ok(status);
        assert_int_equal(n, 1);
        status = single_run(&loop, items, n, &err);
    }
    assert_ok(status);
    assert_int_equal(store_dead_count(loop.store), 0);
    assert_int_equal(left, -1);
    effects_close(&loop);
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_database_that_goes_away_parks_nothing)};
    return cmocka_run_group_tests_name("excuses", tests, fixture_open, fixture_close);
}
