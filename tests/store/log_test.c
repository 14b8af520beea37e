/* How runs lie in Postgres: as they are where they fit into a page, compressed where that makes them fit, and
 * outside of the page otherwise. They come out as they went in. */
#include "bus/pack.h"
#include "tests/store/fixture.h"
#include "tests/support/filling.h"
#include "wire/run.h"

#define DATA_BYTES 400

static struct bus_error err;

/* Events of which `alike` bytes of 400 can be compressed. */
static void pack(struct bus_buffer *out, int64_t n, size_t alike)
{
    for (int64_t i = 0; i < n; i++) {
        AUTO(bus_buffer_done) struct bus_buffer data = {0};
        char text[DATA_BYTES];
        memset(text, 'd', alike);
        filling_write(text + alike, DATA_BYTES - alike, (uint64_t)i);
        bus_pack_map(&data, 1);
        bus_pack_text(&data, "d");
        bus_pack_text_n(&data, text, sizeof text);
        wire_run_pack(out, bus_bytes("\x80", 1), bus_buffer_bytes(&data));
    }
}

/* All of it, and what follows its middle. */
static void comes_out(const struct store_config *config, struct bus_bytes events, int64_t n)
{
    AUTO(store_reader_close) struct store_reader *reader = fixture_reader(config);
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    size_t of_one = events.size / (size_t)n;
    for (int64_t after = 0; after < n; after += n / 2) {
        struct store_batch batch;
        assert_ok(store_reader_fetch(reader, 0, after, 1000, SIZE_MAX, arena, &batch, &err));
        assert_true(batch.run.from == after + 1 && batch.run.to == n);
        assert_int_equal(batch.run.events.size, events.size - (size_t)after * of_one);
        assert_memory_equal(batch.run.events.data, events.data + (size_t)after * of_one,
                            batch.run.events.size);
    }
}

static void a_run_stays_in_its_page_if_it_can(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        size_t alike;
        const char *compression;
        bool outside;
    } cases[] = {{18, 300, "", false}, {38, 300, "lz4", false}, {38, 0, "lz4", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        AUTO(bus_buffer_done) struct bus_buffer events = {0};
        struct store_config config = fixture_config("alpha", pgcluster_service(cluster, "alpha"), 1);
        AUTO(store_close) struct store *store = fixture_store(&config);
        pack(&events, cases[i].n, cases[i].alike);
        must_begin(store);
        store_append(store,
                     &(struct store_run){.from = 1, .to = cases[i].n, .events = bus_buffer_bytes(&events)});
        must_commit(store);
        char *how =
            pgcluster_ask(cluster, "SELECT coalesce(pg_column_compression(events), '') FROM alpha.event_log");
        assert_string_equal(how, cases[i].compression);
        free(how);
        assert_int_equal(pgcluster_number(cluster,
                                          "SELECT (pg_relation_size(reltoastrelid) > 0)::int FROM pg_class "
                                          "WHERE oid = 'alpha.event_log_from_0'::regclass"),
                         cases[i].outside);
        comes_out(&config, bus_buffer_bytes(&events), cases[i].n);
    }
}

/* Rows of the log that Postgres has looked at. */
static long long rows_read(void)
{
    return pgcluster_number(cluster, "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint "
                                     "FROM pg_stat_user_tables WHERE schemaname = 'beta' AND "
                                     "relname LIKE 'event_log%%'");
}

/* However long runs are, and however much of the log lies behind what is asked for. */
static void what_is_read_is_bounded_by_what_is_asked_for(void **state)
{
    (void)state;
    enum { EVENTS = 20000, ASKED = 20 };
    for (int length = 1; length <= 50; length += 49) {
        struct store_config config = fixture_config("beta", pgcluster_service(cluster, "beta"), 1);
        AUTO(store_close) struct store *store = fixture_store(&config);
        AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
        must_begin(store);
        for (int64_t from = 1; from <= EVENTS; from += length) {
            AUTO(bus_buffer_done) struct bus_buffer events = {0};
            pack(&events, length, 0);
            store_append(store, &(struct store_run){.from = from,
                                                    .to = from + length - 1,
                                                    .events = bus_buffer_bytes(&events)});
        }
        must_commit(store);
        pgcluster_run(cluster, "ANALYZE beta.event_log");
        long long before = rows_read();
        struct store_reader *reader = fixture_reader(&config);
        struct store_batch batch;
        assert_ok(store_reader_fetch(reader, 0, 100, ASKED, SIZE_MAX, arena, &batch, &err));
        assert_true(batch.run.from == 101 && batch.run.to == 100 + ASKED);
        store_reader_close(&reader); /* tells what it read */
        pgcluster_await(cluster, "1", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'beta'");
        assert_in_range(rows_read() - before, 1, 2 * ASKED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_run_stays_in_its_page_if_it_can),
                                       cmocka_unit_test(what_is_read_is_bounded_by_what_is_asked_for)};
    return cmocka_run_group_tests_name("log", tests, fixture_open, fixture_close);
}
