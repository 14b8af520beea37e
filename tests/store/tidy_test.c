/* Answers to commands are kept for thirty days, in a replay for good, and across restarts. */
#include "tests/store/fixture.h"

#include "app/loop.h"

static void put_answer(struct store *store, const char *key, int64_t time_us)
{
    struct bus_error err = {0};
    assert_ok(store_request_put(
        store,
        &(struct store_request){
            .key = key, .digest = bus_bytes_of("d"), .reply = bus_bytes_of("r"), .time_us = time_us},
        &err));
}

static size_t answers(struct store *store, struct bus_arena *arena)
{
    struct bus_error err = {0};
    static const char *const keys[] = {"old", "young"};
    struct store_request *found = NULL;
    size_t n = 0;
    assert_ok(store_requests_find(store, keys, 2, arena, &found, &n, &err));
    return n;
}

static void old_answers_are_forgotten_hourly(void **state)
{
    (void)state;
    static const struct bus_service service = {.name = "tidying"};
    struct store_config config = fixture_config("tidying", pgcluster_service(cluster, "tidying"), 1);
    struct bus_error err = {0};
    struct loop loop = {.service = &service,
                        .store = fixture_store(&config),
                        .arena = bus_arena_new(),
                        .clock = {.mode = STORE_CLOCK_CONDUCTED}};
    int64_t now = bus_clock_wall_us();
    must_begin(loop.store);
    put_answer(loop.store, "old", now - 31 * BUS_DAY_US);
    put_answer(loop.store, "young", now - 29 * BUS_DAY_US);
    must_commit(loop.store);
    assert_ok(loop_tidy(&loop, &err));
    assert_int_equal(answers(loop.store, loop.arena), 2);
    loop.clock.mode = STORE_CLOCK_WALL;
    assert_ok(loop_tidy(&loop, &err));
    assert_int_equal(answers(loop.store, loop.arena), 1);
    must_begin(loop.store);
    put_answer(loop.store, "old", now - 31 * BUS_DAY_US);
    must_commit(loop.store);
    assert_ok(loop_tidy(&loop, &err)); /* not again within the hour */
    assert_int_equal(answers(loop.store, loop.arena), 2);
    loop.tidy_us = 0;
    assert_ok(loop_tidy(&loop, &err));
    assert_int_equal(answers(loop.store, loop.arena), 1);
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
}

/* A slice with each beat: the loop does nothing else meanwhile. */
static void many_answers_are_forgotten_bit_by_bit(void **state)
{
    (void)state;
    static const struct bus_service service = {.name = "tidying"};
    struct store_config config = fixture_config("tidying", pgcluster_service(cluster, "tidying"), 1);
    struct bus_error err = {0};
    struct loop loop = {.service = &service, .store = fixture_store(&config), .arena = bus_arena_new()};
    pgcluster_run(cluster, "INSERT INTO tidying.request_done (key, digest, reply, time) "
                           "SELECT 'key ' || i, '', '', now() - interval '31 days' "
                           "FROM generate_series(1, 12000) AS i");
    for (int slices = 3; slices > 0; slices--) {
        assert_int_equal(loop.tidy_us, 0);
        assert_ok(loop_tidy(&loop, &err));
    }
    assert_true(loop.tidy_us > 0);
    pgcluster_run(cluster, "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM tidying.request_done); END $$");
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
}

/* More than are read at once. */
static void answers_are_known_after_a_restart(void **state)
{
    (void)state;
    struct store_config config = fixture_config("knowing", pgcluster_service(cluster, "knowing"), 1);
    struct store *store = fixture_store(&config);
    struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    static const char *const keys[] = {"key 10000", "key 10001", "key 22345", "none"};
    struct store_request *found = NULL;
    size_t n = 0;
    must_begin(store);
    for (int i = 10000; i <= 22345; i++)
        put_answer(store, bus_printf(arena, "key %d", i), 1000);
    must_commit(store);
    store_close(&store);
    store = fixture_store(&config);
    assert_ok(store_requests_find(store, keys, 4, arena, &found, &n, &err));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(found[i].key, keys[i]);
    store_close(&store);
    bus_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(old_answers_are_forgotten_hourly),
                                       cmocka_unit_test(many_answers_are_forgotten_bit_by_bit),
                                       cmocka_unit_test(answers_are_known_after_a_restart)};
    return cmocka_run_group_tests_name("tidying", tests, fixture_open, fixture_close);
}
