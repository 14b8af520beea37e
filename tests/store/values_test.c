/* Values to the server and back, by one statement and in bulk. */
#include <math.h>
#include <stdio.h>

#include "store/session.h"
#include "tests/store/fixture.h"

static const struct bus_sql every_put = {
    .name = "every_put",
    .params = 11,
    .text = "INSERT INTO every (k, i8, i4, i2, yes, number, words, bytes, id, at, note) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};
static const struct bus_sql every_row = {
    .name = "every_row",
    .params = 11,
    .text =
        "INSERT INTO every (k, i8, i4, i2, yes, number, words, bytes, id, at, note) "
        "SELECT -$1::int, $2::bigint, $3::int, $4::smallint, $5::boolean, $6::float8, $7::text, $8::bytea, "
        "$9::uuid, $10::timestamptz, $11::varchar"};
static const struct bus_sql every_bulk = {
    .name = "every_bulk",
    .params = 11,
    .bulk = true,
    .row = &every_row,
    .text = "INSERT INTO every (k, i8, i4, i2, yes, number, words, bytes, id, at, note) "
            "SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::smallint[], $5::boolean[], "
            "$6::float8[], "
            "$7::text[], $8::bytea[], $9::uuid[], $10::timestamptz[], $11::varchar[])"};
static const struct bus_sql every_get = {
    .name = "every_get",
    .params = 0,
    .text = "SELECT k, i8, i4, i2, yes, number, words, bytes, id, at, note FROM every ORDER BY abs(k)"};
static const struct bus_sql lists = {.name = "lists",
                                     .params = 3,
                                     .text = "SELECT $1::text[], $2::uuid[], $3::bigint[], '{}'::text[], "
                                             "NULL::bigint[], ARRAY['a', NULL], ARRAY[7]"};
static const struct bus_sql casts = {
    .name = "casts",
    .params = 0,
    .text = "SELECT date '2026-11-22', '0190a3c8-0000-7000-8000-000000000001'::uuid, 'x'::name, "
            "json '{\"a\": 1}', 2.5::float4, 7::smallint"};
static const struct bus_sql to_int = {
    .name = "to_int", .params = 1, .text = "SELECT count(*) FROM every WHERE k = $1"};
static const struct bus_sql small_put = {
    .name = "small_put", .params = 3, .text = "INSERT INTO small (k, parent, word) VALUES ($1, $2, $3)"};
static const struct bus_sql small_bulk = {
    .name = "small_bulk",
    .params = 3,
    .bulk = true,
    .text = "INSERT INTO small (k, parent, word) SELECT * FROM unnest($1::int[], $2::int[], $3::text[])"};
static const struct bus_sql small_gone = {
    .name = "small_gone", .params = 1, .bulk = true, .text = "DELETE FROM small WHERE k = ANY ($1::int[])"};
static const struct bus_sql *const statements[] = {&every_put, &every_bulk, &every_get,  &lists,      &casts,
                                                   &to_int,    &small_put,  &small_bulk, &small_gone, NULL};
static const struct bus_migration migrations[] = {
    {.number = 1,
     .name = "0001_every",
     .sha256 = "one",
     .text =
         "CREATE TABLE every (k int PRIMARY KEY, i8 bigint, i4 int, i2 smallint, yes boolean, number float8, "
         "words text, bytes bytea, id uuid, at timestamptz, note varchar);"
         "CREATE TABLE small (k int PRIMARY KEY, parent int REFERENCES small, word text NOT NULL CHECK (word "
         "<> 'bad'));"},
    {0}};

static struct store *store;

static int open_store(void **state)
{
    (void)state;
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    config.statements = statements;
    config.migrations = migrations;
    store = fixture_store(&config);
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    store_close(&store);
    return 0;
}

static const uint8_t raw[] = {0, 1, 0xff, '\\', '\'', 0, 'x'};
static const struct bus_id some_id = {
    .bytes = {1, 0x90, 0xa3, 0xc8, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, 16}};
#define SOME_TIME INT64_C(1795681500123456) /* 2026-11-26, with microseconds */
#define OLD_TIME  INT64_C(-1000000)
static const char some_text[] = "Zoë ’s \"quote\", {brace}, \\ backslash, \n line — ትግርኛ, українська";

static bool each_alone; /* each row goes out before the next is given */

static void row_done(void)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_error err = {0};
    if (each_alone)
        assert_ok(bus_query(store_db(store), &err, &rows, &every_get, BUS_NONE));
}

