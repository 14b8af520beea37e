/* Opening a session: what we insist on, what the configuration may change, and the statements prepared. */
#include "store/connection.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sql/bus.h"
#include "store/bulk.h"
#include "store/dial.h"
#include "store/sqlstate.h"

#define PATIENCE_MS 60000
#define SEND_BYTES  (512 * 1024) /* room for a whole bulk statement: the server need not wait for its end */

/* Statements of a turn find rows by their keys, whatever the values and however many rows there are. Left to
 * itself the server plans some of them anew each time, which takes longer than running them, or walks through
 * a table that was empty when it made its plan. Questions differ by what is asked, and are planned each time.
 */
#define BY_KEY                                                                            \
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off " \
    "-c enable_mergejoin=off"

struct bus_db *db_new(const char *service, const char *conninfo, const char *password,
                      const struct bus_sql *const *statements, bool read_only)
{
    struct bus_db *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for a database connection");
    *self = (struct bus_db){.service = service,
                            .conninfo = conninfo,
                            .password = password,
                            .statements = statements,
                            .read_only = read_only,
                            .dial_ms = -1,
                            .patience_ms = PATIENCE_MS};
    bulk_register(self, bus_sql);
    bulk_register(self, statements);
    return self;
}

void db_free(struct bus_db **self_p)
{
    if (!self_p || !*self_p)
        return;
    struct bus_db *self = *self_p;
    db_disconnect(self);
    dial_free(&self->dial);
    bulk_free_all(self);
    bus_buffer_done(&self->scratch);
    free(self->pending);
    free(self);
    *self_p = NULL;
}

void db_disconnect(struct bus_db *self)
{
    PQclear(self->answer);
    self->answer = NULL;
    PQfinish(self->conn);
    self->conn = NULL;
    self->first = self->last = self->unread = 0;
    self->in_turn = self->lost = self->under_way = false;
    self->now = self->sent = (struct outcome){0};
    bulk_clear_all(self);
}

static void drop_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

/* What comes before the conninfo (`dbname`) it may change; what comes after it may not. A database's host
 * that is gone without a word is given up in four seconds, sooner than a lease ends. */
static struct dial *dial(const struct bus_db *self)
{
    char options[1024], name[80];
    snprintf(name, sizeof(name), "%s%s", self->service, self->read_only ? " reader" : "");
    snprintf(options, sizeof(options),
             "-c search_path=\"%s\" -c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres "
             "-c default_transaction_isolation=read\\ committed -c bytea_output=hex -c extra_float_digits=1 "
             "-c jit=off -c statement_timeout=30s -c lock_timeout=5s "
             "-c idle_in_transaction_session_timeout=60s %s",
             self->service, self->read_only ? "-c default_transaction_read_only=on" : BY_KEY);
    const char *const keywords[] = {"connect_timeout",
                                    "keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count",
                                    "tcp_user_timeout",
                                    "application_name",
                                    "dbname",
                                    "client_encoding",
                                    "options",
                                    self->password ? "password" : NULL,
                                    NULL};
    const char *const values[] = {
        "5", "2", "1", "2", "4000", name, self->conninfo, "UTF8", options, self->password, NULL};
    return dial_new(keywords, values);
}

/* What is committed is on the disk, whatever the role has been given; and on a standby's, if it says so. */
#define DURABLE                                             \
    "SELECT set_config('synchronous_commit', 'on', false) " \
    "WHERE current_setting('synchronous_commit') = 'off'"

enum bus_status db_connect(struct bus_db *self, struct bus_error *err)
{
    db_disconnect(self);
    if (!self->dial)
        self->dial = dial(self);
    self->conn = dial_take(&self->dial, self->dial_ms);
    if (!self->conn)
        return bus_fail(err, BUS_RETRY, "the database cannot be reached: it has not answered yet");
    if (PQstatus(self->conn) != CONNECTION_OK || PQsetnonblocking(self->conn, 1) != 0) {
        enum bus_status status = sqlstate_fail_connection(err, self->conn);
        db_disconnect(self);
        return status;
    }
    PQsetNoticeReceiver(self->conn, drop_notice, NULL);
    /* The system may allow less. */
    (void)setsockopt(PQsocket(self->conn), SOL_SOCKET, SO_SNDBUF, &(int){SEND_BYTES}, sizeof(int));
    enum bus_status status =
        self->read_only ? BUS_OK : db_script(self, "the session's settings", DURABLE, err);
    if (status != BUS_OK)
        db_disconnect(self);
    return status;
}

