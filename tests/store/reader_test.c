/* The reader: catching up on the log, hashes of the state, and the walls between services. */
#include <stdio.h>

#include "tests/store/fixture.h"

static struct bus_error err;

static struct store *store_of_five(struct store_config *config)
{
    *config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(config);
    must_begin(store);
    for (int64_t seq = 1; seq <= 5; seq++) {
        char id[8];
        snprintf(id, sizeof(id), "e%lld", (long long)seq);
        append(store, seq, id, 100);
    }
    must_commit(store);
    return store;
}

static void fetch_keeps_to_its_limits(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of_five(&config);
    struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    static const struct {
        int64_t after;
        int max_n;
        size_t max_bytes, n; /* an event has 106 bytes */
    } cases[] = {{0, 100, 100000, 5}, {0, 3, 100000, 3},    {2, 100, 100000, 3}, {5, 100, 100000, 0},
                 {9, 100, 100000, 0}, {0, 100, 212, 2},     {0, 100, 211, 1},    {3, 100, 1, 1},
                 {0, 100, 0, 1},      {0, 100, SIZE_MAX, 5}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store_batch batch;
        assert_ok(store_reader_fetch(reader, cases[i].after, cases[i].max_n, cases[i].max_bytes, arena,
                                     &batch, &err));
        assert_int_equal(batch.n, cases[i].n);
        assert_true(batch.head_seq == 5 && batch.first_seq == 1 && batch.epoch == 1);
        for (size_t k = 0; k < batch.n; k++) {
            const struct store_event *event = &batch.events[k];
            assert_int_equal(event->seq, cases[i].after + 1 + (int64_t)k);
            assert_string_equal(event->event_id, bus_printf(arena, "e%lld", (long long)event->seq));
            assert_true(bus_bytes_equal(event->header, bus_bytes_of("header")));
            assert_int_equal(event->data.size, 100);
            assert_true(event->data.data[0] == 'd' && event->data.data[99] == 'd');
            assert_int_equal(event->time_us, 1700000000000000 + event->seq);
        }
    }
    store_reader_close(&reader);
    assert_null(reader);
    store_close(&store);
}

/* Who writes now, in the rows that are read; the reader may be of a process that has lost the stream. */
static void the_writer_is_read_with_the_log(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of_five(&config);
    struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct store_batch batch;
    const char *id = NULL;
    int64_t first = store_head_get(store)->writer;
    assert_true(first > 0);
    assert_ok(store_reader_fetch(reader, 0, 1, 1000, arena, &batch, &err));
    assert_int_equal(batch.writer, first);
    store_close(&store);
    config.instance = bus_id_random(1);
    assert_ok(store_open(&config, &store, &err));
    assert_true(store_head_get(store)->writer != first);
    assert_ok(store_reader_check(reader, 5, arena, &id, &batch, &err));
    assert_int_equal(batch.writer, store_head_get(store)->writer);
    store_reader_close(&reader);
    store_close(&store);
}

static void a_trimmed_log_says_so(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of_five(&config);
    struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct store_batch batch;
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET first_seq = 3; DELETE FROM alpha.event_log WHERE seq < 3");
    assert_int_equal(store_reader_fetch(reader, 1, 10, 1000, arena, &batch, &err), BUS_NOT_FOUND);
    assert_ok(store_reader_fetch(reader, 2, 10, 1000, arena, &batch, &err));
    assert_int_equal(batch.n, 3);
    assert_int_equal(batch.first_seq, 3);
    store_reader_close(&reader);
    store_close(&store);
}

static void check_tells_the_event_and_the_head(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of_five(&config);
    struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct store_batch head;
    const char *id;
    assert_ok(store_reader_check(reader, 4, arena, &id, &head, &err));
    assert_string_equal(id, "e4");
    assert_true(head.head_seq == 5 && head.n == 0);
    assert_ok(store_reader_check(reader, 6, arena, &id, &head, &err));
    assert_null(id);
    pgcluster_run(cluster, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
                           "application_name LIKE '%%reader'");
    assert_ok(store_reader_check(reader, 5, arena, &id, &head, &err)); /* connects again */
    assert_string_equal(id, "e5");
    store_reader_close(&reader);
    store_close(&store);
}

static void a_reader_cannot_write(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of_five(&config);
    struct store_reader *reader = fixture_reader(&config);
    struct bus_db *db;
    struct bus_rows rows = {0};
    assert_ok(store_reader_begin(reader, &db, &err));
    assert_int_equal(bus_query(db, &err, &rows, &item_put, BUS_TEXT("x"), BUS_INT(1)), BUS_BUG);
    assert_non_null(strstr(err.text, "25006"));
    store_reader_end(reader);
    assert_ok(store_reader_begin(reader, &db, &err));
    assert_ok(bus_query(db, &err, &rows, &item_names, BUS_NONE));
    assert_int_equal(rows.n, 0);
    bus_rows_done(&rows);
    assert_int_equal(store_reader_begin(reader, &db, &err), BUS_BUG);
    store_reader_end(reader);
    store_reader_close(&reader);
    store_close(&store);
}

static void another_services_schema_is_closed(void **state)
{
    (void)state;
    struct store_config config;
    struct store *alpha = store_of_five(&config);
    static const struct bus_sql peek = {.name = "peek", .text = "SELECT count(*) FROM alpha.event_log"};
    static const struct bus_sql shout = {.name = "shout", .text = "UPDATE alpha.stream_head SET turn = 0"};
    const struct bus_sql *const attempts[] = {&peek, &shout};
    for (size_t i = 0; i < 2; i++) {
        struct store_config beta = fixture_config("beta", pgcluster_service(cluster, "beta"), 1);
        beta.statements = (const struct bus_sql *const[]){attempts[i], NULL};
        struct store *store = NULL;
        assert_int_equal(store_open(&beta, &store, &err), BUS_BUG);
        assert_non_null(strstr(err.text, "42501"));
        assert_null(store);
    }
    store_close(&alpha);
}

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

static void hashes_leave_out_what_is_volatile(void **state)
{
    (void)state;
    struct store_config config;
    struct store *store = store_of_five(&config);
    struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
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
    assert_string_equal(all, "dead_letter effect event_log item position stream_head timer ");
    pgcluster_run(cluster, "UPDATE alpha.item SET n = 3 WHERE name = 'a'");
    assert_ok(store_reader_state_hash(reader, arena, &after, &err));
    assert_string_not_equal(before, after);
    store_reader_close(&reader);
    store_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fetch_keeps_to_its_limits),
        cmocka_unit_test(the_writer_is_read_with_the_log),
        cmocka_unit_test(a_trimmed_log_says_so),
        cmocka_unit_test(check_tells_the_event_and_the_head),
        cmocka_unit_test(a_reader_cannot_write),
        cmocka_unit_test(another_services_schema_is_closed),
        cmocka_unit_test(equal_history_gives_equal_hashes),
        cmocka_unit_test(hashes_leave_out_what_is_volatile),
    };
    return cmocka_run_group_tests_name("reader", tests, fixture_open, fixture_close);
}
