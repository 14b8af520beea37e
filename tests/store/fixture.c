/* What the store tests share. */
#include "tests/store/fixture.h"

#include <stdio.h>

#include "bus/pack.h"
#include "wire/run.h"

struct pgcluster *cluster;
struct proxy *proxy;
char through_proxy[160];

const struct bus_sql item_put = {
    .name = "item_put", .params = 2, .text = "INSERT INTO item (name, n) VALUES ($1, $2::bigint)"};
const struct bus_sql item_bulk = {
    .name = "item_bulk",
    .params = 2,
    .bulk = true,
    .text = "INSERT INTO item (name, n) SELECT * FROM unnest($1::text[], $2::bigint[])"};
const struct bus_sql item_names = {
    .name = "item_names", .params = 0, .text = "SELECT name, n FROM item ORDER BY name COLLATE \"C\""};

static const struct bus_sql *const statements[] = {&item_put, &item_bulk, &item_names, NULL};

const struct bus_migration item_migrations[] = {
    {.number = 1,
     .name = "0001_item",
     .sha256 = "one",
     .text = "CREATE TABLE item (name text COLLATE \"C\" PRIMARY KEY, n bigint CHECK (n < 1000000))"},
    {.number = 0}};

int fixture_open(void **state)
{
    (void)state;
    cluster = pgcluster_open();
    return 0;
}

int fixture_close(void **state)
{
    (void)state;
    pgcluster_close(&cluster);
    return 0;
}

int fixture_open_proxied(void **state)
{
    fixture_open(state);
    proxy = proxy_open(pgcluster_folder(cluster));
    snprintf(through_proxy, sizeof(through_proxy), "host=%s user=alpha dbname=postgres", proxy_folder(proxy));
    return 0;
}

int fixture_close_proxied(void **state)
{
    proxy_close(&proxy);
    return fixture_close(state);
}

struct store_config fixture_config(const char *name, const char *conninfo, uint8_t instance)
{
    return (struct store_config){.service = name,
                                 .log_partition = 1000000,
                                 .conninfo = conninfo,
                                 .statements = statements,
                                 .migrations = item_migrations,
                                 .instance = {.bytes = {[8] = instance}},
                                 .lease_ms = 60000};
}

void fixture_ok(enum bus_status status, const struct bus_error *err, const char *file, int line)
{
    if (status != BUS_OK)
        fprintf(stderr, "%s: %s %s\n", bus_status_name(status), err->code, err->text);
    _assert_int_equal(status, BUS_OK, file, line);
}

struct store *fixture_store(const struct store_config *config)
{
    struct bus_error err = {0};
    struct store *store = NULL;
    assert_ok(store_open(config, &store, &err));
    return store;
}

struct store_reader *fixture_reader(const struct store_config *config)
{
    struct bus_error err = {0};
    struct store_reader *reader = NULL;
    assert_ok(store_reader_open(config, &reader, &err));
    return reader;
}

void must_begin(struct store *store)
{
    struct bus_error err = {0};
    assert_ok(store_begin(store, &err));
}

void must_commit(struct store *store)
{
    struct bus_error err = {0};
    assert_ok(store_commit(store, &err));
}

static void pack_event(struct bus_buffer *out, const char *event_id, size_t data_size)
{
    AUTO(bus_buffer_done) struct bus_buffer header = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    AUTO(bus_buffer_done) struct bus_buffer filling = {0};
    memset(bus_buffer_grow(&filling, data_size), 'd', data_size);
    bus_pack_map(&header, 1);
    bus_pack_text(&header, "id");
    bus_pack_text(&header, event_id);
    bus_pack_map(&data, 1);
    bus_pack_text(&data, "d");
    bus_pack_text_n(&data, (const char *)filling.data, data_size);
    wire_run_pack(out, bus_buffer_bytes(&header), bus_buffer_bytes(&data));
}

void append(struct store *store, int64_t seq, const char *event_id, size_t data_size)
{
    AUTO(bus_buffer_done) struct bus_buffer events = {0};
    pack_event(&events, event_id, data_size);
    store_append(store, &(struct store_run){.from = seq, .to = seq, .events = bus_buffer_bytes(&events)});
}

void append_run(struct store *store, int64_t from, int64_t to, size_t data_size)
{
    AUTO(bus_buffer_done) struct bus_buffer events = {0};
    for (int64_t seq = from; seq <= to; seq++) {
        char id[24];
        snprintf(id, sizeof(id), "e%lld", (long long)seq);
        pack_event(&events, id, data_size);
    }
    store_append(store, &(struct store_run){.from = from, .to = to, .events = bus_buffer_bytes(&events)});
}

void must_put(struct store *store, const char *name, int64_t seq)
{
    struct bus_error err = {0};
    assert_ok(bus_exec(store_db(store), &err, &item_put, BUS_TEXT(name), BUS_INT(seq)));
    append(store, seq, name, 10);
}

void fixture_noise(char *text, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    uint64_t state = 1;
    for (size_t i = 0; i + 1 < size; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        text[i] = letters[state >> 58];
    }
    text[size - 1] = '\0';
}

void advance(struct store *store, const char *stream, int64_t seq, const char *event_id)
{
    store_advance(store,
                  &(struct store_position){.stream = stream, .epoch = 1, .seq = seq, .event_id = event_id});
}
