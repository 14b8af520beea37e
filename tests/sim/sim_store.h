/* The simulated Postgres: a database for each service. Private to sim_*.c, world.c and ledger.c. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "bus/db.h"
#include "sim.h"

enum table {
    TABLE_LOG,      /* seq, event_id, header, data, time */
    TABLE_POSITION, /* stream, epoch, seq, event_id */
    TABLE_TIMER,    /* name, key, due, correlationid */
    TABLE_EFFECT,   /* name, key, payload, header */
    TABLE_REQUEST,  /* key, digest, reply, time */
    TABLE_DEAD,     /* as in dead_put.sql */
    TABLE_ATTEMPT,  /* source, seq, n */
    TABLE_CLOCK,    /* mode, now_us, offset_us */
    TABLE_READER,   /* reader, seq, at */
    TABLE_EMITTED,  /* source: mark, first, n */
    TABLE_ECHO,     /* relay: number */
    TABLE_HEARD,    /* sink: place, stream, seq, subject, number, cause, key */
    TABLE_POISON,   /* sink: subject, how */
    TABLES_N,
};

struct row { /* never changed once it is made */
    size_t n;
    struct bus_value cells[];
};

struct rows {
    const struct row **at;
    size_t n, capacity;
};

/* The fence row. */
struct head {
    int64_t epoch, last_seq, first_seq, turn, lease_epoch, lease_until_us;
    struct bus_id owner; /* nil: none */
    uint64_t session;
    bool clean;
};

struct tables {
    struct head head;
    struct rows of[TABLES_N];
};

struct op { /* a statement of a transaction that is not committed yet */
    struct op *next;
    const struct bus_sql *sql;
    const struct row *values;
};

enum wrong { WRONG_NOTHING, WRONG_FENCED, WRONG_KEY };

/* ---- sim_tables.c: what the statements do */
void tables_copy(struct tables *to, const struct tables *from);
const struct row *row_new(const struct bus_value *values, size_t n);
/* Whether the statements may be applied one after the other. */
enum wrong tables_check(const struct tables *self, const struct op *ops);
/* Inserts, or replaces the row that is equal in the first `keys` columns. */
void tables_put(struct tables *self, enum table table, const struct bus_value *values, size_t n, size_t keys);
void tables_apply(struct tables *self, const struct op *op);
/* A SELECT. Returns false when the statement is none. */
bool tables_query(const struct tables *self, const struct bus_sql *sql, const struct bus_value *values,
                  size_t n, struct rows *ret);

/* ---- sim_store.c: sessions, transactions, and what goes wrong */
struct database {
    const char *name;
    struct tables tables;
    struct tables backup;
    bool has_backup;
    bool restored; /* an old backup came back: what was acknowledged since may be gone */
    int64_t away_until_us;
    struct commit *under_way;
    struct session *sessions;
};
void sim_store_reset(void);
void sim_store_drop(struct process *process);
void sim_store_disturb(void);
struct database *database_of(const char *service);
/* What has been asked for by now is done. */
void database_settle(struct database *self);

static inline int64_t cell_int(const struct row *row, size_t i)
{
    return row->cells[i].as.integer;
}
static inline const char *cell_text(const struct row *row, size_t i)
{
    return row->cells[i].kind == BUS_VALUE_TEXT ? row->cells[i].as.text : NULL;
}
bool cells_equal(const struct bus_value *a, const struct bus_value *b);

#endif
