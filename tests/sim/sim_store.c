/* Stands in for connection, pipeline, bulk and migrate of libbus/store: what a process sees of the simulated
 * Postgres. What the rest of store/ makes of a lost connection or an unknown commit is the shipped code. */
#include <stdlib.h>
#include <string.h>

#include "sim_store.h"
#include "sql/bus.h"
#include "store/bulk.h"
#include "store/session.h"

/* ---- connecting */

static struct session *session_in(const struct bus_db *db)
{
    return (struct session *)db->conn;
}

struct bus_db *db_new(const char *service, const char *conninfo, const char *password,
                      const struct bus_sql *const *statements, bool read_only)
{
    struct bus_db *self = calloc(1, sizeof *self);
    *self = (struct bus_db){.service = service,
                            .conninfo = conninfo,
                            .password = password,
                            .statements = statements,
                            .read_only = read_only};
    return self;
}

void db_disconnect(struct bus_db *self)
{
    struct session *session = session_in(self);
    if (session != NULL && session->alive)
        session->alive = below(4) == 0; /* the server may not have noticed yet */
    self->conn = NULL;
    self->in_turn = self->lost = self->relaxed = self->under_way = false;
    self->now = self->sent = (struct outcome){0};
}

void db_free(struct bus_db **self_p)
{
    if (*self_p == NULL)
        return;
    if ((*self_p)->conn != NULL)
        session_in(*self_p)->alive = false;
    free(*self_p);
    *self_p = NULL;
}

static enum bus_status away(struct bus_error *err)
{
    return bus_fail(err, BUS_RETRY, SIM_FAULT "the database cannot be reached");
}

enum bus_status db_connect(struct bus_db *self, struct bus_error *err)
{
    struct database *database = database_of(self->service);
    step("connects to the database");
    if (world.now_us < database->away_until_us || chance(FAULT_REFUSAL))
        return away(err);
    self->conn = (PGconn *)session_open(database);
    self->lost = self->in_turn = self->under_way = false;
    self->now = self->sent = (struct outcome){0};
    return BUS_OK;
}

enum bus_status db_start(struct bus_db *self, struct bus_error *err)
{
    return session_in(self)->alive ? BUS_OK : away(err);
}

bool db_alive(struct bus_db *self)
{
    return self->conn != NULL && !self->lost && session_in(self)->alive;
}

enum bus_status store_migrate(struct bus_db *db, const char *module, const struct bus_migration *migrations,
                              int limit, int64_t lease_epoch, struct bus_error *err)
{
    (void)db, (void)module, (void)migrations, (void)limit, (void)lease_epoch, (void)err;
    return BUS_OK; /* the tables are there */
}

/* ---- statements */

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

static enum bus_status failure(const struct outcome *self, struct bus_error *err)
{
    if (err != NULL)
        *err = self->error;
    return self->error.status;
}

static void lose(struct bus_db *self)
{
    struct bus_error error = {0};
    (void)away(&error);
    fail(&self->now, &error);
    if (self->under_way)
        fail(&self->sent, &error);
    self->under_way = false;
    self->lost = true;
}

/* `away`: the database's own affair, for which no message is to blame; see store/sqlstate.c. */
static void refuse(struct outcome *self, enum bus_status status, const char *code, const char *text,
                   bool away)
{
    self->away = away && !self->failed;
    struct bus_error error = {0};
    (void)bus_fail_code(&error, status, code, "%s", text);
    fail(self, &error);
    self->refused = true;
}

/* Takes the answer to the COMMIT that is under way. */
static void take_commit(struct bus_db *self)
{
    struct session *session = session_in(self);
    const struct commit *commit = session->sent;
    step("hears of its COMMIT");
    if (session->reply_lost || (commit != NULL && commit->state == ABORTED))
        return lose(self);
    if (commit == NULL)
        refuse(&self->sent, BUS_RETRY, "",
               session->full ? SIM_FAULT "the disk is full" : SIM_FAULT "a deadlock", session->full);
    else if (commit->wrong == WRONG_FENCED)
        refuse(&self->sent, BUS_BUG, "BUS-FENCED", "another process has taken over this stream", false);
    else if (commit->wrong == WRONG_KEY)
        refuse(&self->sent, BUS_BUG, "", "a key is there already", false);
    self->sent.committed = commit != NULL && commit->state == STANDS;
    if (!self->sent.committed)
        fail(&self->now, &self->sent.error);
    self->under_way = false;
}

