/* Who is to blame when a statement fails: the message whose statement it was, or nobody, because the database
 * is away. */
#include "tests/store/fixture.h"

#include "app/effects.h"
#include "app/loop.h"

#define START_US (INT64_C(1700000000) * BUS_SECOND_US)

static const struct bus_sql item_raise = {.name = "item_raise", .params = 1, .text = "SELECT raise($1)"};
static const struct bus_sql *const statements[] = {&item_raise, NULL};

/* The timer "fail" raises the SQLSTATE that is its key, when it reads or, in "late", only at the commit. */
static int calm;

static enum bus_status on_fail(struct bus_context *ctx, const char *key)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    return bus_query(ctx->db, ctx->err, &rows, &item_raise, BUS_TEXT(key));
}

static enum bus_status on_late(struct bus_context *ctx, const char *key)
{
    return bus_exec(ctx->db, ctx->err, &item_raise, BUS_TEXT(key));
}

static enum bus_status on_calm(struct bus_context *ctx, const char *key)
{
    (void)ctx, (void)key;
    calm++;
    return BUS_OK;
}

static struct loop open_loop(const char *name, const char *sqlstate)
{
    static const struct bus_on_timer timers[] = {
        {"fail", on_fail}, {"late", on_late}, {"calm", on_calm}, {0}};
    static const struct bus_service service = {.name = "blaming", .timers = timers};
    struct bus_error err = {0};
    const char *conninfo = pgcluster_service(cluster, "blaming");
    pgcluster_run(cluster, "CREATE FUNCTION blaming.raise(code text) RETURNS void LANGUAGE plpgsql AS "
                           "$$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = code; END $$");
    struct store_config config = fixture_config("blaming", conninfo, 1);
    config.statements = statements;
    struct loop loop = {.service = &service,
                        .store = fixture_store(&config),
                        .arena = bus_arena_new(),
                        .clock = {.mode = STORE_CLOCK_CONDUCTED, .now_us = START_US},
                        .step = {.active = true}};
    loop.step.now_us = START_US;
    effects_open(&loop);
    must_begin(loop.store);
    assert_ok(
        store_timer_put(loop.store, &(struct store_timer){.name = name, .key = sqlstate, .due_us = 1}, &err));
    assert_ok(
        store_timer_put(loop.store, &(struct store_timer){.name = "calm", .key = "", .due_us = 2}, &err));
    must_commit(loop.store);
    calm = 0;
    return loop;
}

static void close_loop(struct loop *loop)
{
    effects_close(loop);
    store_close(&loop->store);
    bus_arena_free(&loop->arena);
}

static enum bus_status run(struct loop *loop)
{
    struct bus_error err = {0};
    struct item *items = NULL;
    size_t n = 0;
    assert_ok(take_items(loop, &items, &n, &err));
    assert_int_equal(n, 2);
    return single_run(loop, items, n, &err);
}

static const struct store_dead *letter(struct loop *loop)
{
    struct bus_error err = {0};
    struct store_dead *dead = NULL;
    size_t n = 0;
    const struct store_dead_key first = {.source = "", .event_id = ""};
    assert_ok(store_dead_page(loop->store, &first, 10, loop->arena, &dead, &n, &err));
    assert_int_equal(n, 1);
    return dead;
}

static void a_statement_that_fails_each_time_ends_up_parked(void **state)
{
    (void)state;
    static const char *const sqlstates[] = {"57014", "40001", "40P01", "55P03"};
    for (size_t i = 0; i < 2 * sizeof sqlstates / sizeof *sqlstates; i++) {
        struct bus_error err = {0};
        struct loop loop = open_loop(i % 2 ? "late" : "fail", sqlstates[i / 2]);
        assert_ok(run(&loop));
        assert_int_equal(calm, 1);
        int tries = 1;
        while (strcmp(letter(&loop)->state, "retrying") == 0) {
            assert_in_range(++tries, 1, 10);
            loop.clock.now_us = letter(&loop)->next_us;
            size_t n = 0;
            assert_ok(dead_retry(&loop, &n, &err));
            assert_int_equal(n, 1);
        }
        assert_string_equal(letter(&loop)->state, "parked");
        assert_int_equal(letter(&loop)->attempts, 8);
        assert_non_null(strstr(letter(&loop)->error, sqlstates[i / 2]));
        close_loop(&loop);
    }
}

static void a_database_that_does_not_serve_is_waited_for(void **state)
{
    (void)state;
    static const char *const sqlstates[] = {"53100", "57P01", "58030", "08006"};
    for (size_t i = 0; i < 2 * sizeof sqlstates / sizeof *sqlstates; i++) {
        struct loop loop = open_loop(i % 2 ? "late" : "fail", sqlstates[i / 2]);
        for (int again = 0; again < 10; again++)
            assert_int_equal(run(&loop), BUS_RETRY);
        assert_int_equal(store_dead_count(loop.store), 0);
        assert_int_equal(calm, 0);
        close_loop(&loop);
    }
}

static enum bus_status cannot_open(struct bus_context *ctx, void **ret_state)
{
    (void)ret_state;
    return bus_fail(ctx->err, BUS_INVALID, "a row of its own cannot be read");
}

static void a_state_that_cannot_be_built_is_no_fault_of_a_message(void **state)
{
    (void)state;
    struct loop loop = open_loop("calm", "first");
    struct bus_service service = *loop.service;
    service.open = cannot_open;
    loop.service = &service;
    loop.state_stale = true;
    assert_int_equal(run(&loop), BUS_INVALID);
    assert_int_equal(calm, 0);
    assert_int_equal(store_dead_count(loop.store), 0);
    close_loop(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_that_fails_each_time_ends_up_parked),
        cmocka_unit_test(a_database_that_does_not_serve_is_waited_for),
        cmocka_unit_test(a_state_that_cannot_be_built_is_no_fault_of_a_message),
    };
    return cmocka_run_group_tests_name("blame", tests, fixture_open, fixture_close);
}
