/* Turns and the fence: what is committed together, and who may commit. */
#include "store/session.h"
#include <pthread.h>

#include "tests/store/fixture.h"

static const struct bus_sql item_stay = {.name = "item_stay", .params = 0, .text = "SELECT stay()"};

static void a_turn_keeps_rows_events_and_positions(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    assert_int_equal(store_head_get(store)->last_seq, 0);
    assert_int_equal(store_head_get(store)->epoch, 1);
    assert_false(store_head_get(store)->unclean);

    must_begin(store);
    must_put(store, "one", 1);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    assert_ok(bus_query(store_db(store), &err, &rows, &item_names, BUS_NONE));
    assert_int_equal(rows.n, 1); /* a turn sees its own rows */
    must_put(store, "two", 2);
    advance(store, "beta", 6, "b6");
    advance(store, "beta", 7, "b7");
    must_commit(store);
    assert_int_equal(store_head_get(store)->last_seq, 2);
    assert_int_equal(store_head_get(store)->turn, 1);

    must_begin(store);
    advance(store, "beta", 9, "b9");
    advance(store, "gamma", 1, "g1");
    store_clock_set(store, &(struct store_clock){.mode = STORE_CLOCK_CONDUCTED, .now_us = 42});
    must_commit(store);
    store_close(&store);
    assert_null(store);

    store = fixture_store(&config);
    assert_int_equal(store_head_get(store)->last_seq, 2);
    assert_int_equal(store_head_get(store)->turn, 2);
    assert_false(store_head_get(store)->unclean);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct store_position *positions;
    size_t n;
    assert_ok(store_positions(store, arena, &positions, &n, &err));
    assert_int_equal(n, 2);
    assert_string_equal(positions[0].stream, "beta");
    assert_int_equal(positions[0].seq, 9);
    assert_string_equal(positions[0].event_id, "b9");
    assert_string_equal(positions[1].stream, "gamma");
    struct store_clock clock;
    assert_ok(store_clock_get(store, &clock, &err));
    assert_int_equal(clock.mode, STORE_CLOCK_CONDUCTED);
    assert_int_equal(clock.now_us, 42);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.event_log WHERE " EVENT_ID
                                               " = 'two' AND seq = 2"),
                     1);
    store_close(&store);
}

static void a_rollback_leaves_nothing(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    must_begin(store);
    must_put(store, "one", 1);
    assert_ok(bus_exec(store_db(store), &err, &item_bulk, BUS_TEXT("two"), BUS_INT(2)));
    advance(store, "beta", 7, "b7");
    store_clock_set(store, &(struct store_clock){.mode = STORE_CLOCK_OFFSET, .offset_us = 1});
    store_rollback(store);
    store_rollback(store);

    must_begin(store);
    must_commit(store);
    assert_int_equal(pgcluster_number(cluster,
                                      "SELECT (SELECT count(*) FROM alpha.item) + (SELECT count(*) FROM "
                                      "alpha.position) + (SELECT count(*) FROM alpha.event_log) + "
                                      "(SELECT clock_mode + clock_offset_us FROM alpha.stream_head)"),
                     0);
    assert_int_equal(store_head_get(store)->last_seq, 0);
    assert_int_equal(store_head_get(store)->turn, 1);
    store_close(&store);
}

