/* The oracle. Lost, twice, out of order, before its cause, taken from another history: each ends the world at
 * the commit that did it, or when everything has come to rest. It looks at the tables and at what the driver
 * was told, and asks the loops for one thing only: whether they say DIVERGED. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "bus/cursor.h"
#include "facts.h"

#define ANSWERS_MAX 64
#define STANDSTILL_US \
    (3 * BUS_SECOND_US) /* what does not answer for that long is waited for no more: app/timers.c */

static struct {
    char mark[24];
    int64_t first, n;
} answers[ANSWERS_MAX];
static size_t answers_n;

void ledger_reset(void)
{
    answers_n = 0;
}

/* ---- at each commit */

void ledger_said(struct database *database, const struct bus_value *row)
{
    const struct rows *log = &database->tables.of[TABLE_LOG];
    if (row[0].as.integer != (int64_t)log->n)
        broken("%s: a run up to %lld was appended up to number %zu of the log", database->name,
               (long long)row[0].as.integer, log->n);
}

/* The header's: of a ring or a tick it is its key. */
static const char *subject_of(const struct row *heard)
{
    const char *noted = cell_text(heard, 3);
    return strcmp(noted, "ring") == 0 || strcmp(noted, "tick") == 0 ? cell_text(heard, 6) : noted;
}

void ledger_heard(struct database *database, const struct bus_value *row)
{
    const struct rows *heard = &database->tables.of[TABLE_HEARD];
    const struct row *last = heard->at[heard->n - 1];
    const char *stream = row[1].as.text;
    int64_t seq = row[2].as.integer, cause = row[5].as.integer;
    bool caused = row[5].kind == BUS_VALUE_NULL || is_dead(database->name, "source", cause);
    if (row[0].as.integer != (int64_t)heard->n)
        broken("sink: its state was at place %lld, its table at %zu", (long long)row[0].as.integer, heard->n);
    const struct fact *said = fact_at(stream, seq);
    if (!restored(stream) && (said == NULL || !fact_is(said, last)))
        broken("sink: heard %s %lld, which is not what the log holds", stream, (long long)seq);
    bool once = said != NULL && (said->kind == FACT_TICKED || said->kind == FACT_RANG);
    for (size_t i = 0; i + 1 < heard->n; i++) {
        const struct row *before = heard->at[i];
        if (once && !restored("relay") && strcmp(cell_text(before, 3), cell_text(last, 3)) == 0 &&
            strcmp(cell_text(before, 6), cell_text(last, 6)) == 0)
            broken("duplicate: sink heard of %s %s twice", cell_text(last, 3), cell_text(last, 6));
        bool same_stream = strcmp(cell_text(before, 1), stream) == 0;
        caused = caused || (cell_int(before, 2) == cause && strcmp(cell_text(before, 1), "source") == 0);
        if (same_stream && cell_int(before, 2) == seq)
            broken("duplicate: sink took %s %lld twice", stream, (long long)seq);
        if (same_stream && cell_int(before, 2) > seq &&
            (!parks() || strcmp(subject_of(before), subject_of(last)) == 0))
            broken("order: sink took %s %lld after %lld", stream, (long long)seq,
                   (long long)cell_int(before, 2));
    }
    if (!caused && !restored("source"))
        broken("causality: sink took %s %lld before its cause, source %lld", stream, (long long)seq,
               (long long)cause);
}

static const struct row *position_in(const struct tables *tables, const char *stream)
{
    const struct rows *positions = &tables->of[TABLE_POSITION];
    for (size_t i = 0; i < positions->n; i++)
        if (strcmp(cell_text(positions->at[i], 0), stream) == 0)
            return positions->at[i];
    return NULL;
}

static const struct row *position(const char *service, const char *stream)
{
    return position_in(&database_of(service)->tables, stream);
}

static bool follows(const char *service, const char *stream)
{
    size_t i = 0;
    while (strcmp(services[i]->name, service) != 0)
        i++;
    for (const char *const *name = services[i]->follows; name != NULL && *name != NULL; name++)
        if (strcmp(*name, stream) == 0)
            return true;
    return false;
}

