/* Who reads on, by the epoch and number of the last event that was read: in this log, or in one that it took
 * the place of when an older backup was put back. */
#include <stdio.h>

#include "bus/pack.h"
#include "tests/store/fixture.h"
#include "wire/run.h"

static struct bus_error err;
static struct store_config config;
static struct store *store;
static struct store_reader *reader;
static struct bus_arena *arena;

/* Runs of up to three events; 0: from before headers told the epoch. */
static void append_of(const int64_t *epochs, int64_t n)
{
    must_begin(store);
    for (int64_t from = 1; from <= n; from += 3) {
        AUTO(bus_buffer_done) struct bus_buffer events = {0};
        int64_t to = from + 2 < n ? from + 2 : n;
        for (int64_t seq = from; seq <= to; seq++) {
            AUTO(bus_buffer_done) struct bus_buffer header = {0};
            bus_pack_map(&header, epochs[seq - 1] > 0);
            if (epochs[seq - 1] > 0) {
                bus_pack_text(&header, "epoch");
                bus_pack_int(&header, epochs[seq - 1]);
            }
            wire_run_pack(&events, bus_buffer_bytes(&header), bus_bytes("\x80", 1));
        }
        store_append(store, &(struct store_run){.from = from, .to = to, .events = bus_buffer_bytes(&events)});
    }
    must_commit(store);
}

/* Put back at 4 (epoch 10), at 6 (epoch 20), and at the end, with nothing written in epoch 30 yet. */
static int log_open(void **state)
{
    (void)state;
    static const int64_t epochs[] = {0, 1, 1, 1, 10, 10, 20, 20};
    config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
    store = fixture_store(&config);
    assert_int_equal(store_head_get(store)->epoch, 1);
    append_of(epochs, 8);
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET epoch = 30");
    reader = fixture_reader(&config);
    arena = bus_arena_new();
    return 0;
}

static int log_close(void **state)
{
    (void)state;
    store_reader_close(&reader);
    store_close(&store);
    bus_arena_free(&arena);
    return 0;
}

static void goes_on(int64_t epoch, int64_t after)
{
    struct store_batch batch;
    assert_ok(store_reader_fetch(reader, epoch, after, 100, 100000, arena, &batch, &err));
    assert_int_equal(batch.run.from, after < 8 ? after + 1 : 0);
    assert_int_equal(batch.run.to, after < 8 ? 8 : 0);
}

static void is_refused(int64_t epoch, int64_t after, const char *text)
{
    struct store_batch batch;
    assert_int_equal(store_reader_fetch(reader, epoch, after, 100, 100000, arena, &batch, &err),
                     BUS_CONFLICT);
    assert_non_null(strstr(err.text, text));
}

static void is_told(int64_t epoch, int64_t after, int64_t shared)
{
    is_refused(epoch, after, bus_printf(arena, "begin again after %lld at the latest", (long long)shared));
}

/* Nothing that is kept was shared: where they part is not known. */
static void is_told_to_ask(int64_t epoch, int64_t after, int64_t first)
{
    is_refused(
        epoch, after,
        bus_printf(arena, "ended before %lld, the first event that is kept; ask where", (long long)first));
}

/* As a process that had the lease, could not finish opening, and tries again. */
static void who_writes_on_after_a_restore_is_another_writer(void **state)
{
    (void)state;
    struct store_batch batch;
    int64_t before = store_head_get(store)->writer;
    store_close(&store);
    store = fixture_store(&config);
    assert_int_equal(store_head_get(store)->epoch, 30);
    assert_true(store_head_get(store)->writer > 0);
    assert_true(store_head_get(store)->writer != before);
    assert_ok(store_reader_fetch(reader, 0, STORE_END, 1, 1000, arena, &batch, &err));
    assert_int_equal(batch.writer, store_head_get(store)->writer);
}

static void who_has_read_this_log_goes_on(void **state)
{
    (void)state;
    static const int64_t epochs[] = {1, 1, 1, 1, 10, 10, 20, 20};
    for (int64_t seq = 1; seq <= 8; seq++) {
        goes_on(epochs[seq - 1], seq);
        goes_on(0, seq);
    }
    goes_on(7, 0);  /* before the first there is only one history */
    goes_on(30, 8); /* at its end, of the epoch in which nothing was written yet */
    goes_on(10, 4); /* and as it was in the others */
    goes_on(20, 6);
}

