/* See reader.h. */
#include "app/reader.h"

#include <stdlib.h>
#include <string.h>

#include "app/catch_up.h"
#include "app/queries.h"
#include "app/reply.h"
#include "base/failpoint.h"

/* What a question is counted as, beside its own bytes, until it is answered. What it brings
 * is nothing while it waits, and counts as it is sent. */
#define QUESTION_BYTES ((size_t)16 << 10)
/* Answers that the loop has not taken yet; the thread waits with more. */
#define ANSWERS_MAX 4
/* A query waits for what it was asked after: an answer from before is still one. */
#define AFTER_US BUS_SECOND_US

/* One of the threads. */
struct desk {
    struct queries *queries; /* NULL: the log is its matter */
    struct store_config config;
    struct store_reader *store; /* the thread's own */
    struct worker *worker;
};

struct reader {
    struct queries queries;
    struct desk asked;
    struct desk log;
    struct job *early, **early_end; /* queries that wait for what they were asked after, as they arrived */
};

/* ---- the threads */

/* With the first question, and again with each while the database is away. */
static bool ready(struct desk *self, struct read_job *job)
{
    struct bus_error err = {0};
    if (self->store != NULL || store_reader_open(&self->config, &self->store, &err) == BUS_OK)
        return true;
    if (strcmp(job->verb, "QUERY") == 0)
        queries_refuse(job);
    else
        read_job_fail(job, BUS_RETRY, err.text);
    return false;
}

static void work(void *context, struct job *base)
{
    struct desk *self = context;
    struct read_job *job = (struct read_job *)base;
    if (strcmp(job->verb, "RELEASE") == 0)
        hold_done(&self->queries->hold);
    else if (!ready(self, job))
        return;
    else if (self->queries != NULL)
        queries_answer(self->queries, self->store, job);
    else
        catch_up_answer(self->store, self->config.service, job);
}

static void close_store(void *context)
{
    struct desk *self = context;
    store_reader_close(&self->store);
    if (self->queries != NULL)
        hold_done(&self->queries->hold);
}

static void desk_open(struct desk *self, const struct loop *loop)
{
    self->config = (struct store_config){.service = loop->service->name,
                                         .conninfo = loop->config->database,
                                         .password = loop->config->database_password,
                                         .statements = self->queries ? loop->service->statements : NULL};
    self->worker = worker_new(work, NULL, close_store, self, ANSWERS_MAX);
}

void reader_open(struct loop *loop)
{
    struct reader *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->queries = (struct queries){.service = loop->service, .config = &self->asked.config};
    self->asked.queries = &self->queries;
    self->early_end = &self->early;
    desk_open(&self->asked, loop);
    desk_open(&self->log, loop);
    loop->reader = self;
}

static struct job *early_take(struct reader *self)
{
    struct job *job = self->early;
    self->early = job->next;
    if (self->early == NULL)
        self->early_end = &self->early;
    return job;
}

void reader_close(struct loop *loop)
{
    if (loop->reader == NULL)
        return;
    while (loop->reader->early != NULL)
        job_free(early_take(loop->reader));
    worker_free(&loop->reader->asked.worker);
    worker_free(&loop->reader->log.worker);
    free(loop->reader);
    loop->reader = NULL;
}

/* ---- the loop */

static struct bus_bytes keep(struct bus_arena *arena, struct bus_bytes bytes)
{
    return bus_bytes(bus_copy(arena, bytes.data, bytes.size), bytes.size);
}

static void refuse_busy(struct loop *loop, struct bus_bytes route, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    reply_error_pack(&out, NULL, 0, "BUSY", 500, text);
    reply_send(loop, route, "ERR", bus_buffer_bytes(&out));
}

/* NULL: it was refused. */
static struct read_job *take_in(struct loop *loop, const struct net_request *request)
{
    size_t bytes = QUESTION_BYTES + request->body[0].size + request->body[1].size;
    if (!net_hold(loop->net, request->route, bytes)) {
        refuse_busy(loop, request->route, "too much that you asked is not answered or not read yet");
        return NULL;
    }
    struct read_job *job = job_new(sizeof *job);
    struct bus_arena *arena = job->job.arena;
    job->held = bytes;
    job->route = keep(arena, request->route);
    job->verb = bus_strdup(arena, request->verb);
    job->now_us = loop_now(loop);
    job->body_n = request->body_n;
    for (size_t i = 0; i < request->body_n; i++)
        job->body[i] = keep(arena, request->body[i]);
    return job;
}

/* ---- what a query was asked after */

