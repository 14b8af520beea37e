/* What a service keeps besides its rows: timers, effects, answered requests, attempts, dead letters. */
#include "store/session.h"
#include "tests/store/fixture.h"

static struct store *store;
static struct store_config config;
static struct bus_arena *arena;
static struct bus_error err;

static int open_store(void **state)
{
    (void)state;
    config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    store = fixture_store(&config);
    arena = bus_arena_new();
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    store_close(&store);
    bus_arena_free(&arena);
    return 0;
}

static void open_again(void)
{
    store_close(&store);
    store = fixture_store(&config);
}

static void lose_connection(void)
{
    pgcluster_run(cluster, "SELECT pg_terminate_backend(owner_pid, 5000) FROM alpha.stream_head");
}

static void put_timer(const char *name, const char *key, int64_t due_us)
{
    assert_ok(store_timer_put(
        store,
        &(struct store_timer){
            .name = name, .key = key, .due_us = due_us, .correlationid = strcmp(key, "a") ? NULL : "cause"},
        &err));
}

/* The due timers as "name/key name/key". */
static const char *due(int64_t now_us, int max)
{
    struct store_timer *timers;
    size_t n;
    assert_ok(store_timers_due(store, now_us, max, arena, &timers, &n, &err));
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = bus_printf(arena, "%s%s%s/%s", text, i ? " " : "", timers[i].name, timers[i].key);
    return text;
}

static int64_t next_due(void)
{
    int64_t next;
    assert_ok(store_timer_next(store, &next, &err));
    return next;
}

static void timers_come_due_in_order(void **state)
{
    (void)state;
    assert_true(next_due() == INT64_MAX);
    must_begin(store);
    put_timer("remind", "b", 3000);
    put_timer("remind", "a", 3000);
    put_timer("expire", "z", 3000);
    put_timer("remind", "c", 2000);
    put_timer("remind", "d", 9000);
    assert_string_equal(due(5000, 10), "remind/c expire/z remind/a remind/b"); /* within the turn */
    put_timer("remind", "c", 8000);                                            /* moved */
    put_timer("remind", "d", 9500);
    put_timer("remind", "d", 0); /* set and cleared in one go */
    put_timer("expire", "z", 0);
    put_timer("expire", "z", 2500); /* cleared and set */
    put_timer("never", "was", 0);
    assert_string_equal(due(5000, 10), "expire/z remind/a remind/b");
    assert_string_equal(due(3000, 2), "expire/z remind/a");
    assert_string_equal(due(2499, 2), "");
    must_commit(store);
    assert_int_equal(next_due(), 2500);
    assert_string_equal(due(INT64_C(4000000000000000), 10),
                        "expire/z remind/a remind/b remind/c"); /* between turns */
    struct store_timer *timers;
    size_t n;
    assert_ok(store_timers_due(store, 5000, 10, arena, &timers, &n, &err));
    assert_string_equal(timers[1].correlationid, "cause");
    assert_int_equal(timers[1].due_us, 3000);
    assert_null(timers[2].correlationid);
    must_begin(store);
    put_timer("expire", "z", 0);
    store_rollback(store);
    assert_int_equal(next_due(), 2500);
    lose_connection();
    assert_int_equal(next_due(), 2500); /* a question between turns connects again by itself */
}

