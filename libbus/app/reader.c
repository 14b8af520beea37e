/* See reader.h. */
#include "app/reader.h"

#include <stdlib.h>
#include <string.h>

#include "app/hold.h"
#include "app/reply.h"
#include "base/failpoint.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

#define READER_JOBS_MAX 2000
#define HOLD_MS         150000 /* without a query: longer than a conductor waits for a step */

struct read_job {
    struct job job;
    struct bus_bytes route;
    const char *verb;
    struct bus_bytes body[2];
    size_t body_n;
    int64_t now_us;
    const char *asked; /* "seq" of a HELLO, "req" of a FETCH: by it who asked knows the question again */
    int64_t number;
    bool unready; /* the database was away from us */
    const char *reply_verb;
    struct bus_bytes reply[2];
    size_t reply_n;
};

struct reader {
    const struct bus_service *service;
    struct store_config config;
    struct store_reader *store; /* the thread's own */
    struct hold hold;
    struct worker *worker;
};

static struct bus_bytes settle(struct bus_arena *arena, const struct bus_buffer *out)
{
    return bus_bytes(bus_copy(arena, out->data, out->size), out->size);
}

static void answer_err(struct read_job *job, const char *code, int64_t retry_ms, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    reply_error_pack(&out, job->asked, job->number, code, retry_ms, text);
    job->reply_verb = "ERR";
    job->reply[0] = settle(job->job.arena, &out);
    job->reply_n = 1;
}

/* What the database said of itself is not for who asked: it tells of our insides, and the loop logs it. */
static const char away[] = "the database is away; try again";

static void answer_store_err(struct read_job *job, enum bus_status status, const char *text)
{
    if (status != BUS_RETRY)
        bus_log_warn("a %s cannot be answered: %s", job->verb, text);
    job->unready = status == BUS_RETRY;
    answer_err(job, "BUSY", 500, status == BUS_RETRY ? away : text);
}

/* Of who reads the log. */
static void answer_log_err(struct read_job *job, enum bus_status status, const char *text)
{
    if (status == BUS_NOT_FOUND)
        answer_err(job, "TRIMMED", 5000, text);
    else if (status == BUS_CONFLICT)
        answer_err(job, "DIVERGED", 5000, text);
    else
        answer_store_err(job, status, text);
}

/* ---- HELLO */

static void hello(struct reader *self, struct read_job *job)
{
    struct bus_arena *arena = job->job.arena;
    struct bus_error err = {0};
    int64_t proto = FOLLOW_PROTO, seq = 0, epoch = 0;
    const char *id = "", *ours = NULL;
    struct bus_cursor at;
    struct store_batch head = {0};
    if (!bus_cursor_get_int(job->body[0], "seq", &seq) || seq < 0 ||
        !bus_cursor_get(job->body[0], "id", &at) || !bus_cursor_strdup(&at, arena, &id)) {
        answer_err(job, "INVALID", 0,
                   "a HELLO holds seq and id, of the last event that was read (0 and \"\": none)");
        return;
    }
    job->asked = "seq";
    job->number = seq;
    (void)bus_cursor_get_int(job->body[0], "proto", &proto);
    if (proto != FOLLOW_PROTO) {
        answer_err(job, "INVALID", 5000, "this service speaks version 1 of the protocol, and you another");
        return;
    }
    (void)bus_cursor_get_int(job->body[0], "epoch", &epoch);
    enum bus_status status = store_reader_check(self->store, epoch, seq, arena, &ours, &head, &err);
    if (status != BUS_OK) {
        answer_log_err(job, status, err.text);
    } else if (seq > head.head_seq ||
               (seq >= head.first_seq && seq > 0 && (ours == NULL || strcmp(ours, id) != 0))) {
        answer_err(job, "DIVERGED", 5000, "your last event is not in this log");
    } else if (seq + 1 < head.first_seq) {
        answer_err(job, "TRIMMED", 5000, "the events after yours are no longer in this log");
    } else {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bus_pack_map(&out, 7);
        bus_pack_text(&out, "stream");
        bus_pack_text(&out, self->service->name);
        bus_pack_text(&out, "seq");
        bus_pack_int(&out, seq);
        bus_pack_text(&out, "epoch");
        bus_pack_int(&out, head.epoch);
        bus_pack_text(&out, "writer");
        bus_pack_int(&out, head.writer);
        bus_pack_text(&out, "first");
        bus_pack_int(&out, head.first_seq);
        bus_pack_text(&out, "head");
        bus_pack_int(&out, head.head_seq);
        bus_pack_text(&out, "max_n");
        bus_pack_int(&out, FOLLOW_FETCH_N);
        job->reply_verb = "WELCOME";
        job->reply[0] = settle(arena, &out);
        job->reply_n = 1;
    }
}

