/* Hashes of a service's state: equal for an equal history, whatever the turns it was told in. */
#include <stdio.h>

#include "tests/store/fixture.h"

static struct bus_error err;

/* The same history, told in turns of different sizes; `swapped` changes it. */
static const char *live_through(const char *name, int64_t turn_size, bool swapped, struct bus_arena *arena)
{
    struct store_config config = fixture_config(name, pgcluster_service(cluster, name), 1);
    struct store *store = fixture_store(&config);
    for (int64_t seq = 1; seq <= 12; seq++) {
        if ((seq - 1) % turn_size == 0)
            must_begin(store);
        char id[16];
        snprintf(id, sizeof(id), "item %lld", (long long)(swapped && seq > 10 ? 23 - seq : seq));
        must_put(store, id, seq);
        advance(store, "other", seq, id);
        assert_ok(
            store_timer_put(store, &(struct store_timer){.name = "t", .key = "k", .due_us = seq}, &err));
        if (seq % turn_size == 0)
            must_commit(store);
    }
    int n;
    assert_ok(store_attempt(store, "x", turn_size, &n, &err)); /* volatile */
    struct store_reader *reader = fixture_reader(&config);
    const char *hex;
    assert_ok(store_reader_state_hash(reader, arena, &hex, &err));
    assert_int_equal(strlen(hex), 64);
    store_reader_close(&reader);
    store_close(&store);
    return hex;
}

static void equal_history_gives_equal_hashes(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    /* The stream's name is part of the state, so that each life is lived under the same one. */
    const char *one = live_through("alpha", 1, false, arena);
    const char *other = live_through("alpha", 4, false, arena);
    const char *changed = live_through("alpha", 4, true, arena);
    assert_string_equal(one, other);
    assert_string_not_equal(one, changed);
}

static const char *hash_of_runs(int64_t length, size_t data_size, struct bus_arena *arena)
{
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    AUTO(store_close) struct store *store = fixture_store(&config);
    AUTO(store_reader_close) struct store_reader *reader = fixture_reader(&config);
    must_begin(store);
    for (int64_t from = 1; from <= 12; from += length)
        append_run(store, from, from + length - 1, data_size);
    must_commit(store);
    const char *hex;
    assert_ok(store_reader_state_hash(reader, arena, &hex, &err));
    return hex;
}

/* More than is read of the log at once, too. */
static void equal_events_in_other_runs_give_equal_hashes(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (size_t size = 10; size <= 200000; size += 199990) {
        const char *single = hash_of_runs(1, size, arena);
        assert_string_equal(hash_of_runs(4, size, arena), single);
        assert_string_equal(hash_of_runs(12, size, arena), single);
        assert_string_not_equal(hash_of_runs(12, size + 1, arena), single);
    }
}

static void hashes_leave_out_what_is_volatile(void **state)
{
    (void)state;
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    AUTO(store_close) struct store *store = fixture_store(&config);
    AUTO(store_reader_close) struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    must_begin(store);
    append(store, 1, "e1", 100);
    must_commit(store);
    const char *before, *after;
    const char *const *tables, *const *hexes;
    size_t n;
    pgcluster_run(cluster, "ALTER TABLE alpha.item ADD COLUMN seen timestamptz; "
                           "COMMENT ON COLUMN alpha.item.seen IS 'volatile'; "
                           "INSERT INTO alpha.item VALUES ('a', 1, now()), ('b', 2, now())");
    assert_ok(store_reader_state_hash(reader, arena, &before, &err));
    pgcluster_run(cluster,
                  "UPDATE alpha.item SET seen = now() + interval '1 hour' WHERE name = 'a'; "
                  "UPDATE alpha.event_log SET recorded = now() + interval '1 hour'; "
                  "CREATE TABLE alpha.hidden (x int); COMMENT ON TABLE alpha.hidden IS 'private: keys'");
    assert_ok(store_reader_state_hash(reader, arena, &after, &err));
    assert_string_equal(before, after);
    assert_ok(store_reader_table_hashes(reader, arena, &tables, &hexes, &n, &err));
    const char *all = "";
    for (size_t i = 0; i < n; i++)
        all = bus_printf(arena, "%s%s ", all, tables[i]);
    assert_string_equal(all, "dead_letter effect event_log item stream_head timer ");
    pgcluster_run(cluster, "UPDATE alpha.item SET n = 3 WHERE name = 'a'");
    assert_ok(store_reader_state_hash(reader, arena, &after, &err));
    assert_string_not_equal(before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_history_gives_equal_hashes),
        cmocka_unit_test(equal_events_in_other_runs_give_equal_hashes),
        cmocka_unit_test(hashes_leave_out_what_is_volatile),
    };
    return cmocka_run_group_tests_name("state hash", tests, fixture_open, fixture_close);
}
