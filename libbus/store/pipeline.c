/* The pipeline: statements are queued without waiting, answers are matched to them in order. The socket is
 * non-blocking: with both sides full of data a blocking client and the server would wait for each other. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/failpoint.h"
#include "store/bulk.h"
#include "store/connection.h"
#include "store/params.h"
#include "store/sqlstate.h"

#define UNREAD_MAX 256 /* statements between two looks at what the server has answered */

void pipeline_pend(struct bus_db *self, const char *name, enum pending_kind kind, struct bulk *bulk)
{
    if (self->first == self->last)
        self->first = self->last = 0;
    if (self->last == self->room) {
        size_t room = self->room ? self->room * 2 : 256;
        struct pending *grown = realloc(self->pending, room * sizeof(*grown));
        if (!grown)
            bus_die("out of memory: %zu statements in one pipeline", room);
        self->pending = grown;
        self->room = room;
    }
    self->pending[self->last++] = (struct pending){.name = name, .kind = kind, .bulk = bulk};
}

static void fail(struct outcome *self, const struct bus_error *error)
{
    if (self->failed)
        return;
    self->failed = true;
    self->error = *error;
}

void pipeline_fail(struct bus_db *self, const struct bus_error *error)
{
    fail(&self->now, error);
}

/* What was begun behind a transaction that does not come to stand must not go on: the server may run its
 * statements as if nothing were missing. */
static void fail_both(struct bus_db *self, const struct bus_error *error)
{
    if (self->under_way)
        fail(&self->sent, error);
    fail(&self->now, error);
}

void pipeline_lose(struct bus_db *self)
{
    struct bus_error error = {0};
    (void)sqlstate_fail_connection(&error, self->conn);
    fail_both(self, &error);
    self->under_way = false;
    self->lost = true;
    self->first = self->last = 0;
}

/* Until its COMMIT is answered, what comes is of the transaction that it ends. */
static void refuse(struct bus_db *self, const char *name, const PGresult *result)
{
    struct outcome *outcome = self->under_way ? &self->sent : &self->now;
    struct bus_error error = {0};
    (void)sqlstate_fail(&error, name, result);
    outcome->away |= !outcome->failed && sqlstate_is_away(name, result);
    fail_both(self, &error);
    if (PQresultErrorField(result, PG_DIAG_SQLSTATE) && !sqlstate_is_fatal(result))
        outcome->refused = true;
}

static void take_commit(struct bus_db *self, PGresult *result)
{
    self->sent.committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
    if (self->sent.committed)
        return;
    struct bus_error error = {0};
    (void)bus_fail(&error, BUS_BUG, "the transaction had failed before its commit, and nothing had said so");
    fail_both(self, &error);
    self->sent.refused = true;
}

/* One answer. Takes `result` over. */
static void take(struct bus_db *self, PGresult *result)
{
    const struct pending *at = &self->pending[self->first];
    ExecStatusType kind = PQresultStatus(result);
    if ((kind == PGRES_PIPELINE_SYNC) != (at->kind == PENDING_SYNC) && kind != PGRES_FATAL_ERROR)
        bus_die("the answers of the database are out of step at statement %s", at->name);
    if (kind == PGRES_PIPELINE_SYNC) {
        self->first++;
        self->under_way = false;
    } else if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) {
        if (at->kind == PENDING_COMMIT) {
            take_commit(self, result);
        } else if (at->kind == PENDING_DESCRIBE) {
            struct bus_error error = {0};
            if (bulk_learn(at->bulk, result, &error) != BUS_OK)
                pipeline_fail(self, &error);
        } else if (at->kind == PENDING_ROWS && !self->answer) {
            self->answer = result;
            return;
        }
    } else if (kind != PGRES_PIPELINE_ABORTED && kind != PGRES_EMPTY_QUERY) {
        refuse(self, at->name, result);
    }
    PQclear(result);
}

/* Takes the answers that have arrived. */
static void take_arrived(struct bus_db *self)
{
    while (self->first < self->last && !PQisBusy(self->conn)) {
        PGresult *result = PQgetResult(self->conn);
        if (result)
            take(self, result);
        else
            self->first++; /* the end of one statement's answers */
        if (PQstatus(self->conn) == CONNECTION_BAD)
            return pipeline_lose(self);
    }
}