/* What a stream held when the process started was read before: it may have moved or cleared the timer. */
void ledger_came_due(struct database *database, const struct bus_value *timer, const struct start *start)
{
    if (world.now_us - start->at_us >= STANDSTILL_US || restored(database->name))
        return;
    for (size_t i = 0; i < services_n; i++) {
        const struct row *at = position(database->name, services[i]->name);
        int64_t read = at != NULL ? cell_int(at, 2) : 0;
        if (follows(database->name, services[i]->name) && !restored(services[i]->name) &&
            read < start->heads[i])
            broken("overdue: %s %s of %s came due at %lld of %s, which held %lld when it started",
                   timer[0].as.text, timer[1].as.text, database->name, (long long)read, services[i]->name,
                   (long long)start->heads[i]);
    }
}

/* A timer that was cleared has nothing to do, and leaves no letter that would come due. */
void ledger_parks(struct database *database, const struct bus_value *dead)
{
    const struct rows *timers = &database->tables.of[TABLE_TIMER];
    if (strcmp(dead[0].as.text, "timer") != 0 ||
        rows_find(&database->tables.of[TABLE_DEAD], dead, 3) < database->tables.of[TABLE_DEAD].n)
        return;
    for (size_t i = 0; i < timers->n; i++) {
        size_t name = strlen(cell_text(timers->at[i], 0));
        if (strncmp(dead[2].as.text, cell_text(timers->at[i], 0), name) == 0 &&
            strcmp(dead[2].as.text + name + 1, cell_text(timers->at[i], 1)) == 0)
            return;
    }
    broken("cleared: %s parks the timer %s, which does not stand", database->name, dead[2].as.text);
}

void ledger_answered(const char *mark, int64_t first, int64_t n)
{
    for (size_t i = 0; i < answers_n; i++) {
        if (strcmp(answers[i].mark, mark) != 0)
            continue;
        if (!restored("source") && (answers[i].first != first || answers[i].n != n))
            broken("command %s was answered with %lld, and then with %lld", mark, (long long)answers[i].first,
                   (long long)first);
        answers[i].first = first;
        return;
    }
    snprintf(answers[answers_n].mark, sizeof answers[answers_n].mark, "%s", mark);
    answers[answers_n].first = first;
    answers[answers_n++].n = n;
}

/* ---- rest */

/* The process that owns the service's stream and has opened its loop. */
static struct loop *loop_of(const char *service)
{
    for (size_t i = 0; i < processes_n; i++) {
        struct loop *loop = processes[i].loop;
        if (strcmp(processes[i].service->name, service) == 0 && loop != NULL && loop->reader != NULL)
            return loop;
    }
    return NULL;
}

/* It says that it cannot go on. */
static bool is_apart(const struct follow *follow)
{
    return follow->state == FOLLOW_DIVERGED || follow->state == FOLLOW_TRIMMED;
}

static bool diverged(const struct loop *loop, const char *stream)
{
    for (size_t i = 0; i < loop->sources_n; i++)
        if (is_apart(&loop->sources[i].follow) &&
            (stream == NULL || strcmp(loop->sources[i].name, stream) == 0))
            return true;
    return false;
}

/* The reader's last event is in the log: it has no reason to say DIVERGED. An id from outside may come again,
 * at the same number: what was written after a backup was put back is of a later epoch than the reader's. */
static bool shares_history(const char *service, const char *stream)
{
    const struct row *at = position(service, stream);
    if (at == NULL || cell_int(at, 2) == 0)
        return true;
    const struct rows *rows = rows_of(stream, TABLE_LOG);
    const struct row *log = cell_int(at, 2) <= (int64_t)rows->n ? rows->at[cell_int(at, 2) - 1] : NULL;
    int64_t epoch = 0;
    return log != NULL && strcmp(cell_text(log, 1), cell_text(at, 3)) == 0 &&
           bus_cursor_get_int(log->cells[2].as.bytes, "epoch", &epoch) && epoch <= cell_int(at, 1);
}

