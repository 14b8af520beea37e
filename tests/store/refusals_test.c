/* What a refused value means: whose fault it is, and what is said of it. */
#include <stdio.h>

#include "tests/store/fixture.h"

static const struct bus_sql small_put = {
    .name = "small_put", .params = 3, .text = "INSERT INTO small (k, parent, word) VALUES ($1, $2, $3)"};
static const struct bus_sql small_bulk = {
    .name = "small_bulk",
    .params = 3,
    .bulk = true,
    .text = "INSERT INTO small (k, parent, word) SELECT * FROM unnest($1::int[], $2::int[], $3::text[])"};
static const struct bus_sql zero_divide = {.name = "zero_divide", .params = 1, .text = "SELECT 1 / $1::int"};
static const struct bus_sql raise = {.name = "raise", .params = 1, .text = "SELECT raise_it($1)"};
static const struct bus_sql deferred_put = {
    .name = "deferred_put", .params = 1, .text = "INSERT INTO late (k) VALUES ($1)"};
static const struct bus_sql small_count = {
    .name = "small_count", .params = 0, .text = "SELECT count(*) FROM small"};
static const struct bus_sql *const statements[] = {&small_put,    &small_bulk,  &zero_divide, &raise,
                                                   &deferred_put, &small_count, NULL};
static const struct bus_migration migrations[] = {
    {.number = 1,
     .name = "0001_small",
     .sha256 = "one",
     .text =
         "CREATE TABLE small (k int PRIMARY KEY, parent int REFERENCES small, word text NOT NULL CHECK (word "
         "<> 'bad'));"
         "CREATE TABLE late (k int, CONSTRAINT late_once UNIQUE (k) DEFERRABLE INITIALLY DEFERRED);"
         "CREATE FUNCTION raise_it(code text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
         "RAISE EXCEPTION 'a secret value' USING ERRCODE = code; END $$"},
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

/* Runs the turn to its end, which must fail like this. */
static void expect_refusal(enum bus_status status, const char *sqlstate)
{
    struct bus_error err = {0};
    assert_int_equal(store_commit(store, &err), status);
    if (!strstr(err.text, sqlstate))
        fail_msg("%s is not in: %s", sqlstate, err.text);
    assert_null(strstr(err.text, "secret")); /* no values in the text */
    store_rollback(store);
    must_begin(store); /* the connection is as good as new */
    must_commit(store);
}

static void refused_values_are_the_messages_fault(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct bus_db *db = store_db(store);
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_put, BUS_INT(1), BUS_NULL, BUS_TEXT("bad")));
    expect_refusal(BUS_INVALID, "SQLSTATE 23514 on constraint small_word_check");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_put, BUS_INT(1), BUS_NULL, BUS_NULL));
    expect_refusal(BUS_INVALID, "small_put failed: SQLSTATE 23502 on column word");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_put, BUS_INT(1), BUS_INT(99), BUS_TEXT("secret")));
    expect_refusal(BUS_INVALID, "SQLSTATE 23503");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_bulk, BUS_INT(1), BUS_NULL, BUS_TEXT("secret")));
    assert_ok(bus_exec(db, &err, &small_bulk, BUS_INT(1), BUS_NULL, BUS_TEXT("secret")));
    expect_refusal(BUS_INVALID, "small_bulk failed: SQLSTATE 23505");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_put, BUS_TEXT("secret"), BUS_NULL, BUS_TEXT("w")));
    expect_refusal(BUS_INVALID, "SQLSTATE 22P02");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_put, BUS_INT(1), BUS_NULL, BUS_TEXT("secret \xff")));
    expect_refusal(BUS_INVALID, "SQLSTATE 22021");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &small_bulk, BUS_INT(1), BUS_NULL, BUS_TEXT("secret \xff")));
    expect_refusal(BUS_INVALID, "SQLSTATE 22021");
    must_begin(store);
    assert_int_equal(bus_exec(db, &err, &small_bulk, BUS_INT(INT64_MAX), BUS_NULL, BUS_TEXT("w")),
                     BUS_INVALID);
    expect_refusal(BUS_INVALID, "too large");
    must_begin(store);
    assert_ok(bus_exec(db, &err, &deferred_put, BUS_INT(1)));
    assert_ok(bus_exec(db, &err, &deferred_put, BUS_INT(1)));
    expect_refusal(BUS_INVALID, "COMMIT failed: SQLSTATE 23505 on constraint late_once");
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.small"), 0);
}

