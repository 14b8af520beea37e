/* Migrations: applied once, in order, whole or not at all, and never changed afterwards. */
#include "sql/bus.h"
#include "store/session.h"
#include "tests/store/fixture.h"

#define FIRST                                                        \
    {                                                                \
        .number = 1, .name = "0001_first", .sha256 = "aaa",          \
        .text = "CREATE TABLE one (x int); CREATE TABLE two (x int)" \
    }

static struct store_config config;

static int prepare(void **state)
{
    (void)state;
    config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    config.statements = NULL;
    config.migrations = (const struct bus_migration[]){FIRST, {0}};
    struct store *store = fixture_store(&config);
    store_close(&store);
    return 0;
}

static void open_and_close(const struct bus_migration *migrations)
{
    config.migrations = migrations;
    struct store *store = fixture_store(&config);
    store_close(&store);
}

static void refuse(const struct bus_migration *migrations, const char *code, const char *words)
{
    struct bus_error err = {0};
    struct store *store = NULL;
    config.migrations = migrations;
    assert_int_equal(store_open(&config, &store, &err), BUS_BUG);
    assert_null(store);
    assert_string_equal(err.code, code);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" is not in: %s", words, err.text);
}

static long long tables(void)
{
    return pgcluster_number(cluster,
                            "SELECT count(*) FROM pg_tables WHERE schemaname = 'alpha' AND tablename IN "
                            "('one', 'two', 'three', 'four')");
}

static int bus_migrations_n(void)
{
    int n = 0;
    while (bus_migrations[n].number != 0)
        n++;
    return n;
}

static void applied_once_and_in_order(void **state)
{
    (void)state;
    assert_int_equal(tables(), 2);
    const struct bus_migration more[] = {
        FIRST,
        {.number = 2, .name = "0002_second", .sha256 = "bbb", .text = "CREATE TABLE three (x int)"},
        {.number = 3, .name = "0003_third", .sha256 = "ccc", .text = "ALTER TABLE three RENAME TO four"},
        {0}};
    open_and_close(more);
    open_and_close(more);
    assert_int_equal(tables(), 3);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.migration WHERE module = 'alpha'"),
                     3);
    assert_int_equal(pgcluster_number(cluster,
                                      "SELECT count(*) FROM alpha.migration WHERE module = 'bus' AND "
                                      "length(sha256) = 64"),
                     bus_migrations_n());
}

static void a_changed_one_is_refused(void **state)
{
    (void)state;
    struct bus_migration changed[] = {
        FIRST, {.number = 2, .name = "0002_x", .sha256 = "x", .text = "CREATE TABLE three (x int)"}, {0}};
    changed[0].sha256 = "other";
    refuse(changed, "BUS-MIGRATION", "0001_first");
    assert_int_equal(tables(), 2);
    pgcluster_run(cluster, "UPDATE alpha.migration SET sha256 = 'changed' WHERE module = 'bus'");
    refuse((const struct bus_migration[]){FIRST, {0}}, "BUS-MIGRATION", "of bus was changed");
}

static void a_newer_database_is_refused(void **state)
{
    (void)state;
    refuse((const struct bus_migration[]){{0}}, "BUS-MIGRATION", "0001_first");
    refuse(NULL, "BUS-MIGRATION", "0001_first");
}

static void half_of_one_leaves_nothing(void **state)
{
    (void)state;
    refuse((const struct bus_migration[]){FIRST,
                                          {.number = 2,
                                           .name = "0002_half",
                                           .sha256 = "h",
                                           .text =
                                               "CREATE TABLE three (x int); DROP TABLE one; SELECT nonsense"},
                                          {0}},
           "", "migration 0002_half of alpha failed: SQLSTATE 42703");
    assert_int_equal(tables(), 2);
    refuse(
        (const struct bus_migration[]){
            FIRST,
            {.number = 2,
             .name = "0002_data",
             .sha256 = "h",
             .text = "CREATE TABLE three (x int NOT NULL); INSERT INTO three VALUES (NULL)"},
            {0}},
        "", "SQLSTATE 23502");
    refuse(
        (const struct bus_migration[]){
            FIRST, {.number = 2, .name = "0002_commit", .sha256 = "h", .text = "SELECT 1; ROLLBACK"}, {0}},
        "", "ends its transaction");
    assert_int_equal(tables(), 2);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.migration WHERE module = 'alpha'"),
                     1);
    open_and_close((const struct bus_migration[]){FIRST, {0}}); /* and the service can start again */
}