/* By what is noted the log is trimmed, and what would show another history goes with it. */
void ledger_noted(struct database *database, const char *reader, int64_t seq)
{
    const struct row *at = position(reader, database->name);
    if (at != NULL && cell_int(at, 2) == seq && seq <= database->tables.head.last_seq &&
        !shares_history(reader, database->name))
        broken("%s notes that %s has read up to %lld, which was of another history", database->name, reader,
               (long long)seq);
    const struct row *kept = position_in(database_on_disk(database_of(reader)), database->name);
    int64_t kept_seq = kept != NULL ? cell_int(kept, 2) : 0;
    if (!restored(reader) && seq > kept_seq)
        broken("%s notes that %s has read up to %lld, and a crash would take it back to %lld", database->name,
               reader, (long long)seq, (long long)kept_seq);
}

/* What was written after events that are gone can never be taken. */
static bool may_wait(const char *service, const char *stream)
{
    struct loop *reader = loop_of(service), *writer = loop_of(stream);
    return reader == NULL || writer == NULL || diverged(reader, NULL) || diverged(writer, NULL);
}

/* What was said before a backup was put back may come in behind it. */
static int64_t kept_from(const struct database *database)
{
    bool just_now = database->restored && world.now_us - database->restored_us < LATE_US;
    int64_t first = database->tables.head.first_seq;
    return just_now && database->kept_before > first ? database->kept_before : first;
}

/* Of its last event it has no proof either, where a backup was put back since it was welcomed. */
static bool is_beyond(const struct source *source, int64_t seq, int64_t first)
{
    bool proven = source->follow.epoch == database_of(source->name)->tables.head.epoch;
    return seq + 1 < first || (seq + 1 == first && seq > 0 && !proven);
}

bool ledger_misses(const struct loop *loop, const char *line)
{
    for (size_t i = 0; i < loop->sources_n; i++) {
        const struct source *source = &loop->sources[i];
        if (strstr(line, source->name) != NULL &&
            is_beyond(source, source->follow.seq, kept_from(database_of(source->name))))
            return true;
    }
    return false;
}

/* A clock that was an hour ahead has set timers that are not due for an hour; a world waits a minute. */
static size_t timers_soon(const char *service)
{
    const struct rows *timers = rows_of(service, TABLE_TIMER);
    size_t n = 0;
    for (size_t i = 0; i < timers->n; i++)
        n += cell_int(timers->at[i], 2) < world.calm_us + BUS_MINUTE_US;
    return n;
}

/* NULL when the reader has read everything, or says that it cannot. */
static const char *stream_unsettled(const char *service, const struct source *source)
{
    static char why[200];
    const struct row *at = position(service, source->name);
    int64_t seq = at != NULL ? cell_int(at, 2) : 0, head = database_of(source->name)->tables.head.last_seq;
    bool apart = is_apart(&source->follow), shares = shares_history(service, source->name);
    if (source->follow.state == FOLLOW_DIVERGED && !shares)
        return NULL;
    /* Of the events that it has told to have read, it knows no more than its old backup. */
    if (source->follow.state == FOLLOW_TRIMMED && restored(service) &&
        is_beyond(source, seq, database_of(source->name)->tables.head.first_seq))
        return NULL;
    if (!apart && shares && source->follow.state == FOLLOW_READING &&
        (seq == head || may_wait(service, source->name)))
        return NULL;
    snprintf(why, sizeof why, "%s is at %lld of %lld of %s, and is %s%s", service, (long long)seq,
             (long long)head, source->name, follow_state_name(source->follow.state),
             shares ? "" : "; its last event is not in the log");
    return why;
}

static const char *service_unsettled(const char *service)
{
    static char why[200];
    struct loop *loop = loop_of(service);
    if (loop == NULL) {
        snprintf(why, sizeof why, "nobody runs %s", service);
        return why;
    }
    size_t timers = timers_soon(service), effects = rows_of(service, TABLE_EFFECT)->n;
    size_t dead = rows_of(service, TABLE_DEAD)->n;
    if (timers + effects + dead > 0) {
        snprintf(why, sizeof why, "%s has %zu timers, %zu effects, %zu dead letters", service, timers,
                 effects, dead);
        return why;
    }
    for (size_t i = 0; i < loop->sources_n; i++) {
        const char *unsettled = stream_unsettled(service, &loop->sources[i]);
        if (unsettled != NULL)
            return unsettled;
    }
    return NULL;
}