static void put_every(const struct bus_sql *sql)
{
    struct bus_error err = {0};
    struct bus_db *db = store_db(store);
    assert_ok(bus_exec(db, &err, sql, BUS_INT(1), BUS_INT(INT64_MIN), BUS_INT(INT32_MIN), BUS_INT(INT16_MIN),
                       BUS_BOOL(true), BUS_NUMBER(0.1), BUS_TEXT(some_text),
                       BUS_BYTES(bus_bytes(raw, sizeof(raw))), BUS_ID(some_id), BUS_TIME(SOME_TIME),
                       BUS_TEXT("")));
    row_done();
    assert_ok(bus_exec(db, &err, sql, BUS_INT(2), BUS_NULL, BUS_NULL, BUS_NULL, BUS_NULL, BUS_NULL,
                       BUS_TEXT(NULL), BUS_BYTES(bus_bytes(NULL, 0)), BUS_ID((struct bus_id){0}), BUS_TIME(0),
                       BUS_NULL));
    row_done();
    assert_ok(bus_exec(db, &err, sql, BUS_INT(3), BUS_INT(INT64_MAX), BUS_INT(INT32_MAX), BUS_INT(INT16_MAX),
                       BUS_BOOL(false), BUS_NUMBER(-INFINITY), BUS_TEXT(""), BUS_BYTES(bus_bytes("", 0)),
                       BUS_ID(some_id), BUS_TIME(OLD_TIME), BUS_ID(some_id)));
    row_done();
}

static void check_every(const struct bus_rows *rows)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    assert_int_equal(rows->n, 3);
    assert_true(bus_row_int(rows, 0, 1) == INT64_MIN && bus_row_int(rows, 2, 1) == INT64_MAX);
    assert_true(bus_row_int(rows, 0, 2) == INT32_MIN && bus_row_int(rows, 2, 2) == INT32_MAX);
    assert_true(bus_row_int(rows, 0, 3) == INT16_MIN && bus_row_int(rows, 2, 3) == INT16_MAX);
    assert_true(bus_row_bool(rows, 0, 4));
    assert_false(bus_row_bool(rows, 2, 4));
    assert_true(bus_row_number(rows, 0, 5) == 0.1 && isinf(bus_row_number(rows, 2, 5)));
    assert_string_equal(bus_row_text(rows, 0, 6, arena), some_text);
    assert_string_equal(bus_row_text(rows, 2, 6, arena), "");
    assert_true(bus_bytes_equal(bus_row_bytes(rows, 0, 7, arena), bus_bytes(raw, sizeof(raw))));
    assert_true(bus_row_bytes(rows, 2, 7, arena).data != NULL);
    assert_int_equal(bus_row_bytes(rows, 2, 7, arena).size, 0);
    assert_true(bus_id_equal(bus_row_id(rows, 0, 8), some_id));
    assert_true(bus_row_time(rows, 0, 9) == SOME_TIME && bus_row_time(rows, 2, 9) == OLD_TIME);
    assert_string_equal(bus_row_text(rows, 0, 10, arena), "");
    char id[BUS_ID_TEXT];
    bus_id_format(some_id, id);
    assert_string_equal(bus_row_text(rows, 2, 10, arena), id);
    for (int column = 1; column <= 10; column++) {
        assert_true(bus_row_null(rows, 1, column));
        assert_false(bus_row_null(rows, 0, column));
    }
    assert_true(bus_row_int(rows, 1, 1) == 0 && bus_row_number(rows, 1, 5) == 0 &&
                bus_row_time(rows, 1, 9) == 0);
    assert_false(bus_row_bool(rows, 1, 4));
    assert_null(bus_row_text(rows, 1, 6, arena));
    assert_int_equal(bus_row_word(rows, 0, 6, (const char *const[]){"", some_text, NULL}), 2);
    assert_int_equal(bus_row_word(rows, 0, 6, (const char *const[]){"", NULL}), 0);
    assert_int_equal(bus_row_word(rows, 2, 6, (const char *const[]){some_text, "", NULL}), 2);
    assert_int_equal(bus_row_word(rows, 1, 6, (const char *const[]){"", some_text, NULL}), 0);
    assert_null(bus_row_bytes(rows, 1, 7, arena).data);
    assert_true(bus_id_is_nil(bus_row_id(rows, 1, 8)));
}

static void every_kind_comes_back(void **state)
{
    (void)state;
    struct bus_error err = {0};
    const struct bus_sql *const ways[] = {&every_put, &every_bulk};
    for (size_t i = 0; i < 2; i++) {
        must_begin(store);
        put_every(ways[i]);
        AUTO(bus_rows_done) struct bus_rows rows = {0};
        assert_ok(bus_query(store_db(store), &err, &rows, &every_get, BUS_NONE)); /* also sends the bulk */
        check_every(&rows);
        store_rollback(store);
    }
}

/* The statement for one row turns the sign of its key around, so that it shows by which it went. */
static void a_row_that_is_alone_goes_by_itself(void **state)
{
    (void)state;
    struct bus_error err = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    must_begin(store);
    each_alone = true;
    put_every(&every_bulk);
    each_alone = false;
    assert_ok(bus_query(store_db(store), &err, &rows, &every_get, BUS_NONE));
    check_every(&rows);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bus_row_int(&rows, i, 0), -(i + 1));
    store_rollback(store);
}