static void a_lost_lease_stops_it(void **state)
{
    (void)state;
    struct bus_error err = {0};
    const struct bus_migration more[] = {
        FIRST, {.number = 2, .name = "0002_more", .sha256 = "m", .text = "CREATE TABLE three (x int)"}, {0}};
    int64_t lease = pgcluster_number(cluster, "SELECT lease_epoch FROM alpha.stream_head");
    AUTO(db_free) struct bus_db *db = db_new("alpha", config.conninfo, NULL, NULL, false);
    assert_ok(db_connect(db, &err));
    assert_int_equal(store_migrate(db, "alpha", more, 0, lease + 1, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    assert_int_equal(tables(), 2);
    assert_ok(store_migrate(db, "alpha", more, 0, lease, &err));
    assert_int_equal(tables(), 3);
}

static void a_wrong_statement_is_named(void **state)
{
    (void)state;
    static const struct bus_sql wrong = {.name = "wrong", .text = "SELECT nothing FROM nowhere"};
    static const struct bus_sql unbulky = {
        .name = "unbulky", .params = 1, .bulk = true, .text = "SELECT $1::int"};
    config.statements = (const struct bus_sql *const[]){&wrong, NULL};
    refuse((const struct bus_migration[]){FIRST, {0}}, "", "statement wrong failed: SQLSTATE 42P01");
    config.statements = (const struct bus_sql *const[]){&unbulky, NULL};
    refuse((const struct bus_migration[]){FIRST, {0}}, "", "unbulky: parameter $1");
}

static void no_schema_is_told(void **state)
{
    (void)state;
    pgcluster_run(cluster, "DROP SCHEMA alpha CASCADE");
    refuse((const struct bus_migration[]){FIRST, {0}}, "", "no schema alpha");
}

static void no_database_is_to_be_tried_again(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = NULL;
    config.conninfo = "host=/nowhere dbname=none";
    assert_int_equal(store_open(&config, &store, &err), BUS_RETRY);
    config.conninfo = "this is no conninfo";
    assert_int_equal(store_open(&config, &store, &err), BUS_RETRY);
    assert_null(store);
}

/* A log as it was kept before it was kept in runs, over two partitions; the clock and the read positions in
 * tables of their own. */
static void a_database_of_an_earlier_state_goes_on(void **state)
{
    (void)state;
    struct bus_error err = {0};
    config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    config.log_partition = 10;
    struct bus_db *db = db_new("alpha", config.conninfo, NULL, NULL, false);
    assert_ok(db_connect(db, &err));
    assert_ok(store_migrate(db, "bus", bus_migrations, 6, 0, &err));
    db_free(&db);
    pgcluster_run(cluster,
                  "SET search_path = alpha; INSERT INTO stream_head (stream, last_seq) VALUES ('alpha', 12); "
                  "SET ROLE alpha; SELECT bus_log_room(12, 10); INSERT INTO event_log (seq, event_id, "
                  "header, data, time) "
                  "SELECT i, i, decode('81a26964a2', 'hex') || to_char(i, 'FM00')::bytea, '\\x80', now() "
                  "FROM generate_series(1, 12) AS i; "
                  "INSERT INTO clock (mode, now_us, offset_us) VALUES (2, 42, -7); "
                  "INSERT INTO position VALUES ('gamma', 3, 7, 'c7'), ('beta', 1, 9, 'b9'); "
                  "INSERT INTO dead_letter SELECT 'beta', i, i, 'duo', 'type', 'h', 'd', state, '', '', 1 "
                  "FROM unnest('{parked,dropped}'::text[]) WITH ORDINALITY AS of (state, i); RESET ROLE; "
                  "RESET search_path");
    AUTO(store_close) struct store *store = fixture_store(&config);
    struct store_clock clock;
    assert_ok(store_clock_get(store, &clock, &err));
    assert_true(clock.mode == STORE_CLOCK_OFFSET && clock.now_us == 42 && clock.offset_us == -7);
    must_begin(store);
    append(store, 13, "13", 5);
    append_run(store, 14, 31, 5);
    advance(store, "delta", 2, "d2");
    advance(store, "gamma", 8, "c8");
    must_commit(store);
    char *positions = pgcluster_ask(
        cluster, "SELECT string_agg(concat_ws(':', stream, epoch, seq, event_id), ' ') FROM alpha.position");
    assert_string_equal(positions, "beta:1:9:b9 delta:1:2:d2 gamma:1:8:c8");
    free(positions);
    char *letters = pgcluster_ask(
        cluster, "SELECT string_agg(concat_ws(':', state, subject, encode(header || data, 'escape')), ' ' "
                 "ORDER BY seq) FROM alpha.dead_letter");
    assert_string_equal(letters, "parked:duo:hd dropped:");
    free(letters);
    AUTO(store_reader_close) struct store_reader *reader = fixture_reader(&config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (int64_t seq = 1; seq <= 14; seq++) {
        struct store_batch batch;
        const char *id;
        assert_ok(store_reader_check(reader, 0, seq, arena, &id, &batch, &err));
        assert_string_equal(id, seq == 14 ? "e14" : bus_printf(arena, "%02d", (int)seq));
        assert_ok(store_reader_fetch(reader, 0, seq - 1, 100, 100000, arena, &batch, &err));
        assert_true(batch.run.from == seq && batch.run.to == 31);
    }
    /* A page holds a run, compressed if it must be, in what stood before too. */
    assert_int_equal(
        pgcluster_number(cluster, "SELECT count(*) FROM pg_class WHERE relname LIKE 'event_log_from_%%' AND "
                                  "relkind = 'r' AND reloptions IS NULL"),
        0);
    assert_int_equal(
        pgcluster_number(cluster, "SELECT count(*) FROM pg_attribute WHERE attrelid IN (SELECT relid FROM "
                                  "pg_partition_tree('alpha.event_log')) AND attname = 'events' AND "
                                  "(attstorage <> 'm' OR attcompression <> 'l')"),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(applied_once_and_in_order, prepare),
        cmocka_unit_test_setup(a_changed_one_is_refused, prepare),
        cmocka_unit_test_setup(a_newer_database_is_refused, prepare),
        cmocka_unit_test_setup(half_of_one_leaves_nothing, prepare),
        cmocka_unit_test_setup(a_lost_lease_stops_it, prepare),
        cmocka_unit_test_setup(a_wrong_statement_is_named, prepare),
        cmocka_unit_test(a_database_of_an_earlier_state_goes_on),
        cmocka_unit_test_setup(no_schema_is_told, prepare),
        cmocka_unit_test_setup(no_database_is_to_be_tried_again, prepare),
    };
    return cmocka_run_group_tests_name("migrate", tests, fixture_open, fixture_close);
}
