/* The reader: a session of its own that cannot write, for queries and for those who catch up on the log. */
#include <stdlib.h>
#include <string.h>

#include "sql/bus.h"
#include "store/rows.h"
#include "store/session.h"
#include "store/store.h"

struct store_reader {
    struct bus_db *db;
    bool held; /* one transaction for all reads */
};

enum bus_status store_reader_open(const struct store_config *config, struct store_reader **ret,
                                  struct bus_error *err)
{
    AUTO(store_reader_close) struct store_reader *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for a reader");
    self->db = db_new(config->service, config->conninfo, config->password, config->statements, true);
    enum bus_status status = db_connect(self->db, err);
    if (status == BUS_OK)
        status = db_start(self->db, err);
    if (status != BUS_OK)
        return status;
    *ret = self;
    self = NULL;
    return BUS_OK;
}

void store_reader_close(struct store_reader **self_p)
{
    if (!self_p || !*self_p)
        return;
    db_free(&(*self_p)->db);
    free(*self_p);
    *self_p = NULL;
}

enum bus_status store_reader_begin(struct store_reader *self, struct bus_db **ret_db, struct bus_error *err)
{
    if (self->held && (self->db->lost || !self->db->in_turn))
        return bus_fail(err, BUS_RETRY, "what stood then was lost with the connection");
    if (self->held) {
        *ret_db = self->db;
        return BUS_OK;
    }
    if (self->db->in_turn)
        return bus_fail(err, BUS_BUG, "a read was begun before the last one ended");
    if (!db_alive(self->db)) {
        enum bus_status status = db_connect(self->db, err);
        if (status == BUS_OK)
            status = db_start(self->db, err);
        if (status != BUS_OK)
            return status;
    }
    db_begin(self->db, DB_BEGIN_READ);
    *ret_db = self->db;
    return BUS_OK;
}

void store_reader_end(struct store_reader *self)
{
    if (!self->held)
        db_rollback(self->db);
}

enum bus_status store_reader_hold(struct store_reader *self, bool on, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_db *db;
    self->held = false;
    store_reader_end(self);
    if (!on)
        return BUS_OK;
    enum bus_status status = store_reader_begin(self, &db, err);
    if (status == BUS_OK)
        status = bus_query(db, err, &rows, &bus_hold, BUS_NONE);
    self->held = status == BUS_OK;
    store_reader_end(self);
    return status;
}

/* Ends the read when it leaves its scope. */
static void end_read(struct store_reader **self_p)
{
    store_reader_end(*self_p);
}

static enum bus_status read_head(struct bus_db *db, struct store_batch *ret, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(db, err, &rows, &bus_log_head, BUS_NONE);
    if (status == BUS_OK && rows.n != 1)
        return bus_fail(err, BUS_RETRY, "the service has not been started yet");
    if (status == BUS_OK)
        *ret = (struct store_batch){.epoch = bus_row_int(&rows, 0, 0),
                                    .writer = store_writer(bus_row_id(&rows, 0, 3)),
                                    .first_seq = bus_row_int(&rows, 0, 1),
                                    .head_seq = bus_row_int(&rows, 0, 2)};
    return status;
}

/* Copies a cell behind *at, with a NUL, and moves on. */
static struct bus_bytes lay(uint8_t **at, struct bus_bytes cell)
{
    struct bus_bytes laid = bus_bytes(*at, cell.size);
    memcpy(*at, cell.data, cell.size);
    (*at)[cell.size] = 0;
    *at += cell.size + 1;
    return laid;
}

/* One allocation for all texts of the batch. */
static void lay_out(const struct bus_rows *rows, struct bus_arena *arena, struct store_batch *batch)
{
    Oid type;
    size_t bytes = 0;
    for (int i = 0; i < rows->n; i++)
        for (int column = 1; column <= 3; column++)
            bytes += rows_cell(rows, i, column, &type).size + 1;
    uint8_t *at = bus_alloc(arena, bytes);
    batch->n = (size_t)rows->n;
    batch->events = bus_alloc_array(arena, batch->n, sizeof(*batch->events));
    for (int i = 0; i < rows->n; i++)
        batch->events[i] =
            (struct store_event){.seq = bus_row_int(rows, i, 0),
                                 .event_id = (const char *)lay(&at, rows_cell(rows, i, 1, &type)).data,
                                 .header = lay(&at, rows_cell(rows, i, 2, &type)),
                                 .data = lay(&at, rows_cell(rows, i, 3, &type)),
                                 .time_us = bus_row_time(rows, i, 4)};
}