static void effects_stay_until_removed(void **state)
{
    (void)state;
    struct store_effect *effects;
    size_t n;
    must_begin(store);
    assert_ok(store_effect_put(
        store, &(struct store_effect){"mail", "2", bus_bytes_of("p2"), bus_bytes_of("h2")}, &err));
    assert_ok(store_effect_put(store, &(struct store_effect){"mail", "1", {0}, {0}}, &err));
    assert_ok(store_effect_put(
        store, &(struct store_effect){"mail", "3", bus_bytes_of("p3"), bus_bytes_of("h3")}, &err));
    assert_ok(store_effect_remove(store, "mail", "3", &err));
    must_commit(store);
    must_begin(store);
    assert_ok(store_effect_remove(store, "mail", "2", &err));
    assert_ok(store_effect_put(
        store, &(struct store_effect){"mail", "2", bus_bytes_of("again"), bus_bytes_of("h")}, &err));
    assert_ok(store_effects(store, arena, &effects, &n, &err));
    assert_int_equal(n, 2);
    must_commit(store);
    open_again();
    assert_ok(store_effects(store, arena, &effects, &n, &err));
    assert_int_equal(n, 2);
    assert_string_equal(effects[0].key, "1");
    assert_int_equal(effects[0].payload.size, 0);
    assert_true(bus_bytes_equal(effects[1].payload, bus_bytes_of("again")));
    assert_true(bus_bytes_equal(effects[1].header, bus_bytes_of("h")));
    must_begin(store);
    assert_ok(store_effect_remove(store, "mail", "1", &err));
    assert_ok(store_effect_remove(store, "mail", "2", &err));
    must_commit(store);
    assert_ok(store_effects(store, arena, &effects, &n, &err));
    assert_int_equal(n, 0);
}

static void answered_requests_are_found(void **state)
{
    (void)state;
    struct store_request *found;
    size_t n;
    const char *const keys[] = {"cli/3", "cli/1", "cli/2"};
    must_begin(store);
    assert_ok(store_request_put(
        store, &(struct store_request){"cli/1", bus_bytes_of("d1"), bus_bytes_of("r1"), 1000}, &err));
    assert_ok(
        store_request_put(store, &(struct store_request){"cli/2", bus_bytes_of("d2"), {0}, 2000}, &err));
    assert_ok(store_requests_find(store, keys, 3, arena, &found, &n, &err)); /* within the turn */
    assert_int_equal(n, 2);
    must_commit(store);
    assert_ok(store_requests_find(store, keys, 3, arena, &found, &n, &err));
    assert_int_equal(n, 2);
    assert_string_equal(found[0].key, "cli/1");
    assert_true(bus_bytes_equal(found[0].digest, bus_bytes_of("d1")));
    assert_true(bus_bytes_equal(found[0].reply, bus_bytes_of("r1")));
    assert_int_equal(found[0].time_us, 1000);
    assert_int_equal(found[1].reply.size, 0);
    assert_ok(store_requests_find(store, keys, 1, arena, &found, &n, &err));
    assert_int_equal(n, 0);
    must_begin(store);
    bool more = true;
    assert_ok(store_requests_trim(store, 2000, &more, &err));
    assert_false(more);
    must_commit(store);
    assert_ok(store_requests_find(store, keys, 3, arena, &found, &n, &err));
    assert_int_equal(n, 1);
    assert_string_equal(found[0].key, "cli/2");
    must_begin(store);
    assert_ok(store_request_put(store, &(struct store_request){"cli/2", bus_bytes_of("d"), {0}, 1}, &err));
    assert_int_equal(store_commit(store, &err), BUS_BUG); /* an answer is given once */
    store_rollback(store);
}

/* More than is read at once: four answers take a block. */
static void answered_requests_are_known_after_a_start(void **state)
{
    (void)state;
    enum { REQUESTS = 2400 };
    static const uint8_t reply[1800];
    struct store_request *found;
    size_t n;
    must_begin(store);
    for (int i = 0; i < REQUESTS; i++)
        assert_ok(store_request_put(store,
                                    &(struct store_request){.key = bus_printf(arena, "adapter/%d", i),
                                                            .digest = bus_bytes_of("d"),
                                                            .reply = bus_bytes(reply, sizeof reply),
                                                            .time_us = 1},
                                    &err));
    must_commit(store);
    open_again();
    for (int i = 0; i < REQUESTS; i += 100) {
        const char *keys[] = {bus_printf(arena, "adapter/%d", i), bus_printf(arena, "adapter/%d", i + 99)};
        assert_ok(store_requests_find(store, keys, 2, arena, &found, &n, &err));
        assert_int_equal(n, 2);
    }
}

static int attempt(const char *source, int64_t seq)
{
    int n = 0;
    assert_ok(store_attempt(store, source, seq, &n, &err));
    return n;
}