/* ---- FETCH */

static void pack_batch(struct read_job *job, int64_t req, const struct store_batch *batch)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 7);
    bus_pack_text(&out, "req");
    bus_pack_int(&out, req);
    bus_pack_text(&out, "from");
    bus_pack_int(&out, batch->run.from);
    bus_pack_text(&out, "to");
    bus_pack_int(&out, batch->run.to);
    bus_pack_text(&out, "head");
    bus_pack_int(&out, batch->head_seq);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, batch->epoch);
    bus_pack_text(&out, "writer");
    bus_pack_int(&out, batch->writer);
    bus_pack_text(&out, "events");
    bus_pack_array(&out, batch->run.to > 0 ? (uint32_t)(batch->run.to - batch->run.from + 1) : 0);
    bus_pack_raw(&out, batch->run.events);
    job->reply_verb = "BATCH";
    job->reply[0] = settle(job->job.arena, &out);
    job->reply_n = 1;
}

static void fetch(struct reader *self, struct read_job *job)
{
    struct bus_error err = {0};
    int64_t req = 0, epoch = 0, after = 0, max_n = FOLLOW_FETCH_N, max_bytes = FOLLOW_FETCH_BYTES;
    if (!bus_cursor_get_int(job->body[0], "req", &req) ||
        !bus_cursor_get_int(job->body[0], "after", &after) || after < STORE_END) {
        answer_err(job, "INVALID", 0, "a FETCH holds req and after, and may hold epoch, max_n and max_bytes");
        return;
    }
    job->asked = "req";
    job->number = req;
    (void)bus_cursor_get_int(job->body[0], "epoch", &epoch);
    (void)bus_cursor_get_int(job->body[0], "max_n", &max_n);
    (void)bus_cursor_get_int(job->body[0], "max_bytes", &max_bytes);
    if (max_n < 1 || max_n > FOLLOW_FETCH_N)
        max_n = FOLLOW_FETCH_N;
    if (max_bytes < BUS_DATA_BYTES || max_bytes > FOLLOW_FETCH_BYTES)
        max_bytes = FOLLOW_FETCH_BYTES;
    struct store_batch batch = {0};
    enum bus_status status = store_reader_fetch(self->store, epoch, after, (int)max_n, (size_t)max_bytes,
                                                job->job.arena, &batch, &err);
    if (status != BUS_OK)
        answer_log_err(job, status, err.text);
    else
        pack_batch(job, req, &batch);
}

/* ---- QUERY */

static enum bus_status run_query(struct reader *self, struct read_job *job, struct store_reader *store,
                                 struct bus_turn *turn, struct bus_faults *faults, struct bus_error *err)
{
    struct bus_arena *arena = job->job.arena;
    struct bus_header header = {0};
    void *value = NULL;
    if (job->body_n != 2)
        return bus_fail(err, BUS_INVALID, "a query is two frames: header and data");
    enum bus_status status = bus_header_decode(job->body[0], arena, &header, err);
    if (status == BUS_OK)
        status = bus_scan_map(job->body[1], &bus_scan_command, err);
    if (status != BUS_OK)
        return status;
    const struct bus_on *on = on_find(self->service->queries, header.type);
    if (on == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "%s has no query %s", self->service->name, header.type);
    status = bus_decode(on->type->shape, job->body[1], false, arena, &value, faults, err);
    if (status != BUS_OK)
        return status;
    struct bus_db *db = NULL;
    status = store_reader_begin(store, &db, err);
    if (status != BUS_OK)
        return status;
    struct bus_context ctx = {
        .now_us = job->now_us, .header = &header, .arena = arena, .db = db, .err = err, .turn = turn};
    turn->reply_shape = on->type->reply;
    status = on->type->call(on->handle, &ctx, value);
    if (status == BUS_BUG)
        bus_log_warn("%s failed: %s", on->type->type, err->text);
    store_reader_end(store);
    return status;
}

