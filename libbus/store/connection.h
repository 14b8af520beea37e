/* A connection in pipeline mode: what libpq needs, what was sent and not yet answered, rows being gathered.
 * Private to this folder. Life: db_connect, (db_call, db_script), db_start; then only the pipeline functions.
 */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <libpq-fe.h>

#include "bus/bytes.h"
#include "bus/db.h"
#include "bus/status.h"
#include "store/store.h"

#define DB_PARAMS_MAX 64

enum pending_kind {
    PENDING_STATEMENT,
    PENDING_FENCE, /* writes one row, or the transaction counts as failed */
    PENDING_ROWS,
    PENDING_DESCRIBE,
    PENDING_COMMIT,
    PENDING_SYNC
};

struct pending {
    const char *name; /* of the statement, for error texts */
    enum pending_kind kind;
    struct bulk *bulk; /* of DESCRIBE */
};

/* What has become of a transaction, as far as it is known. */
struct outcome {
    bool failed;    /* `error` holds its first failure; all later calls return it */
    bool away;      /* that failure was the database's own */
    bool refused;   /* the server said no, so that nothing can have been committed */
    bool committed; /* the server said that COMMIT stands */
    struct bus_error error;
};

struct bus_db {
    PGconn *conn;      /* NULL while the database is away */
    struct dial *dial; /* an attempt to reach it that is under way, or NULL */
    int dial_ms;       /* how long db_connect waits for one; negative: until it is known what becomes of it */
    const char *service;
    const char *conninfo;
    const char *password;
    const struct bus_sql *const *statements;
    bool read_only;

    bool in_turn;    /* a transaction is open: statements join it */
    uint64_t writes; /* statements since the begin that may have changed rows */
    bool lost;       /* the connection broke */
    bool under_way;  /* a COMMIT was sent and is not answered yet; the next transaction may be begun behind it
                      */
    struct outcome now;  /* of the transaction at hand */
    struct outcome sent; /* of the one whose COMMIT was sent last; what fails it fails the one behind it */
    int patience_ms;     /* how long the server may stay silent */
    store_silent_fn *silent; /* who waits then; NULL: nobody but us */
    void *silent_context;

    struct pending *pending; /* from `first` to `last`: sent, not yet answered */
    size_t first, last, room;
    size_t unread;    /* statements since we last looked for answers */
    PGresult *answer; /* of PENDING_ROWS */

    struct bulk **bulks;
    size_t bulks_n;
    struct bulk *last_bulk;
    struct bus_buffer scratch; /* array parameters of the statement being sent */
};

struct bus_db *db_new(const char *service, const char *conninfo, const char *password,
                      const struct bus_sql *const *statements, bool read_only);
void db_free(struct bus_db **self_p);

/* Opens the session; blocking calls only until db_start. BUS_RETRY when the database is away, or an attempt
 * to reach it is still under way: the next call goes on with that. */
BUS_CHECKED enum bus_status db_connect(struct bus_db *self, struct bus_error *err);
void db_disconnect(struct bus_db *self);
/* One statement, blocking, in a transaction of its own or the one db_script opened; NULL for no rows wanted.
 */
BUS_CHECKED enum bus_status db_call(struct bus_db *self, const struct bus_sql *sql, const char *const *values,
                                    struct bus_rows *ret_rows, struct bus_error *err);
/* Any number of statements at once, blocking. */
BUS_CHECKED enum bus_status db_script(struct bus_db *self, const char *name, const char *text,
                                      struct bus_error *err);
/* Enters pipeline mode and prepares all statements. */
BUS_CHECKED enum bus_status db_start(struct bus_db *self, struct bus_error *err);
/* Whether the connection stands, as far as can be told without asking the server. */
bool db_alive(struct bus_db *self);

/* ---- the pipeline */

/* The commands a session may be given; each is prepared under its own text, as every turn needs some of them.
 */
#define DB_BEGIN      "BEGIN"
#define DB_BEGIN_READ "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
#define DB_COMMIT     "COMMIT"
#define DB_ROLLBACK   "ROLLBACK"
#define DB_MARK       "SAVEPOINT mark"
#define DB_TO_MARK    "ROLLBACK TO SAVEPOINT mark"
#define DB_RELAX      "SET LOCAL synchronous_commit TO off"

/* Opens a transaction with this command; nothing is waited for. Fails behind one that is known not to stand,
 * until that was rolled back, and on a connection that is lost. */
BUS_CHECKED enum bus_status db_begin(struct bus_db *self, const char *command, struct bus_error *err);
/* Queues a command without parameters and without rows, within the transaction. */
void db_command(struct bus_db *self, const char *command);
/* Queues a prepared statement; a failure to queue shows at the next wait. */
void db_queue(struct bus_db *self, const struct bus_sql *sql, enum pending_kind kind,
              const struct bus_value *values, size_t n);
/* Ends the transaction with COMMIT. Fails when one of its statements is known to have failed: nothing was
 * sent then. */
BUS_CHECKED enum bus_status db_commit_send(struct bus_db *self, struct bus_error *err);
/* By what its answer comes; -1: it is known, or will never be. */
int db_commit_fd(const struct bus_db *self);
/* Takes what has come of it. */
void db_commit_look(struct bus_db *self);
/* Waits for the answer to that COMMIT. When it fails and `lost` is set but not `sent.refused`, the outcome is
 * unknown. A failure ends what was begun behind it too: db_rollback() undoes both. */
BUS_CHECKED enum bus_status db_commit_wait(struct bus_db *self, struct bus_error *err);
/* Undoes the open transaction, whatever state it is in; drops the connection if that fails. */
void db_rollback(struct bus_db *self);
/* The transaction has had a DB_MARK and stands idle from now on: a failure since the mark is undone. */
void db_rest_at_mark(struct bus_db *self);

/* For failures that somebody else notices: they stay in the connection, or the session is about to end. */
static inline void db_ignore(enum bus_status status)
{
    (void)status;
}

/* For connection.c, transaction.c, pipeline.c and bulk.c. */
void pipeline_command(struct bus_db *self, const char *command, enum pending_kind kind);
/* The first failure of a transaction, if it has one. */
BUS_CHECKED enum bus_status pipeline_told(const struct outcome *self, struct bus_error *err);
/* Until the socket can do what is needed; false when the server has been silent for patience_ms. */
bool pipeline_wait_socket(struct bus_db *self, bool unsent);
/* Until the COMMIT that is under way is answered, or all that was sent. */
void pipeline_await(struct bus_db *self, bool commit);
void pipeline_pend(struct bus_db *self, const char *name, enum pending_kind kind, struct bulk *bulk);
void pipeline_fail(struct bus_db *self, const struct bus_error *error);
void pipeline_lose(struct bus_db *self);
void pipeline_sync(struct bus_db *self);
BUS_CHECKED enum bus_status pipeline_wait(struct bus_db *self, struct bus_error *err);
/* Sends all that was queued, and takes the answers that have come. */
void pipeline_push(struct bus_db *self);
/* Takes the answers that have come. */
void pipeline_take(struct bus_db *self);

#endif
