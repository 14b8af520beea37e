/* Connections that break at the worst moments: nothing is lost, nothing stands twice. */
#include <pthread.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/loop.h"
#include "store/connection.h"
#include "tests/store/fixture.h"

static const char *direct;

/* A store behind the proxy, with one committed turn. */
static struct store *open_store(int lease_ms)
{
    proxy_back(proxy);
    direct = pgcluster_service(cluster, "alpha");
    struct store_config config = fixture_config("alpha", through_proxy, 1);
    config.lease_ms = lease_ms;
    struct store *store = fixture_store(&config);
    must_begin(store);
    must_put(store, "first", 1);
    advance(store, "beta", 1, "b1");
    must_commit(store);
    return store;
}

static void begin_second(struct store *store)
{
    must_begin(store);
    must_put(store, "second", 2);
    advance(store, "beta", 2, "b2");
}

/* After a turn that failed: runs it again, and another; everything must stand once. */
static void finish(struct store *store, bool second_stands)
{
    assert_int_equal(store_head_get(store)->last_seq, second_stands ? 2 : 1);
    if (!second_stands) {
        begin_second(store);
        must_commit(store);
    }
    must_begin(store);
    must_put(store, "third", 3);
    advance(store, "beta", 3, "b3");
    must_commit(store);
    assert_int_equal(store_head_get(store)->turn, 3);
    store_close(&store);
    char *names = pgcluster_ask(cluster, "SELECT string_agg(name, ',' ORDER BY n) FROM alpha.item");
    char *log =
        pgcluster_ask(cluster, "SELECT string_agg(" EVENT_ID ", ',' ORDER BY seq) FROM alpha.event_log");
    assert_string_equal(names, "first,second,third");
    assert_string_equal(log, names);
    free(names);
    free(log);
    assert_int_equal(pgcluster_number(cluster, "SELECT turn FROM alpha.stream_head"), 3);
    assert_int_equal(pgcluster_number(cluster, "SELECT seq FROM alpha.position"), 3);
}

/* A commit that surely did not stand is to be run again. */
static void finish_lost(struct store *store)
{
    struct bus_error err = {0};
    assert_int_equal(store_commit(store, &err), BUS_RETRY);
    assert_string_equal(err.code, "");
    store_rollback(store);
    finish(store, false);
}

static void kill_sessions(void)
{
    pgcluster_run(cluster,
                  "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'alpha'");
}

static void killed_between_statement_and_commit(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    begin_second(store);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    assert_ok(bus_query(store_db(store), &err, &rows, &item_names, BUS_NONE));
    kill_sessions();
    finish_lost(store);
}

static void killed_before_a_query(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    begin_second(store);
    kill_sessions();
    struct bus_rows rows = {0};
    assert_int_equal(bus_query(store_db(store), &err, &rows, &item_names, BUS_NONE), BUS_RETRY);
    assert_int_equal(bus_exec(store_db(store), &err, &item_put, BUS_TEXT("x"), BUS_INT(1)), BUS_RETRY);
    finish_lost(store);
}

static void killed_while_idle(void **state)
{
    (void)state;
    struct store *store = open_store(5000);
    kill_sessions();
    finish(store, false);
}

/* Not only the first who asks is told: it may have been somebody who does not end the process. */
static void put_back_while_idle(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    kill_sessions();
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET turn = turn - 1");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(store_beat(store, &err), BUS_BUG);
        assert_string_equal(err.code, "BUS-FENCED");
        assert_non_null(strstr(err.text, "went back from turn 1 of alpha to 0"));
    }
    store_close(&store);
}

/* Nor where the database crashed in a commit, and turns before it are gone, too. */
static void put_back_while_unknown(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    begin_second(store);
    proxy_lose_reply(proxy, true);
    assert_int_equal(store_commit(store, &err), BUS_RETRY);
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET turn = 0");
    proxy_back(proxy);
    bool committed;
    assert_int_equal(store_resolve(store, &committed, &err), BUS_BUG);
    assert_non_null(strstr(err.text, "went back from turn 1 of alpha to 0"));
    for (int i = 0; i < 3; i++) {
        err = (struct bus_error){0};
        assert_int_equal(store_beat(store, &err), BUS_BUG);
        assert_string_equal(err.code, "BUS-FENCED");
    }
    store_close(&store);
}