static void who_has_read_what_is_gone_is_told(void **state)
{
    (void)state;
    for (int64_t seq = 5; seq <= 8; seq++)
        is_told(1, seq, 4);
    is_told(10, 7, 6);
    is_told(10, 8, 6);
    is_told(10, 3, 2);
    is_told(30, 7, 6);
    for (int64_t seq = 1; seq <= 8; seq++) { /* written after the same backups as these, and given up */
        is_told(5, seq, seq <= 4 ? seq - 1 : 4);
        is_told(15, seq, seq <= 6 ? seq - 1 : 6);
    }
    is_told(99, 8, 7);
}

/* Who is ahead of this log shares no more with it for that. */
static void who_has_read_beyond_the_end_is_told_where_the_histories_part(void **state)
{
    (void)state;
    is_told(0, 9, 8); /* as far as a number alone can tell: it may be of another log */
    is_refused(0, 9,
               "this log ends at 8: is 9 a number of another one? If it was of this one, an older backup");
    is_told(1, 9, 4);
    is_told(5, 12, 4);
    is_told(10, 9, 6);
    is_told(15, 1000, 6);
    is_told(20, 9, 8);
    is_told(30, 9, 8);
}

/* Else a position would name an event of epoch 30 that nobody wrote. */
static void at_its_end_the_epoch_of_the_last_event_is_told(void **state)
{
    (void)state;
    struct store_batch batch;
    static const int64_t ends[] = {STORE_END, 8};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(store_reader_fetch(reader, 0, ends[i], 100, 100000, arena, &batch, &err));
        assert_int_equal(batch.head_seq, 8);
        assert_int_equal(batch.epoch, 20);
    }
}

static void where_the_log_begins_the_next_event_tells(void **state)
{
    (void)state;
    struct store_batch batch;
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET first_seq = 6; DELETE FROM alpha.event_log WHERE seq < 6");
    goes_on(10, 5);
    goes_on(0, 5);
    is_told_to_ask(1, 5, 6); /* which the first run still holds */
    is_told_to_ask(1, 6, 6);
    is_told_to_ask(1, 9, 6);
    is_told(10, 9, 6);
    assert_int_equal(store_reader_fetch(reader, 1, 4, 100, 100000, arena, &batch, &err), BUS_NOT_FOUND);
}

/* Epoch 20 was raised behind event 6 or before another one of that number. */
static void what_is_not_kept_is_not_judged(void **state)
{
    (void)state;
    struct store_batch batch;
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET first_seq = 7; DELETE FROM alpha.event_log WHERE seq < 7");
    static const int64_t epochs[] = {1, 10};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(store_reader_fetch(reader, epochs[i], 6, 100, 100000, arena, &batch, &err),
                         BUS_NOT_FOUND);
        assert_non_null(strstr(err.text, "event 6, your last, is no longer kept"));
    }
    goes_on(0, 6);
    goes_on(20, 6);
    is_told_to_ask(99, 6, 7); /* what came before an earlier epoch was not of a later one */
    is_told_to_ask(10, 7, 7);
}

/* Whose event the first run still holds. */
static void a_reader_at_the_border_is_judged_by_its_event(void **state)
{
    (void)state;
    struct store_batch head;
    const char *id = NULL;
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET first_seq = 6; DELETE FROM alpha.event_log WHERE seq < 6");
    assert_ok(store_reader_check(reader, 10, 5, arena, &id, &head, &err));
    assert_ok(store_reader_check(reader, 0, 5, arena, &id, &head, &err));
    assert_int_equal(store_reader_check(reader, 1, 5, arena, &id, &head, &err), BUS_CONFLICT);
    /* Welcomed since a backup was put back, to what stood before it. */
    for (int64_t seq = 5; seq <= 7; seq++) {
        pgcluster_run(cluster, seq == 5 ? "DELETE FROM alpha.event_log WHERE seq < 7"
                                        : "UPDATE alpha.stream_head SET first_seq = first_seq + 1");
        assert_ok(store_reader_check(reader, 30, seq, arena, &id, &head, &err));
    }
}

