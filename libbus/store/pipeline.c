/* The pipeline: statements are queued without waiting, answers are matched to them in order. The socket is
 * non-blocking: with both sides full of data a blocking client and the server would wait for each other. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

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

/* The statement writes the row whoever's it is, so there is none, and nobody was stopped. */
static void miss_fence(struct bus_db *self)
{
    struct bus_error error = {0};
    (void)bus_fail_code(&error, BUS_BUG, "BUS-FENCED",
                        "the row of stream_head is gone from the database of %s: put a backup back",
                        self->service);
    fail_both(self, &error);
}

static void take_commit(struct bus_db *self, PGresult *result)
{
    self->sent.committed = !self->sent.failed && strcmp(PQcmdStatus(result), "COMMIT") == 0;
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
        } else if (at->kind == PENDING_FENCE && strcmp(PQcmdTuples(result), "1") != 0) {
            miss_fence(self);
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

/* Those that libpq has read. */
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

void pipeline_take(struct bus_db *self)
{
    bool stands = PQconsumeInput(self->conn);
    take_arrived(self); /* the reason may have arrived before the end */
    if (!stands && !self->lost)
        pipeline_lose(self);
}

static bool wait_for(struct pollfd *socket, int ms)
{
    int n;
    do
        n = poll(socket, 1, ms);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

bool pipeline_wait_socket(struct bus_db *self, bool unsent)
{
    struct pollfd socket = {.fd = PQsocket(self->conn), .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
    if (self->silent == NULL || self->patience_ms <= STORE_SILENT_MS)
        return wait_for(&socket, self->patience_ms);
    const char *what = self->first < self->last ? self->pending[self->first].name : "a new session";
    return wait_for(&socket, STORE_SILENT_MS) ||
           self->silent(self->silent_context, &socket, what, self->patience_ms - STORE_SILENT_MS);
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
        if (!self->lost && !pipeline_wait_socket(self, true))
            return pipeline_lose(self);
    }
}

static bool awaited(const struct bus_db *self, bool commit)
{
    return !self->lost && (commit ? self->under_way : self->first < self->last);
}

void pipeline_await(struct bus_db *self, bool commit)
{
    while (awaited(self, commit)) {
        int unsent = PQflush(self->conn);
        if (unsent < 0) {
            pipeline_take(self);
            if (!self->lost)
                pipeline_lose(self);
            break;
        }
        take_arrived(self);
        if (!awaited(self, commit))
            break;
        if (!pipeline_wait_socket(self, unsent == 1)) {
            pipeline_lose(self);
            break;
        }
        pipeline_take(self);
    }
    self->unread = 0;
}

enum bus_status pipeline_told(const struct outcome *self, struct bus_error *err)
{
    if (!self->failed)
        return BUS_OK;
    if (err)
        *err = self->error;
    return self->error.status;
}

enum bus_status pipeline_wait(struct bus_db *self, struct bus_error *err)
{
    pipeline_await(self, false);
    return pipeline_told(&self->now, err);
}

void pipeline_sync(struct bus_db *self)
{
    if (self->lost)
        return;
    if (!PQpipelineSync(self->conn))
        return pipeline_lose(self);
    pipeline_pend(self, "sync", PENDING_SYNC, NULL);
}

void pipeline_command(struct bus_db *self, const char *command, enum pending_kind kind)
{
    if (self->lost)
        return;
    if (!PQsendQueryPrepared(self->conn, command, 0, NULL, NULL, NULL, 1))
        return pipeline_lose(self);
    pipeline_pend(self, command, kind, NULL);
}

void db_command(struct bus_db *self, const char *command)
{
    pipeline_command(self, command, PENDING_STATEMENT);
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
