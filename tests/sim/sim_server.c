/* The simulated Postgres itself: sessions, commits that are under way, and what goes wrong with
 * it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "sim_store.h"
#include "sql/bus.h"

static struct database databases[SERVICES_MAX];
static uint64_t last_number;

void sim_store_reset(void)
{
    last_number = 0;
    memset(databases, 0, sizeof databases);
    for (size_t i = 0; i < services_n; i++) {
        databases[i].name = services[i]->name;
        databases[i].tables.head = (struct head){
            .epoch = 1, .first_seq = 1, .clean = true, .clock = {BUS_INT(0), BUS_INT(0), BUS_INT(0)}};
    }
}

struct database *database_of(const char *service)
{
    size_t i = 0;
    while (databases[i].name != service && strcmp(databases[i].name, service) != 0)
        i++;
    return &databases[i];
}

/* ---- sessions and commits */

struct session *session_open(struct database *self)
{
    struct session *session = calloc(1, sizeof *session);
    *session = (struct session){
        .next = self->sessions, .number = ++last_number, .database = self, .process = running, .alive = true};
    self->sessions = session;
    return session;
}

static void tell_ledger(struct database *self, const struct op *op)
{
    if (op->sql == &bus_log_append)
        ledger_said(self, op->values->cells);
    if (strcmp(op->sql->name, "sink_ledger_add") == 0)
        ledger_heard(self, op->values->cells);
}

/* The first words and numbers of a statement's values. */
static void tell_op(const struct op *op)
{
    char line[200] = "";
    size_t at = 0;
    for (size_t i = 0; i < op->values->n && i < 8; i++) {
        const struct bus_value *cell = &op->values->cells[i];
        if (cell->kind == BUS_VALUE_INT || cell->kind == BUS_VALUE_TIME)
            at += (size_t)snprintf(line + at, sizeof line - at, " %lld", (long long)cell->as.integer);
        else if (cell->kind == BUS_VALUE_TEXT)
            at += (size_t)snprintf(line + at, sizeof line - at, " %.40s", cell->as.text);
        if (at >= sizeof line)
            break;
    }
    trace("            %s%s", op->sql->name, line);
}

/* A commit that is waited for takes all before it to the disk; one that is not may get there by itself, in
 * the order of their times. */
void database_flush(struct database *self, bool relaxed)
{
    if (!relaxed || below(4) == 0)
        self->flushed = NULL;
    if (relaxed && self->flushed == NULL && world.rate[FAULT_LOSS] > 0) {
        self->flushed = malloc(sizeof *self->flushed);
        tables_copy(self->flushed, &self->tables);
    }
}

const struct tables *database_on_disk(const struct database *self)
{
    return self->flushed != NULL ? self->flushed : &self->tables;
}

static void finish(struct database *self, struct commit *commit)
{
    commit->wrong = tables_check(&self->tables, commit->ops);
    commit->state = commit->wrong == WRONG_NOTHING ? STANDS : REFUSED;
    if (commit->state == STANDS)
        database_flush(self, commit->relaxed);
    const struct op *due = NULL;
    for (struct op *op = commit->ops; commit->state == STANDS && op != NULL; op = op->next) {
        if (tables_timer_is_due(&self->tables, op))
            due = op;
        if (op->sql == &bus_dead_put)
            ledger_parks(self, op->values->cells);
        tables_apply(&self->tables, op);
        if (world.trace)
            tell_op(op);
        tell_ledger(self, op);
    }
    if (due != NULL)
        ledger_came_due(self, due->values->cells, &commit->start);
    trace("%-9s commit of session %llu: %s, turn %lld, head %lld", self->name,
          (unsigned long long)commit->session->number, commit->state == STANDS ? "stands" : "refused",
          (long long)self->tables.head.turn, (long long)self->tables.head.last_seq);
}

static void settle_until(struct database *self, int64_t until_us)
{
    while (self->under_way != NULL && self->under_way->at_us <= until_us) {
        struct commit *commit = self->under_way;
        self->under_way = commit->next;
        finish(self, commit);
    }
}

void database_settle(struct database *self)
{
    settle_until(self, world.now_us);
}

static void queue(struct database *self, struct commit *commit)
{
    struct commit **at = &self->under_way;
    while (*at != NULL && (*at)->at_us <= commit->at_us)
        at = &(*at)->next;
    commit->next = *at;
    *at = commit;
}

struct commit *session_commit(struct session *session)
{
    struct commit *commit = calloc(1, sizeof *commit);
    *commit = (struct commit){.session = session,
                              .ops = session->ops,
                              .start = session->process->start,
                              .relaxed = session->relaxed,
                              .has_row = true,
                              .at_us = world.now_us + between(1, world.slow_us)};
    queue(session->database, commit);
    return commit;
}

void session_delay(struct commit *commit, int64_t until_us)
{
    struct database *database = commit->session->database;
    struct commit **at = &database->under_way;
    while (*at != commit)
        at = &(*at)->next;
    *at = commit->next;
    commit->at_us = until_us;
    queue(database, commit);
}

void session_hang(struct commit *commit)
{
    commit->hangs = true;
    commit->has_row = below(2);
    session_delay(commit, world.now_us + between(0, 8 * BUS_SECOND_US));
}

int64_t database_row_until(struct database *self)
{
    int64_t until = 0;
    database_settle(self);
    for (const struct commit *commit = self->under_way; commit != NULL; commit = commit->next)
        if (commit->has_row)
            until = commit->at_us;
    return until;
}

static void end_commits(struct database *self, const struct session *session, bool hanging)
{
    for (struct commit **at = &self->under_way; *at != NULL;) {
        struct commit *commit = *at;
        if (commit->session != session || (commit->hangs && !hanging)) {
            at = &commit->next;
            continue;
        }
        *at = commit->next;
        if (below(2))
            finish(self, commit);
        else
            commit->state = ABORTED;
    }
}

