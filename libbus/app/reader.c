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
    desk_open(&self->asked, loop);
    desk_open(&self->log, loop);
    loop->reader = self;
}

void reader_close(struct loop *loop)
{
    if (loop->reader == NULL)
        return;
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

static void push(struct loop *loop, struct desk *desk, const struct net_request *request)
{
    size_t bytes = QUESTION_BYTES + request->body[0].size + request->body[1].size;
    if (!net_hold(loop->net, request->route, bytes)) {
        refuse_busy(loop, request->route, "too much that you asked is not answered or not read yet");
        return;
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
    worker_push(desk->worker, &job->job);
}

void reader_request(struct loop *loop, const struct net_request *request)
{
    push(loop, &loop->reader->asked, request);
}

void reader_request_log(struct loop *loop, const struct net_request *request)
{
    push(loop, &loop->reader->log, request);
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