static void a_failed_query_says_so_at_once(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct bus_rows rows = {0};
    must_begin(store);
    assert_int_equal(bus_query(store_db(store), &err, &rows, &zero_divide, BUS_INT(0)), BUS_INVALID);
    assert_non_null(strstr(err.text, "22012"));
    assert_null(rows.result);
    /* The rest of the turn is void, and says the same. */
    assert_int_equal(bus_exec(store_db(store), &err, &small_put, BUS_INT(1), BUS_NULL, BUS_TEXT("w")),
                     BUS_INVALID);
    expect_refusal(BUS_INVALID, "22012");
    /* An earlier statement's failure shows at the next query. */
    must_begin(store);
    assert_ok(bus_exec(store_db(store), &err, &small_put, BUS_INT(1), BUS_NULL, BUS_TEXT("bad")));
    assert_int_equal(bus_query(store_db(store), &err, &rows, &small_count, BUS_NONE), BUS_INVALID);
    assert_non_null(strstr(err.text, "small_put"));
    store_rollback(store);
}

static void codes_tell_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        enum bus_status status;
    } codes[] = {{"40001", BUS_RETRY},   {"40P01", BUS_RETRY},   {"53100", BUS_RETRY}, {"53300", BUS_RETRY},
                 {"57014", BUS_RETRY},   {"08006", BUS_RETRY},   {"55P03", BUS_RETRY}, {"58030", BUS_RETRY},
                 {"22000", BUS_INVALID}, {"23000", BUS_INVALID}, {"42P01", BUS_BUG},   {"XX000", BUS_BUG},
                 {"P0001", BUS_BUG},     {"BF001", BUS_BUG}};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        struct bus_error err = {0};
        struct bus_rows rows = {0};
        must_begin(store);
        assert_int_equal(bus_query(store_db(store), &err, &rows, &raise, BUS_TEXT(codes[i].sqlstate)),
                         codes[i].status);
        assert_non_null(strstr(err.text, codes[i].sqlstate));
        store_rollback(store);
    }
}

static void misuse_is_a_bug(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct bus_rows rows = {0};
    struct bus_sql stranger = small_bulk;
    assert_int_equal(bus_exec(store_db(store), &err, &small_put, BUS_INT(1), BUS_NULL, BUS_TEXT("w")),
                     BUS_BUG);
    assert_int_equal(store_commit(store, &err), BUS_BUG);
    must_begin(store);
    assert_int_equal(store_begin(store, &err), BUS_BUG);
    assert_int_equal(bus_exec(store_db(store), &err, &small_put, BUS_INT(1)), BUS_BUG);
    assert_int_equal(bus_query(store_db(store), &err, &rows, &small_count, BUS_INT(1)), BUS_BUG);
    assert_int_equal(bus_exec(store_db(store), &err, &stranger, BUS_INT(1), BUS_NULL, BUS_TEXT("w")),
                     BUS_BUG);
    assert_int_equal(bus_exec(store_db(store), &err, &small_bulk, BUS_TEXT("1"), BUS_NULL, BUS_TEXT("w")),
                     BUS_BUG);
    assert_int_equal(store_commit(store, &err), BUS_BUG);
    store_rollback(store);
    must_begin(store);
    must_commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refused_values_are_the_messages_fault, open_store, close_store),
        cmocka_unit_test_setup_teardown(a_failed_query_says_so_at_once, open_store, close_store),
        cmocka_unit_test_setup_teardown(codes_tell_what_to_do, open_store, close_store),
        cmocka_unit_test_setup_teardown(misuse_is_a_bug, open_store, close_store),
    };
    return cmocka_run_group_tests_name("refusals", tests, fixture_open, fixture_close);
}
