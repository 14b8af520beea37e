/* A turn begun while the commit of the one before is under way: it sees what that one did, and never stands
 * without it. */
#include <poll.h>

#include "store/session.h"
#include "tests/store/fixture.h"

static void put(struct store *store, const char *name, int64_t n)
{
    must_begin(store);
    must_put(store, name, n);
    advance(store, "beta", n, name);
}

/* One item stands, and the commit of another is under way. */
static struct store *open_store(const char *second)
{
    struct bus_error err = {0};
    proxy_back(proxy);
    (void)pgcluster_service(cluster, "alpha");
    struct store_config config = fixture_config("alpha", through_proxy, 1);
    struct store *store = fixture_store(&config);
    put(store, "first", 1);
    must_commit(store);
    put(store, second, 2);
    assert_ok(store_commit_send(store, &err));
    return store;
}

static void finish(struct store *store, const char *expected)
{
    int64_t turn = store_head_get(store)->turn;
    store_close(&store);
    char *names = pgcluster_ask(cluster, "SELECT string_agg(name, ',' ORDER BY n) FROM alpha.item");
    char *log =
        pgcluster_ask(cluster, "SELECT string_agg(" EVENT_ID ", ',' ORDER BY seq) FROM alpha.event_log");
    assert_string_equal(names, expected);
    assert_string_equal(log, expected);
    free(names);
    free(log);
    assert_int_equal(pgcluster_number(cluster, "SELECT turn FROM alpha.stream_head"), turn);
    assert_int_equal(pgcluster_number(cluster, "SELECT seq FROM alpha.position"),
                     pgcluster_number(cluster, "SELECT last_seq FROM alpha.stream_head"));
}

static int names(struct store *store, struct bus_error *err, enum bus_status *ret_status)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    *ret_status = bus_query(store_db(store), err, &rows, &item_names, BUS_NONE);
    return rows.n;
}

/* What the second turn is left with when the first does not stand. */
static void second_is_lost(struct store *store)
{
    struct bus_error err = {0};
    enum bus_status status;
    (void)names(store, &err, &status);
    assert_int_not_equal(status, BUS_OK);
    store_rollback(store);
    assert_int_equal(store_head_get(store)->last_seq, 1);
    assert_int_equal(store_last_seq(store), 1);
    put(store, "second", 2);
    must_commit(store);
    finish(store, "first,second");
}

static void both_stand(void **state)
{
    (void)state;
    struct bus_error err = {0};
    enum bus_status status;
    struct store *store = open_store("second");
    assert_int_equal(store_head_get(store)->last_seq, 1); /* for the world it has not happened yet */
    assert_int_equal(store_last_seq(store), 2);
    put(store, "third", 3);
    assert_int_equal(names(store, &err, &status), 3);
    assert_ok(status);
    assert_true(store_commit_stands(store));
    assert_int_equal(store_commit_send(store, &err), BUS_BUG); /* one at a time */
    assert_ok(store_commit_wait(store, &err));
    assert_int_equal(store_head_get(store)->last_seq, 2);
    assert_ok(store_commit_send(store, &err));
    assert_int_equal(store_beat(store, &err), BUS_BUG); /* nothing comes between */
    assert_ok(store_commit_wait(store, &err));
    assert_int_equal(store_head_get(store)->turn, 3);
    finish(store, "first,second,third");
}

/* As the loop does, which has other things to wait for. */
static void wait_until_known(struct store *store)
{
    while (!store_commit_known(store)) {
        struct pollfd answer = {.fd = store_commit_fd(store), .events = POLLIN};
        assert_int_equal(poll(&answer, 1, 60000), 1);
        store_commit_look(store);
    }
    assert_int_equal(store_commit_fd(store), -1); /* nothing would come by it any more */
}

static void its_answer_is_waited_for_beside_other_things(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store("second");
    wait_until_known(store);
    assert_true(store_commit_stands(store));
    assert_int_equal(store_head_get(store)->last_seq, 1); /* until it is waited for */
    assert_ok(store_commit_wait(store, &err));
    assert_false(store_commit_known(store));
    put(store, "third", 3);
    proxy_lose_reply(proxy, false);
    assert_ok(store_commit_send(store, &err));
    wait_until_known(store); /* as far as that goes */
    assert_false(store_commit_stands(store));
    assert_ok(store_commit_wait(store, &err));
    finish(store, "first,second,third");
}