/* A session ends; what it had under way is over, one way or the other, unless it hangs. */
void session_end(struct database *self, struct session *session)
{
    session->alive = false;
    end_commits(self, session, false);
}

/* And so does the server. */
static void end_all_sessions(struct database *self)
{
    for (struct session *session = self->sessions; session != NULL; session = session->next) {
        session->alive = false;
        end_commits(self, session, true);
    }
    self->sessions = NULL;
}

/* What comes to stand with the last of the sessions may still take all of it to the disk. */
static void lose_unflushed(struct database *self)
{
    end_all_sessions(self);
    self->away_until_us = world.now_us + between(0, BUS_SECOND_US);
    trace("%-9s the database crashes: turn %lld back to %lld", self->name, (long long)self->tables.head.turn,
          (long long)database_on_disk(self)->head.turn);
    if (self->flushed != NULL)
        tables_copy(&self->tables, self->flushed);
    self->flushed = NULL;
}

struct session *database_session(struct database *self, uint64_t number)
{
    for (struct session *session = self->sessions; session != NULL; session = session->next)
        if (session->alive && session->number == number)
            return session;
    return NULL;
}

static void restore(struct database *self)
{
    trace("%-9s an old backup is restored: turn %lld back to %lld, head %lld back to %lld", self->name,
          (long long)self->tables.head.turn, (long long)self->backup.head.turn,
          (long long)self->tables.head.last_seq, (long long)self->backup.head.last_seq);
    end_all_sessions(self);
    if (world.now_us - self->restored_us >= LATE_US || self->kept_before < self->tables.head.first_seq)
        self->kept_before = self->tables.head.first_seq;
    self->restored_us = world.now_us;
    self->flushed = NULL;
    tables_copy(&self->tables, &self->backup);
    /* As in deploy/restored.sql, but by milliseconds: a world is short. */
    int64_t least = world.now_us - world.now_us % MS;
    if (least < self->backup.head.epoch)
        least = self->backup.head.epoch;
    self->tables.head.epoch = least + 1 + (int64_t)below(MS);
    self->restored = true;
    self->has_backup = false;
    self->away_until_us = world.now_us + between(0, 2 * BUS_SECOND_US);
}

/* From one process alone: its standby may have the stream before it is back. */
static void cut_way(struct database *self, struct process *process)
{
    trace("%-9s the database is away from it alone", process->name);
    for (struct session *session = self->sessions; session != NULL; session = session->next)
        if (session->process == process && session->alive)
            session_end(self, session);
    process->alone_until_us = world.now_us + between(0, 9 * BUS_SECOND_US);
}

static void outage(struct database *self, size_t service)
{
    size_t copies = processes_n / services_n;
    if (below(3) == 0) {
        cut_way(self, &processes[service * copies + below(copies)]);
        return;
    }
    trace("%-9s the database is away", self->name);
    end_all_sessions(self);
    self->away_until_us = world.now_us + between(0, 3 * BUS_SECOND_US);
}

/* Whether a reader that is no further than the backup holds what it has not taken: nothing of that may be
 * left after the restore. */
static bool is_held(const struct database *self)
{
    for (size_t i = 0; i < processes_n; i++)
        for (size_t k = 0; processes[i].loop != NULL && k < processes[i].loop->sources_n; k++) {
            const struct source *source = &processes[i].loop->sources[k];
            if (strcmp(source->name, self->name) == 0 && source->follow.bytes > 0 &&
                source->follow.seq <= self->backup.head.last_seq)
                return true;
        }
    return false;
}

/* Rather then than at any other time. */
static bool restores_now(const struct database *self)
{
    bool now = world.rate[FAULT_RESTORE] > 0 && self->has_backup && is_held(self) && below(2);
    world.faults[FAULT_RESTORE] += now;
    return now;
}

void sim_store_disturb(void)
{
    for (size_t i = 0; i < services_n; i++) {
        struct database *self = &databases[i];
        if (chance(FAULT_OUTAGE))
            outage(self, i);
        if (self->flushed != NULL && chance(FAULT_LOSS)) /* else it is an outage */
            lose_unflushed(self);
        if (chance(FAULT_RESTORE) || restores_now(self)) {
            database_settle(self);
            if (self->has_backup) {
                restore(self);
            } else {
                tables_copy(&self->backup, &self->tables);
                world.faults[FAULT_RESTORE]--; /* not yet */
            }
            self->has_backup = true;
        }
    }
}

/* A killed process: the server mostly sees it at once, but of a lost machine it hears nothing for a while. */
void sim_store_drop(struct process *process)
{
    bool unseen = !world.calm && below(8) == 0;
    for (size_t i = 0; i < services_n; i++)
        for (struct session *session = databases[i].sessions; session != NULL; session = session->next)
            if (session->process == process && session->alive) {
                session->left = true;
                session->alive = unseen; /* a COMMIT under way is finished by the server */
            }
}

/* The server has heard nothing of the process for long enough, and the process hears nothing of that. */
void sim_store_cut_off(struct process *process)
{
    for (size_t i = 0; i < services_n; i++)
        for (struct session *session = databases[i].sessions; session != NULL; session = session->next)
            if (session->process == process && session->alive) {
                session_end(&databases[i], session);
                session->unheard = true;
            }
}

/* In the other worlds the lease has to run out: seconds in which nothing else happens. */
void sim_store_calm(void)
{
    bool noticed = below(4) > 0;
    for (size_t i = 0; i < services_n; i++)
        for (struct session *session = databases[i].sessions; session != NULL; session = session->next)
            session->alive = session->alive && !(noticed && session->left);
}
