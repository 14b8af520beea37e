/* See log.h. */
#include "store/log.h"

#include <sodium.h>
#include <string.h>

#include "sql/bus.h"
#include "store/rows.h"
#include "wire/run.h"

#define HASHED_BYTES ((size_t)1024 * 1024)
#define HASHED_N     4096

static struct store_run row_of(const struct bus_rows *rows, int i)
{
    Oid type;
    int64_t to = bus_row_int(rows, i, 0), n = bus_row_int(rows, i, 1);
    return (struct store_run){.from = to - n + 1, .to = to, .events = rows_cell(rows, i, 2, &type)};
}

/* What a row holds of the events `from` to `to`, some of which it does. */
static bool cut(const struct store_run *row, int64_t from, int64_t to, struct bus_bytes *ret)
{
    struct wire_run run;
    *ret = row->events;
    if (from <= row->from && to >= row->to)
        return true;
    if (!wire_run_open(row->events, row->from, row->to, &run) || !wire_run_skip(&run, from - 1))
        return false;
    const uint8_t *begin = run.at.at;
    bool whole = wire_run_skip(&run, to < row->to ? to : row->to);
    *ret = bus_bytes(begin, (size_t)(run.at.at - begin));
    return whole;
}

static enum bus_status join(const struct bus_rows *rows, int64_t after, int64_t last, struct bus_arena *arena,
                            struct store_run *ret, struct bus_error *err)
{
    size_t bytes = 0, size = 0;
    int64_t from = 0, to = 0;
    for (int i = 0; i < rows->n; i++)
        bytes += row_of(rows, i).events.size;
    uint8_t *events = bus_alloc(arena, bytes);
    for (int i = 0; i < rows->n && to < last; i++) {
        struct bus_bytes part;
        struct store_run row = row_of(rows, i);
        if (i == 0)
            from = row.from > after ? row.from : after + 1;
        if ((i > 0 && row.from != to + 1) || !cut(&row, from, last, &part))
            return bus_fail(err, BUS_BUG, "events %lld to %lld cannot be read from the log: restore a backup",
                            (long long)row.from, (long long)row.to);
        memcpy(events + size, part.data, part.size);
        size += part.size;
        to = row.to < last ? row.to : last;
    }
    *ret = (struct store_run){.from = from, .to = to, .events = bus_bytes(events, size)};
    return BUS_OK;
}

enum bus_status log_read(struct bus_db *db, int64_t after, int64_t max_n, size_t max_bytes,
                         struct bus_arena *arena, struct store_run *ret, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    int64_t bytes = max_bytes < INT64_MAX ? (int64_t)max_bytes : INT64_MAX;
    int64_t last = max_n < INT64_MAX - after ? after + max_n : INT64_MAX;
    enum bus_status status =
        bus_query(db, err, &rows, &bus_log_fetch, BUS_INT(after), BUS_INT(last), BUS_INT(bytes));
    return status == BUS_OK ? join(&rows, after, last, arena, ret, err) : status;
}

enum bus_status log_hash(struct bus_db *db, int64_t first_seq, struct bus_arena *arena, const char **ret_hex,
                         struct bus_error *err)
{
    AUTO(bus_arena_free) struct bus_arena *part = bus_arena_new();
    struct store_run run = {.to = first_seq - 1};
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[sizeof(hash) * 2 + 1];
    crypto_hash_sha256_init(&state);
    do {
        bus_arena_reset(part);
        enum bus_status status = log_read(db, run.to, HASHED_N, HASHED_BYTES, part, &run, err);
        if (status != BUS_OK)
            return status;
        crypto_hash_sha256_update(&state, run.events.data, run.events.size);
    } while (run.to > 0);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    *ret_hex = bus_strdup(arena, hex);
    return BUS_OK;
}
