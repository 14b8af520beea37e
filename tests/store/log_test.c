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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_run_stays_in_its_page_if_it_can)};
    return cmocka_run_group_tests_name("log", tests, fixture_open, fixture_close);
}