static bool is_answered(const struct session *session)
{
    database_settle(session->database);
    return session->sent == NULL || session->reply_lost || session->sent->state != UNDER_WAY;
}

static void await_commit(struct bus_db *self)
{
    while (self->under_way && !is_answered(session_in(self)))
        fiber_sleep_until(session_in(self)->sent->at_us);
    if (self->under_way)
        take_commit(self);
}

static void forget_ops(struct session *session)
{
    session->ops = NULL;
    session->ops_end = &session->ops;
    session->read = NULL;
}

void db_begin(struct bus_db *self, const char *command)
{
    (void)command;
    self->in_turn = true;
    self->now = (struct outcome){0};
    forget_ops(session_in(self));
}

void db_command(struct bus_db *self, const char *command)
{
    (void)self, (void)command;
}

static void note(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values, size_t n)
{
    if (self->now.failed || sql == &bus_log_room)
        return;
    struct session *session = session_in(self);
    if (self->under_way && is_answered(session) && below(2))
        take_commit(self);
    if (self->now.failed)
        return;
    struct op *op = malloc(sizeof *op);
    *op = (struct op){.sql = sql, .values = row_new(values, n)};
    *session->ops_end = op;
    session->ops_end = &op->next;
}

void db_queue(struct bus_db *self, const struct bus_sql *sql, enum pending_kind kind,
              const struct bus_value *values, size_t n)
{
    (void)kind;
    note(self, sql, values, n);
}

enum bus_status bulk_add(struct bus_db *db, const struct bus_sql *sql, const struct bus_value *values,
                         size_t n, struct bus_error *err)
{
    (void)err;
    note(db, sql, values, n);
    return BUS_OK;
}

void bulk_flush(struct bus_db *db, bool ours)
{
    (void)db, (void)ours;
}

enum bus_status bus_db_exec(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values,
                            size_t n, struct bus_error *err)
{
    if (!self->in_turn)
        return bus_fail(err, BUS_BUG, "statement %s outside of a transaction", sql->name);
    if (self->now.failed)
        return failure(&self->now, err);
    self->writes++;
    note(self, sql, values, n);
    return BUS_OK;
}

/* dead_retry_now.sql: of all, or of one cause or letter. */
static void retry_now(struct bus_db *self, const struct tables *view, const struct bus_value *v,
                      struct rows *ret)
{
    const struct rows *dead = &view->of[TABLE_DEAD];
    ret->at = malloc((dead->n + 1) * sizeof(struct row *));
    for (size_t i = 0; i < dead->n; i++) {
        const struct row *row = dead->at[i];
        bool chosen = (v[1].kind == BUS_VALUE_NULL ||
                       (cells_equal(&row->cells[0], &v[1]) && cells_equal(&row->cells[1], &v[2]) &&
                        cells_equal(&row->cells[2], &v[3]))) &&
                      (v[4].kind == BUS_VALUE_NULL || cells_equal(&row->cells[9], &v[4]));
        if (!chosen || strcmp(cell_text(row, 7), "dropped") == 0 || !dead_comes_first(dead, row))
            continue;
        struct bus_value cells[15];
        memcpy(cells, row->cells, sizeof cells);
        cells[7] = BUS_TEXT("retrying");
        cells[11] = cells[13] = v[0];
        note(self, &bus_dead_put, cells, 15);
        ret->at[ret->n++] = row_new(&BUS_INT(1), 1);
    }
}

static void trim(struct bus_db *self, const struct tables *view, const struct bus_value *v, struct rows *ret)
{
    const struct bus_value first = BUS_INT(tables_trim(view, v[0].as.integer));
    note(self, &bus_log_trim, &first, 1);
    world.faults[FAULT_TRIM] += first.as.integer > view->head.first_seq;
    rows_add(ret, row_new(&first, 1));
}