static void query(struct reader *self, struct read_job *job)
{
    struct bus_turn turn = {.arena = job->job.arena};
    struct bus_error err = {0};
    struct bus_faults faults = {0};
    struct store_reader *store = NULL;
    enum bus_status status = hold_store(&self->hold, self->store, &store, &err);
    if (status == BUS_OK) {
        status = run_query(self, job, store, &turn, &faults, &err);
        job->unready = status == BUS_RETRY;
        if (status == BUS_RETRY)
            (void)bus_fail_code(&err, BUS_RETRY, "BUS-NOT-READY", "%s", away);
    }
    reply_frames(job->job.arena, status, &err, &faults, 0, turn.reply, job->reply);
    job->reply_verb = "REPLY";
    job->reply_n = 2;
}

/* ---- HOLD */

static void hold(struct reader *self, struct read_job *job)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    struct bus_cursor at;
    bool on = false;
    int64_t ms = HOLD_MS;
    (void)bus_cursor_get_int(job->body[0], "ms", &ms);
    if (!bus_cursor_get(job->body[0], "on", &at) || !bus_cursor_bool(&at, &on) || ms < 1 || ms > HOLD_MS) {
        answer_err(job, "INVALID", 0, "a HOLD holds on, and ms between 1 and 150000");
        return;
    }
    enum bus_status status =
        on ? hold_begin(&self->hold, &self->config, ms, &err) : hold_end(&self->hold, &err);
    if (status != BUS_OK) {
        answer_store_err(job, status, err.text);
        return;
    }
    bus_pack_map(&out, 0);
    job->reply_verb = "HELD";
    job->reply[0] = settle(job->job.arena, &out);
    job->reply_n = 1;
}

/* ---- ADMIN that only reads */

