/* Whatever a role was given, what is committed is on the disk, and a statement sees what stands when it
 * begins; a role that asks for more than the disk here keeps that. */
#include "tests/store/fixture.h"

static const struct bus_sql setting = {.name = "setting", .params = 1, .text = "SELECT current_setting($1)"};

static void assert_in_turn(struct store *store, const char *name, const char *wanted)
{
    struct bus_error err = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    assert_ok(bus_query(store_db(store), &err, &rows, &setting, BUS_TEXT(name)));
    assert_string_equal(bus_row_text(&rows, 0, 0, arena), wanted);
}

static void assert_setting(struct store *store, const char *name, const char *wanted)
{
    must_begin(store);
    assert_in_turn(store, name, wanted);
    must_commit(store);
}

static void assert_relaxed_turn(struct store *store)
{
    must_begin(store);
    store_relax_turn(store);
    assert_in_turn(store, "synchronous_commit", "off");
    must_commit(store);
}

/* Of a role that was given `given`. */
static void check_synchronous(const char *given, const char *wanted)
{
    static const struct bus_sql *const statements[] = {&setting, NULL};
    struct store_config config = fixture_config("durable", pgcluster_service(cluster, "durable"), 1);
    config.statements = statements;
    pgcluster_run(cluster, "ALTER ROLE durable SET synchronous_commit = %s", given);
    pgcluster_run(cluster, "ALTER ROLE durable SET default_transaction_isolation = 'serializable'");
    struct store *store = fixture_store(&config);
    assert_setting(store, "synchronous_commit", wanted);
    assert_setting(store, "transaction_isolation", "read committed");
    assert_relaxed_turn(store);
    assert_setting(store, "synchronous_commit", wanted);
    store_relax(store, true);
    assert_setting(store, "synchronous_commit", "off");
    store_relax(store, false);
    assert_setting(store, "synchronous_commit", wanted);
    store_close(&store);
}

static void no_less_than_the_disk(void **state)
{
    (void)state;
    check_synchronous("off", "on");
}

static void more_than_the_disk(void **state)
{
    (void)state;
    check_synchronous("remote_apply", "remote_apply");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_less_than_the_disk),
                                       cmocka_unit_test(more_than_the_disk)};
    return cmocka_run_group_tests_name("durable", tests, fixture_open, fixture_close);
}