/* While the lease is taken again, in the session that follows one that was lost. */
static void hangs_while_the_session_opens(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    int patience_ms = store_db(store)->patience_ms;
    store_db(store)->patience_ms = 500;
    kill_sessions();
    proxy_hang_at(proxy, "bus_lease_take");
    alarm(60); /* who waits for ever has failed */
    while (!proxy_hangs(proxy))
        assert_int_equal(store_beat(store, &err), BUS_RETRY);
    assert_string_equal(err.text, "the database cannot be reached: it does not answer");
    alarm(0);
    proxy_hang_at(proxy, NULL);
    store_db(store)->patience_ms = patience_ms;
    finish(store, false);
}

static void server_crashes_in_a_turn(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    begin_second(store);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    assert_ok(bus_query(store_db(store), &err, &rows, &item_names, BUS_NONE));
    pgcluster_stop(cluster);
    struct bus_rows none = {0};
    assert_int_equal(bus_query(store_db(store), &err, &none, &item_names, BUS_NONE), BUS_RETRY);
    store_rollback(store);
    assert_int_equal(store_begin(store, &err), BUS_RETRY);
    assert_int_equal(store_beat(store, &err), BUS_RETRY);
    pgcluster_start(cluster);
    finish(store, false);
}

static void the_commit_never_arrives(void **state)
{
    (void)state;
    struct store *store = open_store(5000);
    begin_second(store);
    proxy_lose_request(proxy, false);
    finish_lost(store);
}

static void the_answer_to_the_commit_is_lost(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    begin_second(store);
    proxy_lose_reply(proxy, false);
    assert_ok(store_commit(store, &err));
    finish(store, true);
}

static void unknown_until_the_database_is_back(void **state)
{
    (void)state;
    struct bus_error err = {0};
    for (int stands = 0; stands <= 1; stands++) {
        struct store *store = open_store(1);
        begin_second(store);
        if (stands)
            proxy_lose_reply(proxy, true);
        else
            proxy_lose_request(proxy, true);
        bool committed = !stands;
        assert_int_equal(store_commit(store, &err), BUS_RETRY);
        assert_string_equal(err.code, "BUS-UNKNOWN");
        store_rollback(store); /* does no harm */
        assert_int_equal(store_resolve(store, &committed, &err), BUS_RETRY);
        assert_int_equal(store_begin(store, &err), BUS_BUG);
        proxy_back(proxy);
        assert_ok(store_resolve(store, &committed, &err));
        assert_int_equal(committed, stands);
        assert_int_equal(store_resolve(store, &committed, &err), BUS_BUG); /* there is nothing left to ask */
        finish(store, stands);
    }
}

static void told_to_stop_while_unknown(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct stop told = {.fd = eventfd(1, 0)};
    struct loop loop = {.store = open_store(1), .stop = &told};
    begin_second(loop.store);
    proxy_lose_reply(proxy, true);
    assert_int_equal(loop_commit(&loop, &err), BUS_RETRY);
    assert_string_equal(err.code, "BUS-UNKNOWN");
    assert_true(loop.stopping);
    store_rollback(loop.store);
    store_close(&loop.store);
    close(told.fd);
    /* What became of it shows at the next start. */
    struct store_config config = fixture_config("alpha", direct, 2);
    struct store *next = fixture_store(&config);
    assert_int_equal(store_head_get(next)->last_seq, 2);
    store_close(&next);
}

