/* The reader: catching up on the log, and the walls between services. */
#include <stdio.h>
#include <unistd.h>

#include "bus/cursor.h"
#include "tests/store/fixture.h"
#include "wire/run.h"

static struct bus_error err;

/* Alpha with five events in its log, made for each test. */
static struct store_config config;
static struct store *store;
static struct store_reader *reader;
static struct bus_arena *arena;

static int five_open(void **state)
{
    (void)state;
    config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    store = fixture_store(&config);
    must_begin(store);
    for (int64_t seq = 1; seq <= 5; seq++) {
        char id[8];
        snprintf(id, sizeof(id), "e%lld", (long long)seq);
        append(store, seq, id, 100);
    }
    must_commit(store);
    reader = fixture_reader(&config);
    arena = bus_arena_new();
    return 0;
}

static int five_close(void **state)
{
    (void)state;
    store_reader_close(&reader);
    store_close(&store);
    bus_arena_free(&arena);
    return 0;
}

/* Five as they were appended, or some of them. */
static void holds(const struct store_run *events, int64_t after, size_t n)
{
    struct wire_run run;
    struct bus_bytes header, data, text;
    struct bus_cursor at;
    size_t found = 0;
    assert_true(wire_run_open(events->events, events->from, events->to, &run));
    for (; wire_run_next(&run, &header, &data); found++) {
        assert_int_equal(run.seq, after + 1 + (int64_t)found);
        assert_string_equal(wire_run_event_id(header, "", 0, arena),
                            bus_printf(arena, "e%lld", (long long)run.seq));
        assert_true(bus_cursor_get(data, "d", &at) && bus_cursor_text(&at, &text));
        assert_int_equal(text.size, 100);
    }
    assert_true(wire_run_done(&run));
    assert_int_equal(found, n);
}

static void fetch_keeps_to_its_limits(void **state)
{
    (void)state;
    static const struct {
        int64_t after;
        int max_n;
        size_t max_bytes, n; /* an event has 113 bytes */
    } cases[] = {{0, 100, 100000, 5},   {0, 3, 100000, 3},          {2, 100, 100000, 3}, {5, 100, 100000, 0},
                 {0, 100, 226, 2},      {0, 100, 225, 1},           {3, 100, 1, 1},      {0, 100, 0, 1},
                 {0, 100, SIZE_MAX, 5}, {STORE_END, 100, 100000, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store_batch batch;
        assert_ok(store_reader_fetch(reader, 0, cases[i].after, cases[i].max_n, cases[i].max_bytes, arena,
                                     &batch, &err));
        assert_true(batch.head_seq == 5 && batch.first_seq == 1 && batch.epoch == 1);
        holds(&batch.run, cases[i].after, cases[i].n);
    }
}

/* All five in runs of every length, asked for from every place on. */
static void a_fetch_goes_on_in_the_middle_of_a_run(void **state)
{
    (void)state;
    for (int64_t length = 2; length <= 5; length++) {
        pgcluster_run(cluster, "TRUNCATE alpha.event_log; UPDATE alpha.stream_head SET last_seq = 0");
        store_close(&store);
        store = fixture_store(&config);
        must_begin(store);
        for (int64_t from = 1; from <= 5; from += length)
            append_run(store, from, from + length - 1 < 5 ? from + length - 1 : 5, 100);
        must_commit(store);
        for (int64_t after = 0; after <= 5; after++)
            for (int max_n = 1; max_n <= 6; max_n++) {
                struct store_batch batch;
                const char *id;
                assert_ok(store_reader_fetch(reader, 0, after, max_n, 100000, arena, &batch, &err));
                holds(&batch.run, after, (size_t)(max_n < 5 - after ? max_n : 5 - after));
                assert_ok(store_reader_check(reader, 0, after + 1, arena, &id, &batch, &err));
                assert_true(after == 5 ? id == NULL
                                       : strcmp(id, bus_printf(arena, "e%lld", (long long)after + 1)) == 0);
            }
    }
}

static void a_damaged_log_gives_nothing_out(void **state)
{
    (void)state;
    static const char *const damages[] = {"UPDATE alpha.event_log SET n = 2 WHERE seq = 3",
                                          "UPDATE alpha.event_log SET n = 2 WHERE seq = 2",
                                          "DELETE FROM alpha.event_log WHERE seq = 3"};
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        struct store_batch batch;
        pgcluster_run(cluster, "%s", damages[i]);
        assert_int_equal(store_reader_fetch(reader, 0, 1, 100, 100000, arena, &batch, &err), BUS_BUG);
        assert_non_null(strstr(err.text, "restore a backup"));
        pgcluster_run(cluster, "UPDATE alpha.event_log SET n = 1");
    }
}