static void run_query(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values,
                      size_t n, struct rows *ret)
{
    struct session *session = session_in(self);
    struct database *database = session->database;
    database_settle(database);
    int64_t value = 0;
    int written = self->in_turn || n == 0 ? -1 : database_write_and_read(database, sql, values, &value);
    if (written >= 0) {
        ret->at = malloc((size_t)(written + 1) * sizeof(struct row *));
        while (ret->n < (size_t)written)
            ret->at[ret->n++] = row_new(&BUS_INT(value), 1);
        return;
    }
    struct tables *view = &database->tables, own;
    if (self->read_only) {
        if (session->read == NULL) {
            session->read = malloc(sizeof *session->read);
            tables_copy(session->read, view);
        }
        view = session->read;
        view->kept_from = database->tables.head.first_seq;
    } else if (self->in_turn && session->ops != NULL) {
        tables_copy(&own, view);
        for (struct op *op = session->ops; op != NULL; op = op->next)
            tables_apply(&own, op);
        view = &own;
    }
    if (sql == &bus_log_trim)
        return trim(self, view, values, ret);
    if (sql == &bus_dead_retry_now)
        return retry_now(self, view, values, ret);
    if (!tables_query(view, sql, values, n, ret))
        bus_die("the simulated database does not know the query %s: add it to sim_tables.c", sql->name);
}

enum bus_status bus_db_query(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values,
                             size_t n, struct bus_rows *ret_rows, struct bus_error *err)
{
    if (!self->in_turn)
        self->now = (struct outcome){0};
    if (self->now.failed)
        return failure(&self->now, err);
    if (self->conn == NULL || self->lost)
        return bus_fail(err, BUS_RETRY, "the database is away");
    step(sql->name);
    await_commit(self);
    if (self->now.failed)
        return failure(&self->now, err);
    if (!session_in(self)->alive || chance(FAULT_SESSION)) {
        session_end(session_in(self)->database, session_in(self));
        lose(self);
    } else if (chance(FAULT_REFUSAL)) {
        refuse(&self->now, BUS_RETRY, "", SIM_FAULT "a statement timed out",
               strncmp(sql->name, "bus_", 4) == 0);
    }
    if (self->now.failed)
        return failure(&self->now, err);
    struct rows *rows = calloc(1, sizeof *rows);
    run_query(self, sql, values, n, rows);
    *ret_rows = (struct bus_rows){.n = (int)rows->n, .result = rows};
    return BUS_OK;
}

/* Only what opens a session comes this way, with its values as text. */
enum bus_status db_call(struct bus_db *self, const struct bus_sql *sql, const char *const *values,
                        struct bus_rows *ret_rows, struct bus_error *err)
{
    struct session *session = session_in(self);
    step(sql->name);
    if (!session->alive || chance(FAULT_SESSION))
        return away(err);
    if (sql == &bus_head_make)
        return BUS_OK;
    if (sql != &bus_lease_take)
        bus_die("the simulated database does not know the call %s: add it to sim_store.c", sql->name);
    struct bus_id me;
    if (!bus_id_parse(values[0], strlen(values[0]), &me))
        bus_die("the lease is taken without an id");
    struct rows *rows = calloc(1, sizeof *rows);
    database_take_lease(session->database, session, me, atoll(values[1]), values[2][0] == 't', rows);
    *ret_rows = (struct bus_rows){.n = (int)rows->n, .result = rows};
    return BUS_OK;
}

/* ---- the end of a transaction */

enum bus_status db_commit_send(struct bus_db *self, struct bus_error *err)
{
    struct session *session = session_in(self);
    step("is about to commit");
    if (self->now.failed) {
        self->now.refused = true; /* COMMIT was never sent */
        return failure(&self->now, err);
    }
    self->sent = self->now;
    self->under_way = true;
    self->in_turn = false;
    session->sent = NULL;
    session->reply_lost = false;
    session->full = below(2);
    if (!session->alive || (chance(FAULT_COMMIT) && below(3) == 0)) {
        session->alive = false;
        lose(self);
        return BUS_OK;
    }
    if (!chance(FAULT_REFUSAL))
        session->sent = session_commit(session);
    if (session->sent != NULL && chance(FAULT_COMMIT)) {
        trace("%-9s loses the reply to its COMMIT", session->process->name);
        session->sent->at_us += below(2) ? between(0, 1000 * MS) : 0;
        session->reply_lost = true;
    }
    step("has sent COMMIT");
    return BUS_OK;
}

enum bus_status db_commit_wait(struct bus_db *self, struct bus_error *err)
{
    await_commit(self);
    if (self->sent.committed)
        return BUS_OK;
    self->now = self->sent;
    self->in_turn = true;
    return failure(&self->sent, err);
}

void db_rollback(struct bus_db *self)
{
    if (self->conn == NULL)
        return;
    if (self->in_turn && !self->lost) {
        step("rolls back");
        self->lost = !session_in(self)->alive;
    }
    forget_ops(session_in(self));
    self->in_turn = false;
    self->now = (struct outcome){0};
    if (self->lost)
        db_disconnect(self);
}