enum bus_status store_reader_fetch(struct store_reader *self, int64_t after, int max_n, size_t max_bytes,
                                   struct bus_arena *arena, struct store_batch *ret, struct bus_error *err)
{
    struct bus_db *db;
    struct store_batch batch;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_reader_begin(self, &db, err);
    if (status != BUS_OK)
        return status;
    AUTO(end_read) struct store_reader *reading = self;
    (void)reading;
    status = read_head(db, &batch, err);
    if (status != BUS_OK)
        return status;
    if (after == STORE_END)
        after = batch.head_seq;
    if (after < batch.first_seq - 1)
        return bus_fail(err, BUS_NOT_FOUND, "the log starts at %lld; %lld is no longer kept",
                        (long long)batch.first_seq, (long long)(after + 1));
    int64_t bytes = max_bytes < INT64_MAX ? (int64_t)max_bytes : INT64_MAX;
    status = bus_query(db, err, &rows, &bus_log_fetch, BUS_INT(after), BUS_INT(max_n), BUS_INT(bytes));
    if (status != BUS_OK)
        return status;
    lay_out(&rows, arena, &batch);
    /* Partitions that were dropped since our snapshot are gone from it too. */
    if (batch.n > 0 && batch.events[0].seq != after + 1)
        return bus_fail(err, BUS_NOT_FOUND, "the log starts at %lld; %lld is no longer kept",
                        (long long)batch.events[0].seq, (long long)(after + 1));
    *ret = batch;
    return BUS_OK;
}

enum bus_status store_reader_check(struct store_reader *self, int64_t seq, struct bus_arena *arena,
                                   const char **ret_event_id, struct store_batch *ret_head,
                                   struct bus_error *err)
{
    struct bus_db *db;
    struct store_batch head;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_reader_begin(self, &db, err);
    if (status != BUS_OK)
        return status;
    AUTO(end_read) struct store_reader *reading = self;
    (void)reading;
    status = read_head(db, &head, err);
    if (status == BUS_OK)
        status = bus_query(db, err, &rows, &bus_log_event_id, BUS_INT(seq));
    if (status != BUS_OK)
        return status;
    *ret_head = head;
    *ret_event_id = rows.n == 1 ? bus_row_text(&rows, 0, 0, arena) : NULL;
    return BUS_OK;
}

enum bus_status store_reader_table_hashes(struct store_reader *self, struct bus_arena *arena,
                                          const char *const **ret_tables, const char *const **ret_hexes,
                                          size_t *ret_n, struct bus_error *err)
{
    struct bus_db *db;
    AUTO(bus_rows_done) struct bus_rows unlimited = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_reader_begin(self, &db, err);
    if (status != BUS_OK)
        return status;
    AUTO(end_read) struct store_reader *reading = self;
    (void)reading;
    int patience_ms = db->patience_ms;
    db->patience_ms = -1; /* a long log takes its time */
    status = bus_query(db, err, &unlimited, &bus_unlimited, BUS_NONE);
    if (status == BUS_OK)
        status = bus_query(db, err, &rows, &bus_table_hashes, BUS_NONE);
    db->patience_ms = patience_ms;
    if (status != BUS_OK)
        return status;
    const char **tables = bus_alloc_array(arena, (size_t)rows.n, sizeof(*tables));
    const char **hexes = bus_alloc_array(arena, (size_t)rows.n, sizeof(*hexes));
    for (int i = 0; i < rows.n; i++) {
        tables[i] = bus_row_text(&rows, i, 0, arena);
        hexes[i] = bus_row_text(&rows, i, 1, arena);
    }
    *ret_tables = tables;
    *ret_hexes = hexes;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
