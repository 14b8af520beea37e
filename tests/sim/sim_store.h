/* The simulated Postgres: a database for each service. Private to sim_*.c, world.c and ledger.c. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "bus/db.h"
#include "sim.h"

enum table {
    TABLE_RUN,      /* seq, n, events */
    TABLE_LOG,      /* the events of the runs, for the oracle: seq, event_id, header, data, recorded */
    TABLE_POSITION, /* stream, epoch, seq, event_id */
    TABLE_TIMER,    /* name, key, due, correlationid */
    TABLE_EFFECT,   /* name, key, payload, header */
    TABLE_REQUEST,  /* key, digest, reply, time */
    TABLE_DEAD,     /* as in dead_put.sql */
    TABLE_ATTEMPT,  /* source, seq, n */
    TABLE_READER,   /* reader, seq, at */
    TABLE_EMITTED,  /* source: mark, first, n */
    TABLE_ECHO,     /* relay: number */
    TABLE_HEARD,    /* sink: place, stream, seq, subject, number, cause, key */
    TABLE_POISON,   /* sink: subject, how */
    TABLES_N,
};

struct row { /* never changed once it is made */
    size_t n;
    struct fact *fact; /* of a log row: what the oracle has read in it */
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
    struct bus_value clock[3]; /* mode, now_us, offset_us */
};

struct tables {
    struct head head;
    int64_t kept_from; /* of a snapshot: partitions that were dropped since are gone from it too */
    struct rows of[TABLES_N];
};

struct op { /* a statement of a transaction that is not committed yet */
    struct op *next;
    const struct bus_sql *sql;
    const struct row *values;
};

enum wrong { WRONG_NOTHING, WRONG_FENCED, WRONG_KEY };

/* ---- sim_tables.c: what the statements that write do */
void tables_copy(struct tables *to, const struct tables *from);
const struct row *row_new(const struct bus_value *values, size_t n);
/* Whether the statements may be applied one after the other. */
enum wrong tables_check(const struct tables *self, const struct op *ops);
/* Inserts, or replaces the row that is equal in the first `keys` columns. */
void tables_put(struct tables *self, enum table table, const struct bus_value *values, size_t n, size_t keys);
void tables_apply(struct tables *self, const struct op *op);
/* Whether the statement takes away a timer that came due, and was not cleared. */
bool tables_timer_is_due(const struct tables *self, const struct op *op);
void rows_add(struct rows *self, const struct row *row);
/* The index of the row that is equal in the first `keys` columns, or n. */
size_t rows_find(const struct rows *self, const struct bus_value *values, size_t keys);

/* In the order in which they have their turn: of a source by seq, when they were first met, and id. */
int dead_compare(const void *a, const void *b);
bool dead_is_dropped(const struct row *dead);
/* Whether nothing of its subject stands before it. */
bool dead_comes_first(const struct rows *all, const struct row *dead);
/* bus_log_trim() of 0004_log_trim.sql: the first seq that is to be kept. */
int64_t tables_trim(const struct tables *self, int64_t before_us);

/* ---- sim_reads.c: a SELECT. Returns false when the statement is none. */
bool tables_query(const struct tables *self, const struct bus_sql *sql, const struct bus_value *values,
                  size_t n, struct rows *ret);

/* ---- sim_server.c */
struct commit;
struct session { /* what PGconn is here */
    struct session *next;
    uint64_t number;
    struct database *database;
    struct process *process;
    bool alive;          /* the server's side of it */
    bool left;           /* its client is gone */
    bool unheard;        /* its end, by a client that does not ask */
    struct tables *read; /* REPEATABLE READ: as they were at the first query */
    struct op *ops, **ops_end;
    struct commit *sent; /* that is under way; NULL: it will be refused */
    bool reply_lost;     /* to it */
    int64_t reply_us;    /* it comes no earlier */
    bool full;           /* it will be refused because of the disk */
    bool relaxed;        /* its transaction need not be on the disk when it is said to stand */
};

/* A COMMIT that has reached the server; it does not matter any more what becomes of the client. */
struct commit {
    struct commit *next;
    struct session *session;
    struct op *ops;
    struct start start; /* of who sent it */
    bool relaxed;       /* as the session's transaction was */
    bool hangs;         /* it goes on when it goes on, also after its session was to end */
    bool has_row;       /* of the fence: who wants the lease waits for it; else that was not reached yet */
    int64_t at_us;
    enum { UNDER_WAY, STANDS, REFUSED, ABORTED } state;
    enum wrong wrong;
};

#define LATE_US (10 * BUS_SECOND_US) /* after which no frame comes in, and nobody is stopped any more */

struct database {
    const char *name;
    struct tables tables;
    struct tables *flushed; /* what is on the disk; NULL: all of it */
    struct tables backup;
    bool has_backup;
    bool restored;                    /* an old backup came back: what was acknowledged since may be gone */
    int64_t restored_us, kept_before; /* when, and where the log began until then */
    int64_t away_until_us;
    struct commit *under_way;
    struct session *sessions;
};
void sim_store_reset(void);
void sim_store_drop(struct process *process);
void sim_store_cut_off(struct process *process);
void sim_store_disturb(void);
/* The faults are over: the server notices most of the clients that are gone. */
void sim_store_calm(void);
struct database *database_of(const char *service);
/* What a crash would leave. */
const struct tables *database_on_disk(const struct database *self);
/* What has been asked for by now is done. */
void database_settle(struct database *self);
struct session *session_open(struct database *self);
/* Ends on the server's side; what it had under way is over, one way or the other. */
void session_end(struct database *self, struct session *session);
/* Sends off what the session's transaction has noted. */
struct commit *session_commit(struct session *session);
/* It comes to stand no sooner than that. */
void session_delay(struct commit *commit, int64_t until_us);
/* It hangs from now on, with the row of the fence or before it has got that. */
void session_hang(struct commit *commit);
/* Until when the row of the fence is another's; 0: it is free. */
int64_t database_row_until(struct database *self);
/* What stands goes to the disk; `relaxed`: where it need not, by chance. */
void database_flush(struct database *self, bool relaxed);
/* Of this number, on the server's side; NULL: it has ended. */
struct session *database_session(struct database *self, uint64_t number);

/* ---- sim_lease.c */
/* bus_lease_take() of 0001_bus.sql: ends an earlier session of ours, and then, when it has the row, the rest.
 */
void database_end_earlier(struct database *self, const struct session *session, struct bus_id me);
void database_take_lease(struct database *self, struct session *session, struct bus_id me, int64_t lease_ms,
                         bool again, struct rows *ret);
/* Statements that read and write in one; each is a transaction of its own. Returns how many rows they give,
 * and the one column of them in *ret; -1 when it is no such statement. */
int database_write_and_read(struct database *self, const struct bus_sql *sql, const struct bus_value *v,
                            int64_t *ret);

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