/* Who writes now, in the rows that are read; the reader may be of a process that has lost the stream. */
static void the_writer_is_read_with_the_log(void **state)
{
    (void)state;
    struct store_batch batch;
    const char *id = NULL;
    int64_t first = store_head_get(store)->writer;
    assert_true(first > 0);
    assert_ok(store_reader_fetch(reader, 0, 0, 1, 1000, arena, &batch, &err));
    assert_int_equal(batch.writer, first);
    store_close(&store);
    config.instance = bus_id_random(1);
    assert_ok(store_open(&config, &store, &err));
    assert_true(store_head_get(store)->writer != first);
    assert_ok(store_reader_check(reader, 0, 5, arena, &id, &batch, &err));
    assert_int_equal(batch.writer, store_head_get(store)->writer);
}

static void a_trimmed_log_says_so(void **state)
{
    (void)state;
    struct store_batch batch;
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET first_seq = 3; DELETE FROM alpha.event_log WHERE seq < 3");
    assert_int_equal(store_reader_fetch(reader, 0, 1, 10, 1000, arena, &batch, &err), BUS_NOT_FOUND);
    assert_ok(store_reader_fetch(reader, 0, 2, 10, 1000, arena, &batch, &err));
    assert_int_equal(batch.run.to, 5);
    assert_int_equal(batch.first_seq, 3);
}

static void check_tells_the_event_and_the_head(void **state)
{
    (void)state;
    struct store_batch head;
    const char *id;
    assert_ok(store_reader_check(reader, 0, 4, arena, &id, &head, &err));
    assert_string_equal(id, "e4");
    assert_true(head.head_seq == 5);
    assert_ok(store_reader_check(reader, 0, 6, arena, &id, &head, &err));
    assert_null(id);
    pgcluster_run(cluster, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
                           "application_name LIKE '%%reader'");
    assert_ok(store_reader_check(reader, 0, 5, arena, &id, &head, &err)); /* connects again */
    assert_string_equal(id, "e5");
}

static void a_reader_cannot_write(void **state)
{
    (void)state;
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
}

static void count_items(int n)
{
    struct bus_db *db;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    assert_ok(store_reader_begin(reader, &db, &err));
    assert_ok(bus_query(db, &err, &rows, &item_names, BUS_NONE));
    assert_int_equal(rows.n, n);
    store_reader_end(reader);
}

static void add_item(const char *name)
{
    must_begin(store);
    assert_ok(bus_exec(store_db(store), &err, &item_put, BUS_TEXT(name), BUS_INT(1)));
    must_commit(store);
}

static void what_is_held_outlasts_a_read_that_fails(void **state)
{
    (void)state;
    struct bus_db *db;
    struct bus_rows rows = {0};
    add_item("before");
    assert_ok(store_reader_hold(reader, 60000, &err));
    add_item("after");
    count_items(1);
    for (int i = 0; i < 2; i++) {
        assert_ok(store_reader_begin(reader, &db, &err));
        assert_int_equal(bus_query(db, &err, &rows, &item_put, BUS_TEXT("x"), BUS_INT(1)), BUS_BUG);
        store_reader_end(reader);
        count_items(1);
    }
    assert_ok(store_reader_hold(reader, 0, &err));
    count_items(2);
}