static void attempts_survive_a_crash_and_end_with_success(void **state)
{
    (void)state;
    int n;
    assert_int_equal(attempt("beta", 7), 1);
    must_begin(store);
    assert_int_equal(store_attempt(store, "beta", 7, &n, &err), BUS_BUG);
    lose_connection();
    store_rollback(store);
    assert_int_equal(attempt("beta", 7), 2);
    open_again();
    assert_int_equal(attempt("beta", 7), 3);
    assert_int_equal(attempt("beta", 8), 1);
    assert_int_equal(attempt("timer", 0), 1);
    assert_int_equal(attempt("/start", 0), 1);
    assert_int_equal(attempt("/start", 0), 2);
    must_begin(store);
    advance(store, "beta", 7, "b7");
    must_commit(store);
    assert_int_equal(attempt("beta", 7), 1);
    assert_int_equal(attempt("beta", 8), 2);
    must_begin(store);
    assert_ok(store_attempt_clear(store, "timer", 0, &err));
    assert_ok(store_attempts_forget(store, &err));
    must_commit(store);
    assert_int_equal(attempt("timer", 0), 1);
    assert_int_equal(attempt("/start", 0), 1);
    assert_int_equal(attempt("beta", 8), 3);
}

static struct store_dead letter(int64_t seq, const char *subject, const char *state)
{
    return (struct store_dead){.source = "beta",
                               .seq = seq,
                               .event_id = bus_printf(arena, "e%lld", (long long)seq),
                               .subject = subject,
                               .type = "koppel.beta.said.v1",
                               .header = bus_bytes_of("h"),
                               .data = bus_bytes_of("d"),
                               .state = state,
                               .error = "invalid: it is",
                               .fingerprint = "f",
                               .attempts = 2,
                               .next_us = strcmp(state, "retrying") == 0 ? 5000 : 0,
                               .first_us = 1000,
                               .last_us = 2000};
}

static void put_letter(int64_t seq, const char *subject, const char *state)
{
    struct store_dead dead = letter(seq, subject, state);
    assert_ok(store_dead_put(store, &dead, &err));
}

static void drop_letter(int64_t seq, const char *note)
{
    const struct store_dead_key key = {
        .source = "beta", .seq = seq, .event_id = bus_printf(arena, "e%lld", (long long)seq)};
    int64_t n = 0;
    assert_ok(store_dead_drop(store, &(struct store_dead_choice){.key = &key}, 9000, note, arena, &n, &err));
    assert_int_equal(n, 1);
}

/* The places of all letters, or of those due by then, as "3 5 9". */
static const char *listed(int64_t due_us)
{
    struct store_dead *list;
    size_t n;
    const struct store_dead_key first = {.source = "", .event_id = ""};
    if (due_us > 0)
        assert_ok(store_dead_due(store, due_us, 10, arena, &list, &n, &err));
    else
        assert_ok(store_dead_page(store, &first, 10, arena, &list, &n, &err));
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = bus_printf(arena, "%s%s%lld", text, i ? " " : "", (long long)list[i].seq);
    return text;
}

static void what_waits_for_a_subject_goes_on_one_by_one(void **state)
{
    (void)state;
    must_begin(store);
    put_letter(20, "duo-7", "retrying");
    put_letter(21, "duo-7", "behind");
    put_letter(22, "duo-7", "behind");
    put_letter(23, "duo-8", "behind");
    must_commit(store);
    must_begin(store);
    assert_ok(store_dead_remove(store, "beta", 20, "e20", &err));
    assert_ok(store_dead_pass_on(store, "beta", "duo-7", 7000, &err));
    must_commit(store);
    struct store_dead *list;
    size_t n;
    assert_ok(store_dead_due(store, 7000, 10, arena, &list, &n, &err));
    assert_int_equal(n, 1);
    assert_int_equal(list[0].seq, 21);
    assert_string_equal(list[0].state, "retrying");
    must_begin(store);
    for (int64_t seq = 21; seq <= 23; seq++)
        assert_ok(store_dead_remove(store, "beta", seq, bus_printf(arena, "e%lld", (long long)seq), &err));
    must_commit(store);
}