/* And where there is none, nothing but that no backup was put back since the welcome. */
static void a_reader_at_the_border_whose_event_is_gone_is_not_guessed_at(void **state)
{
    (void)state;
    struct store_batch head;
    const char *id = NULL;
    static const int64_t earlier[] = {1, 10, 20};
    pgcluster_run(cluster,
                  "UPDATE alpha.stream_head SET first_seq = 7; DELETE FROM alpha.event_log WHERE seq < 7");
    for (size_t i = 0; i < sizeof earlier / sizeof *earlier; i++) {
        assert_int_equal(store_reader_check(reader, earlier[i], 6, arena, &id, &head, &err), BUS_NOT_FOUND);
        assert_non_null(strstr(err.text, "event 6, your last, is no longer kept"));
    }
    assert_ok(store_reader_check(reader, 30, 6, arena, &id, &head, &err));
    assert_ok(store_reader_check(reader, 0, 6, arena, &id, &head, &err));
}

/* Dropped between our look at the head and that at the events: of those the old head still tells. */
static void what_is_trimmed_meanwhile_is_not_judged(void **state)
{
    (void)state;
    struct store_batch batch;
    const char *id = NULL;
    pgcluster_run(cluster, "DELETE FROM alpha.event_log WHERE seq < 7");
    assert_int_equal(store_reader_fetch(reader, 1, 4, 100, 100000, arena, &batch, &err), BUS_NOT_FOUND);
    for (int64_t seq = 1; seq <= 8; seq++)
        assert_int_equal(store_reader_check(reader, 1, seq, arena, &id, &batch, &err),
                         seq < 7 ? BUS_RETRY : BUS_OK);
}

/* An id from outside may come again, at the same number of another history. */
static void no_event_of_a_later_epoch_is_the_one_that_was_read(void **state)
{
    (void)state;
    static const int64_t epochs[] = {1, 1, 1, 1, 10, 10, 20, 20}, readers[] = {1, 5, 10, 20, 30};
    struct store_batch head;
    const char *id = NULL;
    for (int64_t seq = 1; seq <= 8; seq++) {
        assert_ok(store_reader_check(reader, 0, seq, arena, &id, &head, &err));
        assert_non_null(id);
        for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
            assert_ok(store_reader_check(reader, readers[i], seq, arena, &id, &head, &err));
            assert_int_equal(id != NULL, epochs[seq - 1] <= readers[i]);
        }
    }
}

/* It does not know whether its last commit was put back with the rest. */
static void a_writer_does_not_go_on_over_it(void **state)
{
    (void)state;
    pgcluster_run(cluster, "UPDATE alpha.stream_head SET epoch = 40");
    pgcluster_run(cluster, "SELECT pg_terminate_backend(owner_pid, 5000) FROM alpha.stream_head");
    assert_int_equal(store_begin(store, &err), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    assert_int_equal(store_begin(store, &err), BUS_BUG);
    store_close(&store);
    assert_ok(store_open(&config, &store, &err));
    assert_int_equal(store_head_get(store)->epoch, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_writes_on_after_a_restore_is_another_writer, log_open, log_close),
        cmocka_unit_test_setup_teardown(who_has_read_this_log_goes_on, log_open, log_close),
        cmocka_unit_test_setup_teardown(who_has_read_what_is_gone_is_told, log_open, log_close),
        cmocka_unit_test_setup_teardown(who_has_read_beyond_the_end_is_told_where_the_histories_part,
                                        log_open, log_close),
        cmocka_unit_test_setup_teardown(at_its_end_the_epoch_of_the_last_event_is_told, log_open, log_close),
        cmocka_unit_test_setup_teardown(where_the_log_begins_the_next_event_tells, log_open, log_close),
        cmocka_unit_test_setup_teardown(what_is_not_kept_is_not_judged, log_open, log_close),
        cmocka_unit_test_setup_teardown(a_reader_at_the_border_is_judged_by_its_event, log_open, log_close),
        cmocka_unit_test_setup_teardown(a_reader_at_the_border_whose_event_is_gone_is_not_guessed_at,
                                        log_open, log_close),
        cmocka_unit_test_setup_teardown(what_is_trimmed_meanwhile_is_not_judged, log_open, log_close),
        cmocka_unit_test_setup_teardown(no_event_of_a_later_epoch_is_the_one_that_was_read, log_open,
                                        log_close),
        cmocka_unit_test_setup_teardown(a_writer_does_not_go_on_over_it, log_open, log_close),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