/* NULL after the last one, and when the server has been silent for too long: then the connection is lost. */
static PGresult *next_result(struct bus_db *self)
{
    int unsent = PQflush(self->conn);
    while (PQstatus(self->conn) == CONNECTION_OK && (unsent > 0 || PQisBusy(self->conn))) {
        if (!pipeline_wait_socket(self, unsent > 0)) {
            pipeline_lose(self);
            return NULL;
        }
        (void)PQconsumeInput(self->conn); /* if that fails, the reason may have arrived before */
        unsent = PQflush(self->conn);
    }
    return PQgetResult(self->conn);
}

/* The last result, or the first that failed. */
static PGresult *blocking_answer(struct bus_db *self)
{
    PGresult *answer = NULL, *next;
    while ((next = next_result(self)) != NULL) {
        bool failed = answer != NULL && PQresultStatus(answer) == PGRES_FATAL_ERROR;
        PQclear(failed ? next : answer);
        answer = failed ? answer : next;
    }
    return answer;
}

/* OK, or the error; the rows only when they are wanted. */
static enum bus_status blocking_done(struct bus_db *self, const char *name, bool sent,
                                     struct bus_rows *ret_rows, struct bus_error *err)
{
    PGresult *answer = sent ? blocking_answer(self) : NULL;
    if (!answer || self->lost) {
        PQclear(answer);
        return sqlstate_fail_connection(err, self->conn);
    }
    ExecStatusType kind = PQresultStatus(answer);
    enum bus_status status = BUS_OK;
    if (kind != PGRES_TUPLES_OK && kind != PGRES_COMMAND_OK && kind != PGRES_EMPTY_QUERY)
        status = sqlstate_fail(err, name, answer);
    if (status == BUS_OK && ret_rows)
        *ret_rows = (struct bus_rows){.n = PQntuples(answer), .result = answer};
    else
        PQclear(answer);
    return status;
}

enum bus_status db_call(struct bus_db *self, const struct bus_sql *sql, const char *const *values,
                        struct bus_rows *ret_rows, struct bus_error *err)
{
    bool sent =
        !self->lost && PQsendQueryParams(self->conn, sql->text, sql->params, NULL, values, NULL, NULL, 1);
    return blocking_done(self, sql->name, sent, ret_rows, err);
}

enum bus_status db_script(struct bus_db *self, const char *name, const char *text, struct bus_error *err)
{
    bool sent = !self->lost && PQsendQuery(self->conn, text);
    return blocking_done(self, name, sent, NULL, err);
}

static void prepare(struct bus_db *self, const char *name, const char *text)
{
    if (!PQsendPrepare(self->conn, name, text, 0, NULL))
        return pipeline_lose(self);
    pipeline_pend(self, name, PENDING_STATEMENT, NULL);
}

static void prepare_commands(struct bus_db *self)
{
    static const char *const commands[] = {DB_BEGIN, DB_BEGIN_READ, DB_COMMIT, DB_ROLLBACK,
                                           DB_MARK,  DB_TO_MARK,    DB_RELAX};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]) && !self->now.failed; i++)
        prepare(self, commands[i], commands[i]);
}

static void prepare_all(struct bus_db *self, const struct bus_sql *const *statements)
{
    for (const struct bus_sql *const *at = statements; at && *at && !self->now.failed; at++) {
        prepare(self, (*at)->name, (*at)->text);
        if ((*at)->row && !self->now.failed)
            prepare(self, (*at)->row->name, (*at)->row->text);
        if (!(*at)->bulk || self->now.failed)
            continue;
        if (!PQsendDescribePrepared(self->conn, (*at)->name))
            return pipeline_lose(self);
        pipeline_pend(self, (*at)->name, PENDING_DESCRIBE, bulk_get(self, *at));
    }
}

enum bus_status db_start(struct bus_db *self, struct bus_error *err)
{
    if (!PQenterPipelineMode(self->conn)) {
        enum bus_status status = sqlstate_fail_connection(err, self->conn);
        db_disconnect(self);
        return status;
    }
    prepare_commands(self);
    prepare_all(self, bus_sql);
    prepare_all(self, self->statements);
    pipeline_sync(self);
    enum bus_status status = pipeline_wait(self, err);
    if (status != BUS_OK)
        db_disconnect(self);
    return status;
}

bool db_alive(struct bus_db *self)
{
    if (!self->conn || self->lost)
        return false;
    /* Between turns the server has nothing to say but farewell, which is a last message and then the end. */
    struct pollfd socket = {.fd = PQsocket(self->conn), .events = POLLIN};
    while (poll(&socket, 1, 0) > 0)
        if (!PQconsumeInput(self->conn))
            return false;
    return !PQisBusy(self->conn) && PQstatus(self->conn) == CONNECTION_OK;
}