bool ledger_settled(const char **ret_why)
{
    *ret_why = "the driver has questions without an answer";
    if (!driver_done())
        return false;
    for (size_t i = 0; i < services_n; i++) {
        database_settle(database_of(services[i]->name));
        *ret_why = service_unsettled(services[i]->name);
        if (*ret_why != NULL)
            return false;
    }
    return true;
}

/* ---- the last comparison */

/* Every event once, and no other. */
static void check_heard(const char *stream)
{
    const struct rows *heard = rows_of("sink", TABLE_HEARD), *log = rows_of(stream, TABLE_LOG);
    bool apart = diverged(loop_of("sink"), stream);
    size_t expected = 0, found = 0;
    for (size_t i = 0; i < log->n; i++)
        expected += fact_of(log->at[i])->kind != FACT_OTHER;
    for (size_t i = 0; i < heard->n; i++) {
        if (strcmp(cell_text(heard->at[i], 1), stream) != 0)
            continue;
        const struct fact *said = fact_at(stream, cell_int(heard->at[i], 2));
        if (!apart && (said == NULL || !fact_is(said, heard->at[i])))
            broken("sink took %s %lld from another history, and does not say so", stream,
                   (long long)cell_int(heard->at[i], 2));
        found++;
    }
    if (found != expected && !may_wait("sink", stream))
        broken("lost: sink heard %zu of %zu events of %s", found, expected, stream);
}

/* Where the relay's log has the echo of a number; -1: nowhere. */
static int64_t echo_of(const struct fact *said)
{
    const struct rows *log = rows_of("relay", TABLE_LOG);
    int64_t place = -1;
    for (size_t i = 0; i < log->n; i++) {
        const struct fact *echo = fact_of(log->at[i]);
        if (echo->kind != FACT_ECHOED || echo->cause != said->seq || echo->number != said->number)
            continue;
        if (place >= 0)
            broken("duplicate: relay echoed source %lld twice", (long long)said->seq);
        place = (int64_t)i;
    }
    return place;
}

/* The relay has echoed every number once, in order; of one subject, where messages may have been parked. */
static void check_echoes(void)
{
    const struct rows *log = rows_of("source", TABLE_LOG);
    int64_t *places = calloc(log->n + 1, sizeof *places);
    for (size_t i = 0; i < log->n && !diverged(loop_of("relay"), NULL); i++) {
        const struct fact *said = fact_of(log->at[i]);
        places[i] = said->kind == FACT_COUNTED ? echo_of(said) : 0;
        if (places[i] < 0)
            broken("lost: relay did not echo source %lld", (long long)said->seq);
        for (size_t k = 0; k < i && said->kind == FACT_COUNTED; k++)
            if (places[k] > places[i] &&
                (!parks() || bus_bytes_equal(fact_of(log->at[k])->subject, said->subject)))
                broken("order: relay echoed source %lld too early", (long long)said->seq);
    }
    free(places);
}

/* Numbers are dense, and every command that was answered said what it answered. */
static void check_source(void)
{
    const struct rows *log = rows_of("source", TABLE_LOG), *emitted = rows_of("source", TABLE_EMITTED);
    int64_t last = 0;
    for (size_t i = 0; i < log->n; i++) {
        const struct fact *said = fact_of(log->at[i]);
        if (said->kind == FACT_COUNTED && said->number != ++last)
            broken("source: number %lld stands where %lld should", (long long)said->number, (long long)last);
    }
    for (size_t i = 0; i < answers_n && !restored("source"); i++) {
        size_t k = 0;
        while (k < emitted->n && strcmp(cell_text(emitted->at[k], 0), answers[i].mark) != 0)
            k++;
        if (answers[i].first == 0 && k < emitted->n)
            broken("command %s was refused, and source has done it", answers[i].mark);
        if (answers[i].first > 0 && (k == emitted->n || cell_int(emitted->at[k], 1) != answers[i].first))
            broken("lost: command %s was answered with %lld, and source does not know of it", answers[i].mark,
                   (long long)answers[i].first);
    }
}

void ledger_close(void)
{
    check_source();
    check_echoes();
    once_close();
    check_heard("source");
    check_heard("relay");
    outsiders_close();
}
