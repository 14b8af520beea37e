/* The log in small partitions: room is made ahead, old partitions go when no known reader needs them. */
#include <stdio.h>

#include "bus/clock.h"
#include "tests/store/fixture.h"

#define PARTITION 10

static struct bus_error err;

static struct store *store_of(struct store_config *config, int64_t events)
{
    *config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    config->log_partition = PARTITION;
    struct store *store = fixture_store(config);
    for (int64_t seq = 1; seq <= events;) {
        must_begin(store);
        for (int i = 0; i < 7 && seq <= events; i++, seq++) {
            char id[16];
            snprintf(id, sizeof(id), "e%lld", (long long)seq);
            append(store, seq, id, 20);
        }
        must_commit(store);
    }
    return store;
}

static int64_t trim(struct store *store, int64_t before_us)
{
    int64_t first = 0;
    must_begin(store);
    assert_ok(store_log_trim(store, before_us, &first, &err));
    must_commit(store);
    assert_int_equal(store_head_get(store)->first_seq, first);
    assert_int_equal(pgcluster_number(cluster, "SELECT first_seq FROM alpha.stream_head"), first);
    return first;
}

static void told(struct store *store, const char *reader, int64_t seq)
{
    const struct store_reader_position position = {
        .reader = reader, .seq = seq, .at_us = bus_clock_wall_us()};
    assert_ok(store_reader_positions_put(store, &position, 1, &err));
}

static int64_t later(void)
{
    return bus_clock_wall_us() + BUS_HOUR_US;
}

static void a_turn_may_be_longer_than_partitions(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of(&config, 3);
    must_begin(store);
    for (int64_t seq = 4; seq <= 100; seq++)
        append(store, seq, "e", 20);
    must_commit(store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.event_log"), 100);
    store_close(&store);
}

static void what_a_reader_needs_stays(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of(&config, 57);
    told(store, "slow", 29);
    told(store, "quick", 57);
    assert_int_equal(trim(store, bus_clock_wall_us() - BUS_HOUR_US), 1); /* nothing is old yet */
    assert_int_equal(trim(store, later()), 20);
    told(store, "slow", 39);
    assert_int_equal(trim(store, later()),
                     30); /* 39 itself stays: it proves that the reader means this log */
    told(store, "slow", 40);
    assert_int_equal(trim(store, later()), 40);
    must_begin(store);
    assert_ok(store_reader_forget(store, "slow", &err));
    must_commit(store);
    assert_int_equal(trim(store, later()), 50); /* the partition at the head is never dropped */
    assert_int_equal(pgcluster_number(cluster, "SELECT min(seq) FROM alpha.event_log"), 50);
    store_close(&store);
    store = fixture_store(&config);
    assert_int_equal(store_head_get(store)->first_seq, 50);
    store_close(&store);
}

/* A run stands in the partition of its last event: what is no longer kept of it is not given out. */
static void a_run_may_lie_over_a_border(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of(&config, 7);
    must_begin(store);
    append_run(store, 8, 12, 20);
    append_run(store, 13, 45, 20);
    append_run(store, 46, 46, 20);
    must_commit(store);
    AUTO(store_reader_close) struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct store_batch batch;
    pgcluster_run(cluster,
                  "UPDATE alpha.event_log SET recorded = recorded - interval '2 hours' WHERE seq <> 12");
    assert_int_equal(trim(store, bus_clock_wall_us() - BUS_HOUR_US), 1); /* event 9 is as young as its run */
    pgcluster_run(cluster,
                  "UPDATE alpha.event_log SET recorded = recorded - interval '2 hours' WHERE seq = 12");
    told(store, "slow", 19);
    assert_int_equal(trim(store, bus_clock_wall_us() - BUS_HOUR_US), 10);
    assert_int_equal(store_reader_fetch(reader, 0, 8, 100, 100000, arena, &batch, &err), BUS_NOT_FOUND);
    assert_ok(store_reader_fetch(reader, 0, 9, 100, 100000, arena, &batch, &err));
    assert_true(batch.run.from == 10 && batch.run.to == 46);
    told(store, "slow", 46);
    assert_int_equal(trim(store, bus_clock_wall_us() - BUS_HOUR_US), 40);
    assert_ok(store_reader_fetch(reader, 0, 39, 100, 100000, arena, &batch, &err));
    assert_true(batch.run.from == 40 && batch.run.to == 46);
    store_close(&store);
}

static void a_trim_that_is_undone_changes_nothing(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of(&config, 57);
    int64_t first = 0;
    must_begin(store);
    assert_ok(store_log_trim(store, later(), &first, &err));
    assert_int_equal(first, 50);
    store_rollback(store);
    assert_int_equal(store_head_get(store)->first_seq, 1);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.event_log"), 57);
    store_close(&store);
}

static void a_reader_that_comes_too_late_gets_no_gap(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of(&config, 57);
    struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct store_batch batch = {0};
    /* A partition that goes between a reader's look at the head and its look at the log. */
    pgcluster_run(cluster, "DROP TABLE alpha.event_log_from_0");
    assert_int_equal(store_reader_fetch(reader, 0, 0, 100, 100000, arena, &batch, &err), BUS_NOT_FOUND);
    assert_non_null(strstr(err.text, "starts at 10"));
    assert_ok(store_reader_fetch(reader, 0, 9, 100, 100000, arena, &batch, &err));
    assert_int_equal(batch.run.from, 10);
    store_reader_close(&reader);
    store_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_may_be_longer_than_partitions),
        cmocka_unit_test(what_a_reader_needs_stays),
        cmocka_unit_test(a_run_may_lie_over_a_border),
        cmocka_unit_test(a_trim_that_is_undone_changes_nothing),
        cmocka_unit_test(a_reader_that_comes_too_late_gets_no_gap),
    };
    return cmocka_run_group_tests_name("trimming", tests, fixture_open, fixture_close);
}