static void the_server_ends_what_is_held_for_too_long(void **state)
{
    (void)state;
    struct bus_db *db;
    assert_ok(store_reader_hold(reader, 1, &err));
    const char *sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%reader'";
    for (int tries = 0; pgcluster_number(cluster, "%s", sessions) > 0; tries++) {
        assert_true(tries < 5000);
        usleep(1000);
    }
    while (store_reader_begin(reader, &db, &err) == BUS_OK) {
        struct bus_rows rows = {0};
        assert_int_equal(bus_query(db, &err, &rows, &item_names, BUS_NONE), BUS_RETRY);
        store_reader_end(reader);
    }
    assert_ok(store_reader_hold(reader, 60000, &err));
    count_items(0);
}

static struct bus_version version_now(void)
{
    struct bus_db *db;
    struct bus_version version = {0};
    assert_ok(store_reader_begin(reader, &db, &err));
    assert_ok(bus_version_get(db, &version, &err));
    store_reader_end(reader);
    return version;
}

static void every_commit_makes_a_version_of_the_rows(void **state)
{
    (void)state;
    struct bus_version first = version_now(), again = version_now();
    assert_memory_equal(&first, &again, sizeof first);
    must_begin(store);
    assert_ok(bus_exec(store_db(store), &err, &item_put, BUS_TEXT("row"), BUS_INT(1))); /* and no event */
    again = version_now();
    assert_memory_equal(&first, &again, sizeof first); /* what is not committed yet is not seen */
    must_commit(store);
    again = version_now();
    assert_memory_not_equal(&first, &again, sizeof first);
}

static void another_services_schema_is_closed(void **state)
{
    (void)state;
    static const struct bus_sql peek = {.name = "peek", .text = "SELECT count(*) FROM alpha.event_log"};
    static const struct bus_sql shout = {.name = "shout", .text = "UPDATE alpha.stream_head SET turn = 0"};
    const struct bus_sql *const attempts[] = {&peek, &shout};
    for (size_t i = 0; i < 2; i++) {
        struct store_config beta = fixture_config("beta", pgcluster_service(cluster, "beta"), 1);
        beta.statements = (const struct bus_sql *const[]){attempts[i], NULL};
        struct store *refused = NULL;
        assert_int_equal(store_open(&beta, &refused, &err), BUS_BUG);
        assert_non_null(strstr(err.text, "42501"));
        assert_null(refused);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fetch_keeps_to_its_limits, five_open, five_close),
        cmocka_unit_test_setup_teardown(a_fetch_goes_on_in_the_middle_of_a_run, five_open, five_close),
        cmocka_unit_test_setup_teardown(a_damaged_log_gives_nothing_out, five_open, five_close),
        cmocka_unit_test_setup_teardown(the_writer_is_read_with_the_log, five_open, five_close),
        cmocka_unit_test_setup_teardown(a_trimmed_log_says_so, five_open, five_close),
        cmocka_unit_test_setup_teardown(check_tells_the_event_and_the_head, five_open, five_close),
        cmocka_unit_test_setup_teardown(a_reader_cannot_write, five_open, five_close),
        cmocka_unit_test_setup_teardown(what_is_held_outlasts_a_read_that_fails, five_open, five_close),
        cmocka_unit_test_setup_teardown(the_server_ends_what_is_held_for_too_long, five_open, five_close),
        cmocka_unit_test_setup_teardown(every_commit_makes_a_version_of_the_rows, five_open, five_close),
        cmocka_unit_test_setup_teardown(another_services_schema_is_closed, five_open, five_close),
    };
    return cmocka_run_group_tests_name("reader", tests, fixture_open, fixture_close);
}
