/* The reader: a session of its own that cannot write, for queries and for those who catch up on the log. */
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "sql/bus.h"
#include "store/log.h"
#include "store/rows.h"
#include "store/session.h"
#include "store/store.h"
#include "wire/run.h"

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
    *ret_db = self->db;
    return db_begin(self->db, DB_BEGIN_READ, err);
}

void store_reader_end(struct store_reader *self)
{
    if (self->held)
        db_rest_at_mark(self->db);
    else
        db_rollback(self->db);
}

enum bus_status store_reader_hold(struct store_reader *self, int64_t ms, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_db *db;
    self->held = false;
    store_reader_end(self);
    if (ms == 0)
        return BUS_OK;
    enum bus_status status = store_reader_begin(self, &db, err);
    if (status == BUS_OK)
        status = bus_query(db, err, &rows, &bus_hold, BUS_INT(ms));
    if (status == BUS_OK)
        db_command(db, DB_MARK);
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
                                    .writer = store_writer(bus_row_id(&rows, 0, 3), bus_row_int(&rows, 0, 0)),
                                    .first_seq = bus_row_int(&rows, 0, 1),
                                    .head_seq = bus_row_int(&rows, 0, 2)};
    return status;
}

/* As it says itself; before epochs were raised it was always the first. */
static int64_t epoch_of(struct bus_bytes header)
{
    int64_t epoch = 1;
    (void)bus_cursor_get_int(header, "epoch", &epoch);
    return epoch;
}

/* 0: there is no such event. */
static enum bus_status epoch_at(struct bus_db *db, int64_t seq, struct bus_arena *arena, int64_t *ret,
                                struct bus_error *err)
{
    struct store_run events;
    struct wire_run run;
    struct bus_bytes header, data;
    enum bus_status status = log_read(db, seq - 1, 1, 0, arena, &events, err);
    *ret = 0;
    if (status == BUS_OK && events.from == seq && wire_run_open(events.events, seq, seq, &run) &&
        wire_run_next(&run, &header, &data))
        *ret = epoch_of(header);
    return status;
}

/* The last event up to `seq` that is of this epoch or an earlier one: along a log they only grow. */
static enum bus_status last_of(struct bus_db *db, int64_t first_seq, int64_t seq, int64_t epoch,
                               struct bus_arena *arena, int64_t *ret, struct bus_error *err)
{
    int64_t low = first_seq - 1, high = seq, at = 0;
    enum bus_status status = BUS_OK;
    while (status == BUS_OK && low < high) {
        int64_t middle = high - (high - low) / 2;
        status = epoch_at(db, middle, arena, &at, err);
        if (at <= epoch)
            low = middle;
        else
            high = middle - 1;
    }
    *ret = low;
    return status;
}

/* Who has read `after` in this epoch (0: it is not told) has read another log; what that shares with this one
 * ends at the last event here that may be of it, or before. */
static enum bus_status diverged(struct bus_db *db, const struct store_batch *head, int64_t epoch,
                                int64_t after, struct bus_arena *arena, struct bus_error *err)
{
    const char *what;
    int64_t shared;
    if (epoch == 0)
        return bus_fail(err, BUS_CONFLICT,
                        "this log ends at %lld: is %lld a number of another one? If it was of this one, an "
                        "older backup was put back, and what came after %lld then is lost; undo what you did "
                        "by it, and begin again after %lld at the latest",
                        (long long)head->head_seq, (long long)after, (long long)head->head_seq,
                        (long long)head->head_seq);
    if (after > head->head_seq) {
        what = bus_printf(arena, "this log ends at %lld, before the %lld that you read",
                          (long long)head->head_seq, (long long)after);
        shared = head->head_seq;
    } else {
        what = bus_printf(arena, "event %lld of this log is not the one that you read", (long long)after);
        shared = after - 1;
    }
    enum bus_status status = last_of(db, head->first_seq, shared, epoch, arena, &shared, err);
    if (status != BUS_OK)
        return status;
    if (shared > 0 && shared < head->first_seq)
        return bus_fail(err, BUS_CONFLICT,
                        "%s: an older backup was put back, and it ended before %lld, the first event that is "
                        "kept; ask where, undo what you did by what came after, and begin again after %lld",
                        what, (long long)head->first_seq, (long long)(head->first_seq - 1));
    return bus_fail(err, BUS_CONFLICT,
                    "%s: an older backup was put back, and what came after %lld then is lost; undo what you "
                    "did by it, and begin again after %lld at the latest",
                    what, (long long)shared, (long long)shared);
}

/* Whether who has read `after` in this epoch has read this log: no two logs have different events of one
 * epoch and number. Where it is trimmed the next one tells, unless that begins a later epoch: that may have
 * been raised behind the event or before it. */
static enum bus_status check_epoch(struct bus_db *db, const struct store_batch *head, int64_t epoch,
                                   int64_t after, struct bus_arena *arena, struct bus_error *err)
{
    int64_t here = 0, next = 0;
    enum bus_status status = epoch_at(db, after, arena, &here, err);
    if (status != BUS_OK || here == epoch)
        return status;
    next = head->epoch;
    if (after < head->head_seq)
        status = epoch_at(db, after + 1, arena, &next, err);
    if (status != BUS_OK || next == epoch)
        return status;
    if (here == 0 && (next == 0 || next > epoch)) /* the next one may have been trimmed since our snapshot */
        return bus_fail(
            err, BUS_NOT_FOUND,
            "event %lld, your last, is no longer kept, so that it cannot be compared with this log, "
            "into which an older backup was put back; ask where that ended: if before %lld, undo "
            "what you did by what came after; then go on after %lld by the number alone",
            (long long)after, (long long)after, (long long)after);
    return diverged(db, head, epoch, after, arena, err);
}