static void state_hash(struct reader *self, struct read_job *job)
{
    struct bus_arena *arena = job->job.arena;
    struct bus_error err = {0};
    const char *const *tables = NULL, *const *hexes = NULL, *whole = NULL;
    size_t n = 0;
    enum bus_status status = store_reader_state_hash(self->store, arena, &whole, &err);
    if (status == BUS_OK)
        status = store_reader_table_hashes(self->store, arena, &tables, &hexes, &n, &err);
    if (status != BUS_OK) {
        answer_store_err(job, status, err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 2);
    bus_pack_text(&out, "hash");
    bus_pack_text(&out, whole);
    bus_pack_text(&out, "tables");
    bus_pack_map(&out, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        bus_pack_text(&out, tables[i]);
        bus_pack_text(&out, hexes[i]);
    }
    job->reply_verb = "ADMIN";
    job->reply[0] = settle(arena, &out);
    job->reply_n = 1;
}

/* ---- the thread */

/* With the first request, and again with each while the database is away. */
static bool ready(struct reader *self, struct read_job *job)
{
    struct bus_error err = {0};
    if (self->store != NULL || store_reader_open(&self->config, &self->store, &err) == BUS_OK)
        return true;
    if (strcmp(job->verb, "QUERY") != 0) {
        answer_store_err(job, BUS_RETRY, err.text);
        return false;
    }
    job->unready = true;
    (void)bus_fail_code(&err, BUS_RETRY, "BUS-NOT-READY", "%s", away);
    reply_frames(job->job.arena, BUS_RETRY, &err, NULL, 0, (struct bus_bytes){0}, job->reply);
    job->reply_verb = "REPLY";
    job->reply_n = 2;
    return false;
}

static void work(void *context, struct job *base)
{
    struct reader *self = context;
    struct read_job *job = (struct read_job *)base;
    struct bus_error err = {0};
    bool is_query = strcmp(job->verb, "QUERY") == 0;
    if (strcmp(job->verb, "RELEASE") == 0) {
        hold_done(&self->hold);
        return;
    }
    if (!ready(self, job))
        return;
    if (!is_query && (job->body_n != 1 || bus_scan_map(job->body[0], &bus_scan_data, &err) != BUS_OK))
        answer_err(job, "INVALID", 0, "the request is one frame, a msgpack map");
    else if (is_query)
        query(self, job);
    else if (strcmp(job->verb, "HELLO") == 0)
        hello(self, job);
    else if (strcmp(job->verb, "FETCH") == 0)
        fetch(self, job);
    else if (strcmp(job->verb, "HOLD") == 0)
        hold(self, job);
    else
        state_hash(self, job);
}

static void close_store(void *context)
{
    struct reader *self = context;
    store_reader_close(&self->store);
    hold_done(&self->hold);
}

void reader_open(struct loop *loop)
{
    struct reader *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    *self = (struct reader){
        .service = loop->service,
        .config = {.service = loop->service->name,
                   .conninfo = loop->config->database,
                   .password = loop->config->database_password,
                   .statements = loop->service->statements},
    };
    self->worker = worker_new(work, NULL, close_store, self);
    loop->reader = self;
}

void reader_request(struct loop *loop, const struct net_request *request)
{
    struct read_job *job = job_new(sizeof *job);
    struct bus_arena *arena = job->job.arena;
    job->route = bus_bytes(bus_copy(arena, request->route.data, request->route.size), request->route.size);
    job->verb = bus_strdup(arena, request->verb);
    job->now_us = loop_now(loop);
    job->body_n = request->body_n;
    for (size_t i = 0; i < request->body_n; i++)
        job->body[i] =
            bus_bytes(bus_copy(arena, request->body[i].data, request->body[i].size), request->body[i].size);
    if (worker_pending(loop->reader->worker) < READER_JOBS_MAX) {
        worker_push(loop->reader->worker, &job->job);
        return;
    }
    answer_err(job, "BUSY", 500, "too many requests are waiting");
    net_reply(loop->net, job->route, job->reply_verb, job->reply, job->reply_n);
    job_free(&job->job);
}

void reader_let_go(struct loop *loop)
{
    struct read_job *job = job_new(sizeof *job);
    job->verb = "RELEASE";
    worker_push(loop->reader->worker, &job->job);
}

/* Another process may answer it by now. */
static void answer_away(struct read_job *job)
{
    struct bus_error err = {0};
    (void)bus_fail_code(&err, BUS_RETRY, "BUS-AWAY", "%s", away);
    if (strcmp(job->reply_verb, "REPLY") == 0)
        reply_frames(job->job.arena, BUS_RETRY, &err, NULL, 0, (struct bus_bytes){0}, job->reply);
    else
        answer_err(job, "AWAY", 500, away);
}

void reader_answer(struct loop *loop)
{
    for (struct job *done; (done = worker_pop(loop->reader->worker)) != NULL; job_free(done)) {
        struct read_job *job = (struct read_job *)done;
        if (job->reply_verb == NULL)
            continue; /* nobody asked */
        bus_failpoint("answer-read");
        loop->metrics.queries++;
        if (job->unready && away_may_be_replaced(loop))
            answer_away(job);
        net_reply(loop->net, job->route, job->reply_verb, job->reply, job->reply_n);
    }
}

void reader_close(struct loop *loop)
{
    if (loop->reader == NULL)
        return;
    worker_free(&loop->reader->worker);
    free(loop->reader);
    loop->reader = NULL;
}

int reader_fd(const struct loop *loop)
{
    return worker_fd(loop->reader->worker);
}
