/* Stands in for pipeline, bulk and migrate of libbus/store: the statements of a process, and what they give.
 */
#include <stdlib.h>
#include <string.h>

#include "sim_connection.h"
#include "sql/bus.h"
#include "store/bulk.h"

enum bus_status store_migrate(struct bus_db *db, const char *module, const struct bus_migration *migrations,
                              int limit, int64_t lease_epoch, struct bus_error *err)
{
    (void)db, (void)module, (void)migrations, (void)limit, (void)lease_epoch, (void)err;
    return BUS_OK; /* the tables are there */
}

/* ---- that write */

void db_command(struct bus_db *self, const char *command)
{
    if (strcmp(command, DB_RELAX) == 0)
        session_in(self)->relaxed = true;
}

static void note(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values, size_t n)
{
    if (self->now.failed || sql == &bus_log_room)
        return;
    connection_look(self);
    if (self->now.failed)
        return;
    struct session *session = session_in(self);
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
        return connection_failure(&self->now, err);
    self->writes++;
    note(self, sql, values, n);
    return BUS_OK;
}

/* ---- that read */

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
        bus_die("the simulated database does not know the query %s: add it to sim_reads.c", sql->name);
}

enum bus_status bus_db_query(struct bus_db *self, const struct bus_sql *sql, const struct bus_value *values,
                             size_t n, struct bus_rows *ret_rows, struct bus_error *err)
{
    if (!self->in_turn)
        self->now = (struct outcome){0};
    if (self->now.failed)
        return connection_failure(&self->now, err);
    if (self->conn == NULL || self->lost)
        return bus_fail(err, BUS_RETRY, "the database is away");
    step(sql->name);
    connection_await(self);
    if (self->now.failed)
        return connection_failure(&self->now, err);
    connection_hang(self, sql->name);
    if (self->now.failed)
        return connection_failure(&self->now, err);
    if (!session_in(self)->alive || chance(FAULT_SESSION)) {
        session_end(session_in(self)->database, session_in(self));
        connection_lose(self);
    } else if (chance(FAULT_REFUSAL)) {
        connection_refuse(&self->now, BUS_RETRY, "", SIM_FAULT "a statement timed out",
                          strncmp(sql->name, "bus_", 4) == 0);
    }
    if (self->now.failed)
        return connection_failure(&self->now, err);
    struct rows *rows = calloc(1, sizeof *rows);
    run_query(self, sql, values, n, rows);
    *ret_rows = (struct bus_rows){.n = (int)rows->n, .result = rows};
    return BUS_OK;
}

/* As FOR UPDATE does, for as long as a lock is waited for. */
static bool wait_for_row(struct bus_db *self)
{
    struct session *session = session_in(self);
    int64_t patience = world.now_us + 5 * BUS_SECOND_US, until;
    while ((until = database_row_until(session->database)) > 0 && world.now_us < patience)
        if (!connection_wait(self, bus_lease_take.name, until < patience ? until : patience))
            return false;
    return until == 0 && session->alive;
}

/* Only what opens a session comes this way, with its values as text. */
enum bus_status db_call(struct bus_db *self, const struct bus_sql *sql, const char *const *values,
                        struct bus_rows *ret_rows, struct bus_error *err)
{
    struct session *session = session_in(self);
    step(sql->name);
    if (!session->alive || chance(FAULT_SESSION))
        return connection_away(err);
    if (sql == &bus_head_make)
        return BUS_OK;
    if (sql != &bus_lease_take)
        bus_die("the simulated database does not know the call %s: add it to sim_statements.c", sql->name);
    struct bus_id me;
    if (!bus_id_parse(values[0], strlen(values[0]), &me))
        bus_die("the lease is taken without an id");
    database_end_earlier(session->database, session, me);
    if (!wait_for_row(self))
        return connection_away(err);
    struct rows *rows = calloc(1, sizeof *rows);
    database_take_lease(session->database, session, me, atoll(values[1]), values[2][0] == 't', rows);
    *ret_rows = (struct bus_rows){.n = (int)rows->n, .result = rows};
    return BUS_OK;
}