enum bus_status store_reader_fetch(struct store_reader *self, int64_t epoch, int64_t after, int max_n,
                                   size_t max_bytes, struct bus_arena *arena, struct store_batch *ret,
                                   struct bus_error *err)
{
    struct bus_db *db;
    struct store_batch batch;
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
    if (after > batch.head_seq)
        status = diverged(db, &batch, epoch, after, arena, err);
    else if (epoch > 0 && after > 0)
        status = check_epoch(db, &batch, epoch, after, arena, err);
    if (status != BUS_OK)
        return status;
    status = log_read(db, after, max_n, max_bytes, arena, &batch.run, err);
    if (status == BUS_OK && batch.run.to == 0 && after > 0 && after == batch.head_seq)
        status = epoch_at(db, after, arena, &batch.epoch, err);
    if (status != BUS_OK)
        return status;
    /* Partitions that were dropped since our snapshot are gone from it too. */
    if (batch.run.to > 0 && batch.run.from > after + 1)
        return bus_fail(err, BUS_NOT_FOUND, "the log starts at %lld; %lld is no longer kept",
                        (long long)batch.run.from, (long long)(after + 1));
    *ret = batch;
    return BUS_OK;
}

/* Whether who was welcomed last in this epoch, and has read up to before where the log begins, has read this
 * log. The event is gone, unless its run holds more; without its id only that nothing was put back since the
 * welcome tells. */
static enum bus_status check_border(struct bus_db *db, const struct store_batch *head, int64_t epoch,
                                    int64_t seq, struct bus_arena *arena, struct bus_error *err)
{
    int64_t here = 0;
    if (epoch == 0 || epoch == head->epoch)
        return BUS_OK;
    enum bus_status status = epoch_at(db, seq, arena, &here, err);
    if (status == BUS_OK && here == 0)
        return bus_fail(err, BUS_NOT_FOUND,
                        "event %lld, your last, is no longer kept, so that it cannot be compared with this "
                        "log, into which an older backup was put back since you were welcomed",
                        (long long)seq);
    return status == BUS_OK && here > epoch ? diverged(db, head, epoch, seq, arena, err) : status;
}

enum bus_status store_reader_check(struct store_reader *self, int64_t epoch, int64_t seq,
                                   struct bus_arena *arena, const char **ret_event_id,
                                   struct store_batch *ret_head, struct bus_error *err)
{
    struct bus_db *db;
    struct store_batch head;
    struct wire_run run;
    struct bus_bytes header, data;
    enum bus_status status = store_reader_begin(self, &db, err);
    if (status != BUS_OK)
        return status;
    AUTO(end_read) struct store_reader *reading = self;
    (void)reading;
    status = read_head(db, &head, err);
    if (status == BUS_OK && seq > 0)
        status = log_read(db, seq - 1, 1, 0, arena, &head.run, err);
    if (status != BUS_OK)
        return status;
    if (seq > 0 && seq >= head.first_seq && seq <= head.head_seq && head.run.to == 0)
        return bus_fail(err, BUS_RETRY, "event %lld was trimmed just now; ask again", (long long)seq);
    if (seq > 0 && seq == head.first_seq - 1)
        status = check_border(db, &head, epoch, seq, arena, err);
    if (status != BUS_OK)
        return status;
    *ret_head = head;
    bool there = head.run.from == seq && wire_run_open(head.run.events, seq, seq, &run) &&
                 wire_run_next(&run, &header, &data) && (epoch == 0 || epoch_of(header) <= epoch);
    *ret_event_id = there ? wire_run_event_id(header, db->service, seq, arena) : NULL;
    return BUS_OK;
}

enum bus_status store_reader_table_hashes(struct store_reader *self, struct bus_arena *arena,
                                          const char *const **ret_tables, const char *const **ret_hexes,
                                          size_t *ret_n, struct bus_error *err)
{
    struct bus_db *db;
    AUTO(bus_rows_done) struct bus_rows unlimited = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct store_batch head;
    const char *log = NULL;
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
    if (status == BUS_OK)
        status = read_head(db, &head, err);
    if (status == BUS_OK)
        status = log_hash(db, head.first_seq, arena, &log, err);
    db->patience_ms = patience_ms;
    if (status != BUS_OK)
        return status;
    size_t n = 0, rows_n = (size_t)rows.n;
    const char **tables = bus_alloc_array(arena, rows_n + 1, sizeof(*tables));
    const char **hexes = bus_alloc_array(arena, rows_n + 1, sizeof(*hexes));
    for (int i = 0; i <= rows.n; i++) {
        const char *table = i < rows.n ? bus_row_text(&rows, i, 0, arena) : NULL;
        if (log != NULL && (table == NULL || strcmp(table, "event_log") > 0)) {
            tables[n] = "event_log";
            hexes[n++] = log;
            log = NULL;
        }
        if (table != NULL) {
            tables[n] = table;
            hexes[n++] = bus_row_text(&rows, i, 1, arena);
        }
    }
    *ret_tables = tables;
    *ret_hexes = hexes;
    *ret_n = n;
    return BUS_OK;
}