/* Waits until the socket can do what is needed; false when the server has been silent for too long. */
static bool wait_socket(struct bus_db *self, bool unsent)
{
    struct pollfd socket = {.fd = PQsocket(self->conn), .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
    int n;
    do
        n = poll(&socket, 1, self->patience_ms);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

/* The server is a socket's buffer behind, no more: libpq moves all that is unsent with each partial send. */
void pipeline_push(struct bus_db *self)
{
    self->unread = 0;
    while (!self->lost) {
        int unsent = PQflush(self->conn);
        if (unsent < 0 || !PQconsumeInput(self->conn))
            return pipeline_lose(self);
        take_arrived(self);
        if (unsent == 0)
            return;
        if (!self->lost && !wait_socket(self, true))
            return pipeline_lose(self);
    }
}

static bool awaited(const struct bus_db *self, bool commit)
{
    return !self->lost && (commit ? self->under_way : self->first < self->last);
}

/* Until the COMMIT that is under way is answered, or all that was sent. */
static void await(struct bus_db *self, bool commit)
{
    while (awaited(self, commit)) {
        int unsent = PQflush(self->conn);
        if (unsent < 0) {
            /* The reason may have arrived before the end: read it. */
            (void)PQconsumeInput(self->conn);
            take_arrived(self);
            if (!self->lost)
                pipeline_lose(self);
            break;
        }
        take_arrived(self);
        if (!awaited(self, commit))
            break;
        if (!wait_socket(self, unsent == 1)) {
            pipeline_lose(self);
            break;
        }
        if (!PQconsumeInput(self->conn)) {
            take_arrived(self);
            if (!self->lost)
                pipeline_lose(self);
        }
    }
    self->unread = 0;
}

static enum bus_status told(const struct outcome *self, struct bus_error *err)
{
    if (!self->failed)
        return BUS_OK;
    if (err)
        *err = self->error;
    return self->error.status;
}

enum bus_status pipeline_wait(struct bus_db *self, struct bus_error *err)
{
    await(self, false);
    return told(&self->now, err);
}

void pipeline_sync(struct bus_db *self)
{
    if (self->lost)
        return;
    if (!PQpipelineSync(self->conn))
        return pipeline_lose(self);
    pipeline_pend(self, "sync", PENDING_SYNC, NULL);
}

static void send_command(struct bus_db *self, const char *command, enum pending_kind kind)
{
    if (self->lost)
        return;
    if (!PQsendQueryPrepared(self->conn, command, 0, NULL, NULL, NULL, 1))
        return pipeline_lose(self);
    pipeline_pend(self, command, kind, NULL);
}

enum bus_status db_begin(struct bus_db *self, const char *command, struct bus_error *err)
{
    enum bus_status status = told(&self->sent, err);
    if (status == BUS_OK && self->lost)
        status = bus_fail(err, BUS_RETRY, "the connection was lost during the commit before");
    if (status != BUS_OK)
        return status;
    self->in_turn = true;
    self->now = (struct outcome){0};
    send_command(self, command, PENDING_STATEMENT);
    return BUS_OK;
}

void db_command(struct bus_db *self, const char *command)
{
    send_command(self, command, PENDING_STATEMENT);
}

void db_queue(struct bus_db *self, const struct bus_sql *sql, enum pending_kind kind,
              const struct bus_value *values, size_t n)
{
    if (self->now.failed)
        return;
    struct params params;
    struct bus_error error = {0};
    if (params_encode(&params, sql, values, n, &self->scratch, &error) != BUS_OK)
        return pipeline_fail(self, &error);
    if (!PQsendQueryPrepared(self->conn, sql->name, params.n, params.values, params.lengths, params.formats,
                             1))
        return pipeline_lose(self);
    pipeline_pend(self, sql->name, kind, NULL);
    if (++self->unread >= UNREAD_MAX)
        pipeline_push(self);
}

enum bus_status db_commit_send(struct bus_db *self, struct bus_error *err)
{
    bulk_flush(self, true);
    bulk_flush(self, false);
    if (self->now.failed) {
        self->now.refused = true; /* COMMIT was never sent */
        return told(&self->now, err);
    }
    self->sent = self->now;
    self->under_way = true;
    self->in_turn = false;
    send_command(self, DB_COMMIT, PENDING_COMMIT);
    pipeline_sync(self);
    bus_failpoint("commit-sent");
    pipeline_push(self);
    return BUS_OK;
}

enum bus_status db_commit_wait(struct bus_db *self, struct bus_error *err)
{
    await(self, true);
    if (self->sent.committed)
        return BUS_OK; /* even when the connection broke right after it */
    self->now = self->sent;
    self->in_turn = true;
    return told(&self->sent, err);
}

static bool rolled_back(struct bus_db *self, const char *command)
{
    self->now.failed = self->now.away = false;
    send_command(self, command, PENDING_STATEMENT);
    pipeline_sync(self);
    return pipeline_wait(self, NULL) == BUS_OK;
}

static void undo(struct bus_db *self, const char *command)
{
    bulk_clear_all(self);
    PQclear(self->answer);
    self->answer = NULL;
    if (!self->in_turn || self->lost)
        return;
    if (self->now.failed)
        pipeline_sync(self); /* ends the pipeline's refusal to run anything */
    /* A second time when a statement that was still under way failed and the pipeline passed over the first.
     */
    if (!rolled_back(self, command) && !rolled_back(self, command))
        self->lost = true;
}

void db_rest_at_mark(struct bus_db *self)
{
    if (!self->conn)
        return;
    if (!self->now.failed) {
        pipeline_sync(self); /* without, the server takes it for busy and not for idle */
        return;
    }
    undo(self, DB_TO_MARK);
    self->now = (struct outcome){0};
}

void db_rollback(struct bus_db *self)
{
    if (!self->conn)
        return;
    undo(self, DB_ROLLBACK);
    self->in_turn = false;
    self->now = self->sent = (struct outcome){0};
    if (self->lost)
        db_disconnect(self);
}

static enum bus_status refuse_call(struct bus_db *self, const struct bus_sql *sql,
                                   const struct bus_value *values, size_t *n, struct bus_error *err)
{
    if (*n == 1 && values[0].kind == BUS_VALUE_NULL && values[0].n == SIZE_MAX)
        *n = 0;
    if (*n != (size_t)sql->params)
        return bus_fail(err, BUS_BUG, "statement %s takes %d values, not %zu", sql->name, sql->params, *n);
    return told(&self->now, err);
}

enum bus_status bus_db_exec(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values,
                            size_t n, struct bus_error *err)
{
    if (!self->in_turn)
        return bus_fail(err, BUS_BUG, "statement %s outside of a transaction", sql->name);
    enum bus_status status = refuse_call(self, sql, values, &n, err);
    if (status != BUS_OK)
        return status;
    self->writes++;
    if (sql->bulk)
        return bulk_add(self, sql, values, n, err);
    db_queue(self, sql, PENDING_STATEMENT, values, n);
    return refuse_call(self, sql, values, &n, err);
}

/* Outside of a transaction a query is one of its own. */
static enum bus_status query_alone(struct bus_db *self, const struct bus_sql *sql,
                                   const struct bus_value *values, size_t n, struct bus_error *err)
{
    db_queue(self, sql, PENDING_ROWS, values, n);
    pipeline_sync(self);
    return pipeline_wait(self, err);
}

enum bus_status bus_db_query(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values,
                             size_t n, struct bus_rows *ret_rows, struct bus_error *err)
{
    if (!self->in_turn)
        self->now = (struct outcome){0};
    enum bus_status status = refuse_call(self, sql, values, &n, err);
    if (status != BUS_OK)
        return status;
    if (!self->conn || self->lost)
        return bus_fail(err, BUS_RETRY, "the database is away");
    self->writes += strncasecmp(sql->text, "select", 6) != 0;
    if (self->in_turn) {
        bulk_flush(self, sqlstate_is_ours(sql->name));
        db_queue(self, sql, PENDING_ROWS, values, n);
        if (!self->lost && !PQsendFlushRequest(self->conn))
            pipeline_lose(self);
        status = pipeline_wait(self, err);
    } else {
        status = query_alone(self, sql, values, n, err);
    }
    PGresult *answer = self->answer;
    self->answer = NULL;
    if (status != BUS_OK) {
        PQclear(answer);
        return status;
    }
    *ret_rows = (struct bus_rows){.n = PQntuples(answer), .result = answer};
    return BUS_OK;
}