static void a_gap_in_what_is_appended_is_a_bug(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    must_begin(store);
    append(store, 1, "e1", 0);
    append(store, 3, "e3", 0);
    assert_int_equal(store_commit(store, &err), BUS_BUG);
    store_rollback(store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.event_log"), 0);
    must_begin(store);
    append(store, 1, "e1", 0);
    must_commit(store);
    store_close(&store);
}

static void a_second_owner_is_refused(void **state)
{
    (void)state;
    struct bus_error err = {0};
    const char *conninfo = pgcluster_service(cluster, "alpha");
    struct store_config first = fixture_config("alpha", conninfo, 1),
                        second = fixture_config("alpha", conninfo, 2);
    struct store *store = fixture_store(&first), *other = NULL;
    assert_int_equal(store_open(&second, &other, &err), BUS_CONFLICT);
    assert_string_equal(err.code, "BUS-OWNED");
    assert_null(other);
    must_begin(store); /* and the first is none the worse */
    must_put(store, "one", 1);
    must_commit(store);
    assert_ok(store_beat(store, &err));
    store_close(&store);
    other = fixture_store(&second);
    assert_false(store_head_get(other)->unclean);
    store_close(&other);
}

static void a_refused_owner_migrates_nothing(void **state)
{
    (void)state;
    struct bus_error err = {0};
    const char *conninfo = pgcluster_service(cluster, "alpha");
    struct store_config first = fixture_config("alpha", conninfo, 1),
                        second = fixture_config("alpha", conninfo, 2);
    struct store *store = fixture_store(&first), *other = NULL;
    second.migrations = (const struct bus_migration[]){
        item_migrations[0],
        {.number = 2, .name = "0002_more", .sha256 = "two", .text = "CREATE TABLE more (x int)"},
        {0}};
    assert_int_equal(store_open(&second, &other, &err), BUS_CONFLICT);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM pg_tables WHERE tablename = 'more'"), 0);
    store_close(&store);
}

static void a_dead_owner_is_followed_at_once(void **state)
{
    (void)state;
    const char *conninfo = pgcluster_service(cluster, "alpha");
    struct store_config first = fixture_config("alpha", conninfo, 1),
                        second = fixture_config("alpha", conninfo, 2);
    struct store *store = fixture_store(&first);
    pgcluster_run(cluster, "SELECT pg_terminate_backend(owner_pid, 5000) FROM alpha.stream_head");
    struct store *other = fixture_store(&second);
    assert_true(store_head_get(other)->unclean);

    /* The first comes back from its coma: it must not write. */
    struct bus_error err = {0};
    assert_int_equal(store_begin(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    assert_int_equal(store_beat(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    must_begin(other);
    must_put(other, "one", 1);
    must_commit(other);
    store_close(&store); /* and must not give away the other's lease */
    must_begin(other);
    must_commit(other);
    store_close(&other);
}

static void an_owner_that_dies_is_unclean(void **state)
{
    (void)state;
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    static const bool commits[] = {false, false, true, true, false};
    for (size_t i = 0; i < sizeof(commits) / sizeof(commits[0]); i++) {
        struct store *store = fixture_store(&config);
        assert_int_equal(store_head_get(store)->unclean, i > 0);
        must_begin(store);
        if (commits[i])
            must_commit(store); /* does not make it clean: what comes next may be what kills it */
        /* Dies: the connection goes without a goodbye. */
        pgcluster_run(cluster, "SELECT pg_terminate_backend(owner_pid, 5000) FROM alpha.stream_head");
        store->unknown = true;
        store_close(&store);
    }
}

static void *stay_in_turn(void *store)
{
    struct bus_error err = {0};
    struct bus_rows rows = {0};
    assert_ok(bus_query(store_db(store), &err, &rows, &item_stay, BUS_NONE));
    bus_rows_done(&rows);
    return NULL;
}

static void an_owner_in_a_long_turn_keeps_the_lease(void **state)
{
    (void)state;
    static const struct bus_sql *const statements[] = {&item_put, &item_stay, NULL};
    struct bus_error err = {0};
    pthread_t thread;
    const char *conninfo = pgcluster_service(cluster, "alpha");
    struct store_config first = fixture_config("alpha", conninfo, 1),
                        second = fixture_config("alpha", conninfo, 2);
    /* The turn lasts for as long as we hold a lock. */
    pgcluster_run(cluster,
                  "CREATE FUNCTION alpha.stay() RETURNS void LANGUAGE plpgsql AS 'BEGIN "
                  "WHILE NOT pg_try_advisory_xact_lock(1) LOOP PERFORM pg_sleep(0.05); END LOOP; END'");
    pgcluster_run(cluster, "SELECT pg_advisory_lock(1)");
    first.statements = statements;
    second.lease_ms = 10;
    struct store *store = fixture_store(&first), *other = NULL;
    must_begin(store);
    must_put(store, "one", 1);
    assert_int_equal(pthread_create(&thread, NULL, stay_in_turn, store), 0);
    pgcluster_await(cluster, "1", "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET lease_until = now() - interval '1 s'; SELECT pg_sleep(0.05)");
    assert_int_equal(store_open(&second, &other, &err), BUS_CONFLICT);
    pgcluster_run(cluster, "SELECT pg_advisory_unlock(1)");
    pthread_join(thread, NULL);
    must_commit(store);
    /* Between turns only the lease itself counts. */
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET lease_until = now() - interval '1 s'");
    other = fixture_store(&second);
    store_close(&store);
    store_close(&other);
}

static void a_paused_owner_is_fenced_in_the_middle_of_its_turn(void **state)
{
    (void)state;
    struct bus_error err = {0};
    const char *conninfo = pgcluster_service(cluster, "alpha");
    struct store_config first = fixture_config("alpha", conninfo, 1),
                        second = fixture_config("alpha", conninfo, 2);
    struct store *store = fixture_store(&first);
    must_begin(store);
    must_put(store, "ours", 1);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    assert_ok(bus_query(store_db(store), &err, &rows, &item_names, BUS_NONE));
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET lease_until = now() - interval '1 s'; SELECT pg_sleep(0.05)");
    second.lease_ms = 10; /* which the turn has been silent for */
    struct store *other = fixture_store(&second);
    must_begin(other);
    must_put(other, "theirs", 1);
    must_commit(other);
    assert_int_equal(store_commit(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    store_close(&store);
    must_begin(other);
    must_put(other, "more", 2);
    must_commit(other);
    store_close(&other);
    char *names = pgcluster_ask(cluster, "SELECT string_agg(name, ',' ORDER BY name) FROM alpha.item");
    assert_string_equal(names, "more,theirs");
    free(names);
}

/* The session lives on, so that only the fence in the transaction stands between two writers. */
static void the_fence_fails_the_transaction_itself(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    static const char *const moves[] = {"UPDATE alpha.stream_head SET lease_epoch = lease_epoch + 1",
                                        "UPDATE alpha.stream_head SET turn = turn + 1"};
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
        struct store *store = fixture_store(&config);
        int64_t seq = store_head_get(store)->last_seq;
        must_begin(store);
        append(store, seq + 1, "kept", 3);
        advance(store, "beta", 10 + (int64_t)i, "b");
        must_commit(store);
        must_begin(store);
        must_put(store, "lost", seq + 2);
        advance(store, "beta", 20, "b20");
        pgcluster_run(cluster, "%s", moves[i]);
        assert_int_equal(store_commit(store, &err), BUS_BUG);
        assert_string_equal(err.code, "BUS-FENCED");
        store_rollback(store);
        assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.item"), 0);
        assert_int_equal(pgcluster_number(cluster, "SELECT max(seq) FROM alpha.event_log"), seq + 1);
        store_close(&store);
    }
}

static void the_fence_cannot_be_removed_by_a_slip(void **state)
{
    (void)state;
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    static const char *const slips[] = {"DELETE FROM alpha.stream_head", "TRUNCATE alpha.stream_head"};
    for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
        pgcluster_run(cluster, "DO $$ BEGIN %s; EXCEPTION WHEN raise_exception THEN NULL; END $$", slips[i]);
        assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.stream_head"), 1);
    }
    store_close(&store);
}

/* As where a dump is put in by hand under a process that runs: the table comes before its row. */
static void a_turn_without_a_fence_is_not_told_as_committed(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    AUTO(store_close) struct store *store = fixture_store(&config);
    must_begin(store);
    must_put(store, "one", 1);
    must_commit(store);
    pgcluster_run(cluster, "SET session_replication_role = replica; DELETE FROM alpha.stream_head; RESET "
                           "session_replication_role");
    must_begin(store);
    must_put(store, "two", 2);
    assert_int_equal(store_commit(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    assert_non_null(strstr(err.text, "put a backup back"));
    assert_false(store_commit_stands(store));
    assert_int_equal(store_head_get(store)->turn, 1);
    store_rollback(store);
}

static void a_lost_lease_shows_at_the_beat(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET lease_until = now() - interval '1 s'");
    assert_ok(store_beat(store, &err));
    assert_int_equal(pgcluster_number(cluster, "SELECT (lease_until > now())::int FROM alpha.stream_head"),
                     1);
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET lease_epoch = lease_epoch + 1");
    assert_int_equal(store_beat(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    store_close(&store);
}

static void a_lost_lease_shows_to_who_asks_without_writing(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    int64_t turn = store_head_get(store)->turn;
    must_begin(store);
    assert_ok(store_confirm(store, &err));
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET lease_epoch = lease_epoch + 1");
    assert_int_equal(store_confirm(store, &err), BUS_BUG); /* also behind what it has read */
    assert_string_equal(err.code, "BUS-FENCED");
    store_rollback(store);
    assert_int_equal(pgcluster_number(cluster, "SELECT turn FROM alpha.stream_head"), turn);
    store_close(&store);
}

static void the_log_grows_over_partitions(void **state)
{
    (void)state;
    struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    struct store *store = fixture_store(&config);
    store_close(&store);
    assert_int_equal(
        pgcluster_number(cluster,
                         "SELECT count(*) FROM pg_class WHERE relname ~ '^event_log_from_(0|1000000)$'"),
        2);
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET last_seq = 1499999");
    store = fixture_store(&config);
    pgcluster_run(cluster, "DROP TABLE alpha.event_log_from_2000000");
    store->at.room_until = store->new_room_until = 1999999; /* as in a process that has written all the way */
    must_begin(store);
    append(store, 1500000, "e", 5);
    store_rollback(store);
    must_begin(store);
    append(store, 1500000, "e", 5);
    must_commit(store);
    assert_in_range(store->at.room_until, 2000000, 2999999);
    assert_int_equal(
        pgcluster_number(cluster, "SELECT count(*) FROM pg_class WHERE relname = 'event_log_from_2000000'"),
        1);
    store_close(&store);

    pgcluster_run(cluster, "UPDATE alpha.stream_head SET last_seq = 1999998");
    store = fixture_store(&config);
    must_begin(store);
    for (int64_t seq = 1999999; seq <= 2000001; seq++)
        append(store, seq, "e", 5);
    must_commit(store);
    store_close(&store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.event_log_from_1000000"), 2);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.event_log_from_2000000"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_keeps_rows_events_and_positions),
        cmocka_unit_test(a_rollback_leaves_nothing),
        cmocka_unit_test(a_gap_in_what_is_appended_is_a_bug),
        cmocka_unit_test(a_second_owner_is_refused),
        cmocka_unit_test(a_refused_owner_migrates_nothing),
        cmocka_unit_test(a_dead_owner_is_followed_at_once),
        cmocka_unit_test(an_owner_that_dies_is_unclean),
        cmocka_unit_test(an_owner_in_a_long_turn_keeps_the_lease),
        cmocka_unit_test(a_paused_owner_is_fenced_in_the_middle_of_its_turn),
        cmocka_unit_test(the_fence_fails_the_transaction_itself),
        cmocka_unit_test(the_fence_cannot_be_removed_by_a_slip),
        cmocka_unit_test(a_turn_without_a_fence_is_not_told_as_committed),
        cmocka_unit_test(a_lost_lease_shows_at_the_beat),
        cmocka_unit_test(a_lost_lease_shows_to_who_asks_without_writing),
        cmocka_unit_test(the_log_grows_over_partitions),
    };
    return cmocka_run_group_tests_name("turn", tests, fixture_open, fixture_close);
}
