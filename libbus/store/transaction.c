/* A transaction over the pipeline: its begin, its statements and questions, its commit, and undoing it. */
#include <strings.h>

#include "base/failpoint.h"
#include "store/bulk.h"
#include "store/connection.h"
#include "store/sqlstate.h"

enum bus_status db_begin(struct bus_db *self, const char *command, struct bus_error *err)
{
    enum bus_status status = pipeline_told(&self->sent, err);
    if (status == BUS_OK && self->lost)
        status = bus_fail(err, BUS_RETRY, "the connection was lost during the commit before");
    if (status != BUS_OK)
        return status;
    self->in_turn = true;
    self->now = (struct outcome){0};
    pipeline_command(self, command, PENDING_STATEMENT);
    return BUS_OK;
}

enum bus_status db_commit_send(struct bus_db *self, struct bus_error *err)
{
    bulk_flush(self, true);
    bulk_flush(self, false);
    if (self->now.failed) {
        self->now.refused = true; /* COMMIT was never sent */
        return pipeline_told(&self->now, err);
    }
    self->sent = self->now;
    self->under_way = true;
    self->in_turn = false;
    pipeline_command(self, DB_COMMIT, PENDING_COMMIT);
    pipeline_sync(self);
    bus_failpoint("commit-sent");
    pipeline_push(self);
    return BUS_OK;
}

int db_commit_fd(const struct bus_db *self)
{
    return self->under_way ? PQsocket(self->conn) : -1;
}

void db_commit_look(struct bus_db *self)
{
    if (self->under_way)
        pipeline_take(self);
}

enum bus_status db_commit_wait(struct bus_db *self, struct bus_error *err)
{
    pipeline_await(self, true);
    if (self->sent.committed)
        return BUS_OK; /* even when the connection broke right after it */
    self->now = self->sent;
    self->in_turn = true;
    return pipeline_told(&self->sent, err);
}

static bool rolled_back(struct bus_db *self, const char *command)
{
    self->now.failed = self->now.away = false;
    pipeline_command(self, command, PENDING_STATEMENT);
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
    return pipeline_told(&self->now, err);
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