static void taken_over_while_unknown(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(1);
    begin_second(store);
    proxy_lose_reply(proxy, true);
    assert_int_equal(store_commit(store, &err), BUS_RETRY);
    struct store_config config = fixture_config("alpha", direct, 2);
    struct store *other = fixture_store(&config);
    assert_true(store_head_get(other)->unclean);
    assert_int_equal(store_head_get(other)->last_seq, 2);
    proxy_back(proxy);
    bool committed;
    assert_int_equal(store_resolve(store, &committed, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    err = (struct bus_error){0}; /* who goes on all the same is told the same, and writes nothing */
    assert_int_equal(store_begin(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    store_close(&store);
    must_begin(other);
    must_commit(other);
    store_close(&other);
}

/* A trigger that runs within COMMIT and waits for a lock the test holds. */
static void make_commit_hang(void)
{
    pgcluster_run(cluster,
                  "CREATE FUNCTION alpha.hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                  "PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$; "
                  "CREATE CONSTRAINT TRIGGER hang AFTER INSERT ON alpha.item DEFERRABLE INITIALLY DEFERRED "
                  "FOR EACH ROW WHEN (NEW.name = 'second') EXECUTE FUNCTION alpha.hang(); "
                  "SELECT pg_advisory_lock(42)");
}

static void *disturb_commit(void *how)
{
    pgcluster_await(cluster, "1",
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    if (strcmp(how, "kill") == 0)
        kill_sessions();
    else
        proxy_cut(proxy);
    return NULL;
}

static void disturbed_within_commit(void **state)
{
    (void)state;
    static const char *const ways[] = {"kill", "cut"};
    for (size_t i = 0; i < 2; i++) {
        struct bus_error err = {0};
        struct store *store = open_store(5000);
        make_commit_hang();
        begin_second(store);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, disturb_commit, (void *)ways[i]), 0);
        assert_int_equal(store_commit(store, &err), BUS_RETRY);
        assert_string_equal(err.code, "");
        pthread_join(thread, NULL);
        pgcluster_run(cluster, "SELECT pg_advisory_unlock(42)");
        store_rollback(store);
        finish(store, false);
    }
}

/* It counts once the checkpointer has read it, which it does before a checkpoint that is asked for then. */
static void synchronous_standby(const char *name)
{
    char sql[120];
    snprintf(sql, sizeof(sql), "ALTER SYSTEM SET synchronous_standby_names = '%s'", name);
    pgcluster_run(cluster, "%s", sql);
    pgcluster_run(cluster, "SELECT pg_reload_conf()");
    pgcluster_await(cluster, name, "SHOW synchronous_standby_names");
    pgcluster_run(cluster, "CHECKPOINT");
}

/* What its standby does not have must not be seen, however long that lasts and whoever looks after it. */
static void hangs_for_a_synchronous_standby(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store(5000);
    int patience_ms = store_db(store)->patience_ms;
    begin_second(store);
    store_db(store)->patience_ms = 500;
    synchronous_standby("nobody");
    assert_int_equal(store_commit(store, &err), BUS_RETRY);
    assert_string_equal(err.code, "BUS-UNKNOWN");
    bool committed = false;
    assert_int_equal(store_resolve(store, &committed, &err), BUS_RETRY);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.item"), 1);
    synchronous_standby("");
    store_db(store)->patience_ms = patience_ms;
    enum bus_status status;
    alarm(60); /* who waits for ever has failed */
    while ((status = store_resolve(store, &committed, &err)) == BUS_RETRY)
        continue;
    alarm(0);
    assert_ok(status);
    assert_true(committed);
    finish(store, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_between_statement_and_commit),
        cmocka_unit_test(killed_before_a_query),
        cmocka_unit_test(killed_while_idle),
        cmocka_unit_test(put_back_while_idle),
        cmocka_unit_test(put_back_while_unknown),
        cmocka_unit_test(hangs_while_the_session_opens),
        cmocka_unit_test(server_crashes_in_a_turn),
        cmocka_unit_test(the_commit_never_arrives),
        cmocka_unit_test(the_answer_to_the_commit_is_lost),
        cmocka_unit_test(unknown_until_the_database_is_back),
        cmocka_unit_test(told_to_stop_while_unknown),
        cmocka_unit_test(taken_over_while_unknown),
        cmocka_unit_test(disturbed_within_commit),
        cmocka_unit_test(hangs_for_a_synchronous_standby),
    };
    return cmocka_run_group_tests_name("loss", tests, fixture_open_proxied, fixture_close_proxied);
}