static void dead_letters_hold_up_their_subject(void **state)
{
    (void)state;
    must_begin(store);
    put_letter(9, "duo-1", "parked");
    put_letter(10, "duo-1", "behind");
    put_letter(3, "duo-2", "retrying");
    put_letter(5, NULL, "parked");
    assert_string_equal(listed(0), "3 5 9 10");
    assert_true(store_dead_blocks(store, "beta", "duo-1"));
    must_commit(store);
    open_again();
    assert_int_equal(store_dead_count(store), 4);
    assert_true(store_dead_blocks(store, "beta", "duo-1") && store_dead_blocks(store, "beta", "duo-2"));
    assert_false(store_dead_blocks(store, "gamma", "duo-1") || store_dead_blocks(store, "beta", "duo-3"));
    assert_false(store_dead_blocks(store, "beta", NULL));
    assert_string_equal(listed(4999), "");
    assert_string_equal(listed(5000), "3");
    int64_t next_us = 0;
    assert_ok(store_dead_next(store, &next_us, &err));
    assert_int_equal(next_us, 5000);
    struct store_dead *list;
    size_t n;
    assert_ok(store_dead_due(store, 5000, 10, arena, &list, &n, &err));
    assert_string_equal(list[0].state, "retrying");
    assert_string_equal(list[0].error, "invalid: it is");
    assert_true(bus_bytes_equal(list[0].data, bus_bytes_of("d")));
    assert_true(list[0].next_us == 5000 && list[0].first_us == 1000 && list[0].attempts == 2);

    must_begin(store);
    drop_letter(9, "not wanted");
    assert_true(store_dead_blocks(store, "beta", "duo-1")); /* one still waits */
    assert_ok(store_dead_remove(store, "beta", 10, "e10", &err));
    assert_false(store_dead_blocks(store, "beta", "duo-1"));
    must_commit(store);
    assert_string_equal(listed(0), "3 5");
    assert_int_equal(store_dead_count(store), 2);
    const char *dropped =
        "SELECT count(*) FROM alpha.dead_letter WHERE state = 'dropped' AND event_id = 'e9' "
        "AND note = 'not wanted' AND error = 'invalid: it is'";
    assert_int_equal(pgcluster_number(cluster, "%s", dropped), 1);
    assert_int_equal(
        pgcluster_number(cluster, "%s AND subject IS NULL AND header = '' AND data = ''", dropped),
        1); /* nobody reads that any more */
}

static void a_rollback_forgets_what_was_parked(void **state)
{
    (void)state;
    must_begin(store);
    put_letter(1, "kept", "parked");
    must_commit(store);
    must_begin(store);
    put_letter(2, "forgotten", "parked");
    assert_ok(store_dead_remove(store, "beta", 1, "e1", &err));
    store_rollback(store);
    must_begin(store);
    assert_true(store_dead_blocks(store, "beta", "kept"));
    assert_false(store_dead_blocks(store, "beta", "forgotten"));
    put_letter(2, "forgotten", "parked");
    lose_connection();
    assert_int_equal(store_commit(store, &err), BUS_RETRY);
    store_rollback(store);
    must_begin(store);
    assert_true(store_dead_blocks(store, "beta", "kept"));
    assert_false(store_dead_blocks(store, "beta", "forgotten"));
    assert_int_equal(store_dead_count(store), 1);
    must_commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(timers_come_due_in_order, open_store, close_store),
        cmocka_unit_test_setup_teardown(effects_stay_until_removed, open_store, close_store),
        cmocka_unit_test_setup_teardown(answered_requests_are_found, open_store, close_store),
        cmocka_unit_test_setup_teardown(answered_requests_are_known_after_a_start, open_store, close_store),
        cmocka_unit_test_setup_teardown(attempts_survive_a_crash_and_end_with_success, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(what_waits_for_a_subject_goes_on_one_by_one, open_store, close_store),
        cmocka_unit_test_setup_teardown(dead_letters_hold_up_their_subject, open_store, close_store),
        cmocka_unit_test_setup_teardown(a_rollback_forgets_what_was_parked, open_store, close_store),
    };
    return cmocka_run_group_tests_name("keep", tests, fixture_open, fixture_close);
}