static void lists_come_back(void **state)
{
    (void)state;
    struct bus_error err = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char *const texts[] = {"plain", "with, comma \"and\" {brace}", NULL, ""};
    const struct bus_id ids[] = {some_id, {.bytes = {9}}};
    const int64_t ints[] = {INT64_MIN, -1, INT64_MAX};
    must_begin(store);
    assert_ok(bus_query(store_db(store), &err, &rows, &lists, BUS_TEXTS(texts, 4), BUS_IDS(ids, 2),
                        BUS_INTS(ints, 3)));
    size_t n;
    const char *const *got = bus_row_texts(&rows, 0, 0, arena, &n);
    assert_int_equal(n, 4);
    assert_string_equal(got[1], texts[1]);
    assert_null(got[2]);
    assert_string_equal(got[3], "");
    const struct bus_id *got_ids = bus_row_ids(&rows, 0, 1, arena, &n);
    assert_int_equal(n, 2);
    assert_true(bus_id_equal(got_ids[0], ids[0]) && bus_id_equal(got_ids[1], ids[1]));
    const int64_t *got_ints = bus_row_ints(&rows, 0, 2, arena, &n);
    assert_int_equal(n, 3);
    assert_memory_equal(got_ints, ints, sizeof(ints));
    bus_row_texts(&rows, 0, 3, arena, &n);
    assert_int_equal(n, 0);
    bus_row_ints(&rows, 0, 4, arena, &n);
    assert_int_equal(n, 0);
    assert_null(bus_row_texts(&rows, 0, 5, arena, &n)[1]);
    assert_int_equal(bus_row_ints(&rows, 0, 6, arena, &n)[0], 7);
    bus_rows_done(&rows);
    assert_ok(bus_query(store_db(store), &err, &rows, &lists, BUS_TEXTS(NULL, 0), BUS_IDS(NULL, 0),
                        BUS_INTS(NULL, 0)));
    bus_row_texts(&rows, 0, 0, arena, &n);
    assert_int_equal(n, 0);
    store_rollback(store);
}

static void other_types_are_read_as_what_they_are(void **state)
{
    (void)state;
    struct bus_error err = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    must_begin(store);
    assert_ok(bus_query(store_db(store), &err, &rows, &casts, BUS_NONE));
    assert_string_equal(bus_row_text(&rows, 0, 0, arena), "2026-11-22");
    assert_string_equal(bus_row_text(&rows, 0, 1, arena), "0190a3c8-0000-7000-8000-000000000001");
    assert_string_equal(bus_row_text(&rows, 0, 2, arena), "x");
    assert_string_equal(bus_row_text(&rows, 0, 3, arena), "{\"a\": 1}");
    assert_true(bus_row_number(&rows, 0, 4) == 2.5);
    assert_true(bus_row_number(&rows, 0, 5) == 7);
    store_rollback(store);
}

static void large_bulk_goes_out_in_pieces(void **state)
{
    (void)state;
    struct bus_error err = {0};
    must_begin(store);
    for (int i = 0; i < 60000; i++)
        assert_ok(bus_exec(store_db(store), &err, &small_bulk, BUS_INT(i), BUS_NULL,
                           BUS_TEXT("a text of some length, so that it makes more than one piece")));
    must_commit(store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.small"), 60000);
    pgcluster_run(cluster, "TRUNCATE alpha.small");
}

/* A row that is added and removed in one turn is gone, however many are removed after it. */
static void bulks_go_out_in_order_when_the_later_is_full(void **state)
{
    (void)state;
    struct bus_error err = {0};
    must_begin(store);
    assert_ok(bus_exec(store_db(store), &err, &small_bulk, BUS_INT(0), BUS_NULL, BUS_TEXT("w")));
    for (int i = 0; i < 100000; i++)
        assert_ok(bus_exec(store_db(store), &err, &small_gone, BUS_INT(i)));
    must_commit(store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.small"), 0);
}

static void many_single_statements_do_not_block(void **state)
{
    (void)state;
    struct bus_error err = {0};
    must_begin(store);
    for (int i = 0; i < 20000; i++)
        assert_ok(bus_exec(store_db(store), &err, &small_put, BUS_INT(i), BUS_NULL, BUS_TEXT("w")));
    must_commit(store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.small"), 20000);
    pgcluster_run(cluster, "TRUNCATE alpha.small");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_comes_back, open_store, close_store),
        cmocka_unit_test_setup_teardown(a_row_that_is_alone_goes_by_itself, open_store, close_store),
        cmocka_unit_test_setup_teardown(lists_come_back, open_store, close_store),
        cmocka_unit_test_setup_teardown(other_types_are_read_as_what_they_are, open_store, close_store),
        cmocka_unit_test_setup_teardown(large_bulk_goes_out_in_pieces, open_store, close_store),
        cmocka_unit_test_setup_teardown(bulks_go_out_in_order_when_the_later_is_full, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(many_single_statements_do_not_block, open_store, close_store),
    };
    return cmocka_run_group_tests_name("values", tests, fixture_open, fixture_close);
}
