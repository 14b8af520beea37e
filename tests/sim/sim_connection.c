/* Stands in for connection and transaction of libbus/store: sessions that are opened and lost, transactions
 * that begin and end. What the rest of store/ makes of a lost connection or an unknown commit is the shipped
 * code.
 */
#include "sim_connection.h"

#include <stdlib.h>

#define PATIENCE_MS 7000

/* ---- connecting */

struct session *session_in(const struct bus_db *db)
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
                            .read_only = read_only,
                            .patience_ms = PATIENCE_MS};
    return self;
}

void db_disconnect(struct bus_db *self)
{
    struct session *session = session_in(self);
    if (session != NULL && session->alive) {
        session->left = true;
        session->alive = below(4) == 0; /* the server may not have noticed yet */
    }
    self->conn = NULL;
    self->in_turn = self->lost = self->under_way = false;
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

enum bus_status connection_away(struct bus_error *err)
{
    return bus_fail(err, BUS_RETRY, SIM_FAULT "the database cannot be reached");
}

enum bus_status db_connect(struct bus_db *self, struct bus_error *err)
{
    struct database *database = database_of(self->service);
    step("connects to the database");
    if (world.now_us < database->away_until_us || world.now_us < running->alone_until_us ||
        chance(FAULT_REFUSAL))
        return connection_away(err);
    self->conn = (PGconn *)session_open(database);
    self->lost = self->in_turn = self->under_way = false;
    self->now = self->sent = (struct outcome){0};
    return BUS_OK;
}

enum bus_status db_start(struct bus_db *self, struct bus_error *err)
{
    return session_in(self)->alive ? BUS_OK : connection_away(err);
}

bool db_alive(struct bus_db *self)
{
    const struct session *session = session_in(self);
    return session != NULL && !self->lost && (session->alive || session->unheard);
}

/* ---- what went wrong */

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

enum bus_status connection_failure(const struct outcome *self, struct bus_error *err)
{
    if (err != NULL)
        *err = self->error;
    return self->error.status;
}

void connection_lose(struct bus_db *self)
{
    struct bus_error error = {0};
    (void)connection_away(&error);
    fail(&self->now, &error);
    if (self->under_way)
        fail(&self->sent, &error);
    self->under_way = false;
    self->lost = true;
}

void connection_refuse(struct outcome *self, enum bus_status status, const char *code, const char *text,
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
        return connection_lose(self);
    if (commit == NULL)
        connection_refuse(&self->sent, BUS_RETRY, "",
                          session->full ? SIM_FAULT "the disk is full" : SIM_FAULT "a deadlock",
                          session->full);
    else if (commit->wrong == WRONG_FENCED)
        connection_refuse(&self->sent, BUS_BUG, "BUS-FENCED", "another process has taken over this stream",
                          false);
    else if (commit->wrong == WRONG_KEY)
        connection_refuse(&self->sent, BUS_BUG, "", "a key is there already", false);
    self->sent.committed = commit != NULL && commit->state == STANDS;
    if (!self->sent.committed)
        fail(&self->now, &self->sent.error);
    self->under_way = false;
}

static bool is_answered(const struct session *session)
{
    database_settle(session->database);
    return session->sent == NULL || session->reply_lost ||
           (session->sent->state != UNDER_WAY && world.now_us >= session->reply_us);
}

static int64_t answer_us(const struct session *session)
{
    return session->sent->at_us > session->reply_us ? session->sent->at_us : session->reply_us;
}

bool connection_wait(struct bus_db *self, const char *what, int64_t until_us)
{
    int64_t patience_us = world.now_us + PATIENCE_MS * MS, silent_us = world.now_us + STORE_SILENT_MS * MS;
    if (self->silent == NULL || until_us <= silent_us) {
        fiber_sleep_until(until_us);
        return true;
    }
    fiber_sleep_until(silent_us);
    while (world.now_us < until_us && world.now_us < patience_us) {
        struct pollfd socket = {.fd = -1, .events = POLLIN}; /* told by the time */
        int64_t ends_us = until_us < patience_us ? until_us : patience_us;
        (void)self->silent(self->silent_context, &socket, what, (int)((ends_us - world.now_us + 999) / 1000));
    }
    return world.now_us >= until_us;
}

/* Mostly about as long as matters: until another may have the lease, and until nobody waits any more. */
static int64_t silence_us(void)
{
    return below(4) == 0 ? between(0, 10 * BUS_SECOND_US) : between(4500 * MS, (PATIENCE_MS + 500) * MS);
}

void connection_hang(struct bus_db *self, const char *what)
{
    if (!self->read_only && chance(FAULT_SILENT) &&
        !connection_wait(self, what, world.now_us + silence_us())) {
        session_end(session_in(self)->database, session_in(self));
        connection_lose(self);
    }
}

void connection_await(struct bus_db *self)
{
    while (self->under_way && !is_answered(session_in(self)))
        if (!connection_wait(self, "COMMIT", answer_us(session_in(self))))
            return connection_lose(self);
    if (self->under_way)
        take_commit(self);
}

void connection_look(struct bus_db *self)
{
    if (self->under_way && is_answered(session_in(self)) && below(2))
        take_commit(self);
}

/* ---- a transaction */

static void forget_ops(struct session *session)
{
    session->ops = NULL;
    session->relaxed = false;
    session->ops_end = &session->ops;
    session->read = NULL;
}

enum bus_status db_begin(struct bus_db *self, const char *command, struct bus_error *err)
{
    (void)command;
    if (self->sent.failed)
        return connection_failure(&self->sent, err);
    if (self->lost)
        return connection_away(err);
    self->in_turn = true;
    self->now = (struct outcome){0};
    forget_ops(session_in(self));
    return BUS_OK;
}

enum bus_status db_commit_send(struct bus_db *self, struct bus_error *err)
{
    struct session *session = session_in(self);
    step("is about to commit");
    if (self->now.failed) {
        self->now.refused = true; /* COMMIT was never sent */
        return connection_failure(&self->now, err);
    }
    self->sent = self->now;
    self->under_way = true;
    self->in_turn = false;
    session->sent = NULL;
    session->reply_lost = false;
    session->reply_us = 0;
    session->full = below(2);
    if (!session->alive || (chance(FAULT_COMMIT) && below(3) == 0)) {
        session->alive = false;
        connection_lose(self);
        return BUS_OK;
    }
    if (!chance(FAULT_REFUSAL))
        session->sent = session_commit(session);
    if (session->sent != NULL && chance(FAULT_COMMIT)) {
        trace("%-9s loses the reply to its COMMIT", session->process->name);
        session_delay(session->sent, session->sent->at_us + (below(2) ? between(0, 1000 * MS) : 0));
        session->reply_lost = true;
    }
    if (session->sent != NULL && chance(FAULT_HANG)) {
        trace("%-9s does not wait for its COMMIT, which hangs", session->process->name);
        session_hang(session->sent);
        session->reply_lost = true;
    }
    if (session->sent != NULL && chance(FAULT_SILENT)) {
        trace("%-9s waits for its COMMIT, which hangs, or its answer", session->process->name);
        if (below(2))
            session_hang(session->sent);
        else
            session->reply_us = world.now_us + silence_us();
    }
    step("has sent COMMIT");
    return BUS_OK;
}

int db_commit_fd(const struct bus_db *self)
{
    return self->under_way ? (int)session_in(self)->number : -1;
}

int64_t sim_commit_us(int fd)
{
    for (size_t i = 0; i < services_n; i++)
        for (const struct session *at = database_of(services[i]->name)->sessions; at != NULL; at = at->next)
            if ((int)at->number == fd)
                return is_answered(at) ? world.now_us : answer_us(at);
    return world.now_us; /* ended */
}

/* Something is there to be read, and may be all of it. */
void db_commit_look(struct bus_db *self)
{
    connection_look(self);
}

enum bus_status db_commit_wait(struct bus_db *self, struct bus_error *err)
{
    connection_await(self);
    if (self->sent.committed)
        return BUS_OK;
    self->now = self->sent;
    self->in_turn = true;
    return connection_failure(&self->sent, err);
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
    self->now = self->sent = (struct outcome){0};
    if (self->lost)
        db_disconnect(self);
}

/* Nobody is conducted here, so nothing is held. */
void db_rest_at_mark(struct bus_db *self)
{
    (void)self;
}

/* ---- store/dial.c: here a connection is there at once */

bool store_dialling(void)
{
    return false;
}