/* A header that cannot be read is refused by who answers. */
static void read_after(struct read_job *job)
{
    struct bus_header header;
    if (strcmp(job->verb, "QUERY") != 0 || job->body_n != 2 ||
        bus_header_decode(job->body[0], job->job.arena, &header, NULL) != BUS_OK)
        return;
    job->after = bus_copy(job->job.arena, header.after, header.after_n * sizeof *header.after);
    job->after_n = header.after_n;
    job->arrived_us = bus_clock_monotonic_us();
}

/* What was committed counts: the answer comes from another session. Under a conductor streams are read step
 * by step, and nobody waits for a step. */
static bool is_early(const struct loop *loop, const struct read_job *job)
{
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return false;
    for (size_t a = 0; a < job->after_n; a++)
        for (size_t i = 0; i < loop->sources_n; i++)
            if (strcmp(loop->sources[i].name, job->after[a].stream) == 0 &&
                loop->sources[i].follow.seq < job->after[a].seq)
                return true;
    return false;
}

bool reader_waits(const struct loop *loop)
{
    return loop->reader->early != NULL;
}

int64_t reader_due_us(const struct loop *loop)
{
    const struct read_job *first = (const struct read_job *)loop->reader->early;
    return first != NULL ? first->arrived_us + AFTER_US : INT64_MAX;
}

static void wait_or_push(struct loop *loop, struct read_job *job)
{
    struct reader *self = loop->reader;
    if (!is_early(loop, job) || bus_clock_monotonic_us() - job->arrived_us >= AFTER_US) {
        worker_push(self->asked.worker, &job->job);
        return;
    }
    job->job.next = NULL;
    *self->early_end = &job->job;
    self->early_end = &job->job.next;
}

void reader_go_on(struct loop *loop)
{
    struct reader *self = loop->reader;
    struct job *next, *job = self->early;
    self->early = NULL;
    self->early_end = &self->early;
    for (; job != NULL; job = next) {
        next = job->next;
        wait_or_push(loop, (struct read_job *)job);
    }
}

void reader_request(struct loop *loop, const struct net_request *request)
{
    struct read_job *job = take_in(loop, request);
    if (job == NULL)
        return;
    read_after(job);
    wait_or_push(loop, job);
}

void reader_request_log(struct loop *loop, const struct net_request *request)
{
    struct read_job *job = take_in(loop, request);
    if (job != NULL)
        worker_push(loop->reader->log.worker, &job->job);
}

void reader_let_go(struct loop *loop)
{
    struct read_job *job = job_new(sizeof *job);
    job->verb = "RELEASE";
    worker_push(loop->reader->asked.worker, &job->job);
}

/* Another process may answer it by now. */
static void answer_away(struct read_job *job)
{
    struct bus_error err = {0};
    (void)bus_fail_code(&err, BUS_RETRY, "BUS-AWAY", "%s", READ_AWAY);
    if (strcmp(job->reply_verb, "REPLY") == 0)
        reply_frames(job->job.arena, BUS_RETRY, &err, NULL, 0, (struct bus_bytes){0}, job->reply);
    else
        read_job_refuse(job, "AWAY", 500, READ_AWAY);
}

/* Whatever is asked after this answer, of whomever, is asked after all that it may have come from: also a
 * turn that the thread saw and the loop did not yet. */
static void tell_head(struct loop *loop, struct read_job *job)
{
    const struct bus_error none = {0};
    int64_t seq = store_head_get(loop->store)->last_seq;
    if (loop->under_way != NULL)
        seq += (int64_t)loop->under_way->said_n;
    if (job->answered)
        reply_frames(job->job.arena, BUS_OK, &none, NULL, seq, job->reply[1], job->reply);
}

static void answer(struct loop *loop, struct desk *desk)
{
    for (struct job *done; (done = worker_pop(desk->worker)) != NULL; job_free(done)) {
        struct read_job *job = (struct read_job *)done;
        if (job->reply_verb == NULL)
            continue; /* nobody asked */
        bus_failpoint("answer-read");
        loop->metrics.queries++;
        if (job->unready && away_may_be_replaced(loop))
            answer_away(job);
        tell_head(loop, job);
        net_let_go(loop->net, job->route, job->held);
        if (!net_reply(loop->net, job->route, job->reply_verb, job->reply, job->reply_n))
            refuse_busy(loop, job->route, "too much that was answered is not read yet");
    }
}

void reader_answer(struct loop *loop)
{
    answer(loop, &loop->reader->asked);
    answer(loop, &loop->reader->log);
}

int reader_fd(const struct loop *loop)
{
    return worker_fd(loop->reader->asked.worker);
}

int reader_log_fd(const struct loop *loop)
{
    return worker_fd(loop->reader->log.worker);
}