static void a_statement_of_the_first_fails_late(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store("first"); /* is there already */
    if (store_begin(store, &err) == BUS_OK)    /* unless the failure is known by now */
        must_put(store, "third", 3);
    assert_int_equal(store_commit_wait(store, &err), BUS_INVALID);
    second_is_lost(store);
}

/* It ends the first transaction: the server itself would run the second as if nothing were missing. */
static void the_first_fails_in_its_commit(void **state)
{
    (void)state;
    struct bus_error err = {0};
    enum bus_status status;
    struct store *store = open_store("second");
    assert_ok(store_commit_wait(store, &err));
    pgcluster_run(cluster,
                  "CREATE FUNCTION alpha.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                  "PERFORM pg_advisory_xact_lock(42); RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$; "
                  "CREATE CONSTRAINT TRIGGER no AFTER INSERT ON alpha.item DEFERRABLE INITIALLY DEFERRED "
                  "FOR EACH ROW WHEN (NEW.name = 'bad') EXECUTE FUNCTION alpha.no()");
    put(store, "bad", 3);
    pgcluster_run(cluster, "SELECT pg_advisory_lock(42)"); /* not before the next is begun */
    assert_ok(store_commit_send(store, &err));
    put(store, "fourth", 4);
    pgcluster_run(cluster, "SELECT pg_advisory_unlock(42)");
    (void)names(store, &err, &status);
    assert_int_equal(status, BUS_INVALID);
    assert_int_equal(store_commit_wait(store, &err), BUS_INVALID);
    assert_int_equal(store_commit(store, &err), BUS_INVALID);
    store_rollback(store);
    put(store, "third", 3);
    must_commit(store);
    finish(store, "first,second,third");
}

static void the_answer_is_lost_and_the_first_stands(void **state)
{
    (void)state;
    struct bus_error err = {0};
    proxy_back(proxy);
    (void)pgcluster_service(cluster, "alpha");
    struct store_config config = fixture_config("alpha", through_proxy, 1);
    struct store *store = fixture_store(&config);
    put(store, "first", 1);
    proxy_lose_reply(proxy, false);
    assert_ok(store_commit_send(store, &err));
    if (store_begin(store, &err) == BUS_OK) /* unless the loss is known by now */
        must_put(store, "second", 2);
    assert_ok(store_commit_wait(store, &err));
    assert_false(store_in_turn(store));
    store_rollback(store);
    assert_int_equal(store_head_get(store)->last_seq, 1);
    put(store, "second", 2);
    must_commit(store);
    finish(store, "first,second");
}

static void the_first_never_arrives(void **state)
{
    (void)state;
    struct bus_error err = {0};
    struct store *store = open_store("second");
    assert_ok(store_commit_wait(store, &err));
    put(store, "third", 3);
    proxy_lose_request(proxy, false);
    assert_ok(store_commit_send(store, &err));
    if (store_begin(store, &err) == BUS_OK)
        must_put(store, "fourth", 4);
    assert_int_equal(store_commit_wait(store, &err), BUS_RETRY);
    store_rollback(store);
    put(store, "third", 3);
    must_commit(store);
    finish(store, "first,second,third");
}

static void closing_waits_for_it(void **state)
{
    (void)state;
    struct store *store = open_store("second");
    store_close(&store);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.item"), 2);
    assert_int_equal(pgcluster_number(cluster, "SELECT count(*) FROM alpha.stream_head WHERE clean"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_stand),
        cmocka_unit_test(its_answer_is_waited_for_beside_other_things),
        cmocka_unit_test(a_statement_of_the_first_fails_late),
        cmocka_unit_test(the_first_fails_in_its_commit),
        cmocka_unit_test(the_answer_is_lost_and_the_first_stands),
        cmocka_unit_test(the_first_never_arrives),
        cmocka_unit_test(closing_waits_for_it),
    };
    return cmocka_run_group_tests_name("ahead", tests, fixture_open_proxied, fixture_close_proxied);
}
