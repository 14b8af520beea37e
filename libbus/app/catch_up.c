/* See catch_up.h. */
#include "app/catch_up.h"

#include <string.h>

#include "bus/cursor.h"
#include "bus/scan.h"
#include "flow/follow.h"

/* Of who reads the log. */
static void answer_log_err(struct read_job *job, enum bus_status status, const char *text)
{
    if (status == BUS_NOT_FOUND)
        read_job_refuse(job, "TRIMMED", 5000, text);
    else if (status == BUS_CONFLICT)
        read_job_refuse(job, "DIVERGED", 5000, text);
    else
        read_job_fail(job, status, text);
}

/* ---- HELLO */

static void hello(struct store_reader *store, const char *stream, struct read_job *job)
{
    struct bus_arena *arena = job->job.arena;
    struct bus_error err = {0};
    int64_t proto = FOLLOW_PROTO, seq = 0, epoch = 0;
    const char *id = "", *ours = NULL;
    struct bus_cursor at;
    struct store_batch head = {0};
    if (!bus_cursor_get_int(job->body[0], "seq", &seq) || seq < 0 ||
        !bus_cursor_get(job->body[0], "id", &at) || !bus_cursor_strdup(&at, arena, &id)) {
        read_job_refuse(job, "INVALID", 0,
                        "a HELLO holds seq and id, of the last event that was read (0 and \"\": none)");
        return;
    }
    job->asked = "seq";
    job->number = seq;
    (void)bus_cursor_get_int(job->body[0], "proto", &proto);
    if (proto != FOLLOW_PROTO) {
        read_job_refuse(job, "INVALID", 5000,
                        "this service speaks version 1 of the protocol, and you another");
        return;
    }
    (void)bus_cursor_get_int(job->body[0], "epoch", &epoch);
    enum bus_status status = store_reader_check(store, epoch, seq, arena, &ours, &head, &err);
    bool another = ours != NULL ? strcmp(ours, id) != 0 : seq > 0 && seq >= head.first_seq;
    if (status != BUS_OK) {
        answer_log_err(job, status, err.text);
    } else if (seq > head.head_seq || another) {
        read_job_refuse(job, "DIVERGED", 5000, "your last event is not in this log");
    } else if (seq + 1 < head.first_seq) {
        read_job_refuse(job, "TRIMMED", 5000, "the events after yours are no longer in this log");
    } else {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bus_pack_map(&out, 7);
        bus_pack_text(&out, "stream");
        bus_pack_text(&out, stream);
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
        read_job_answer(job, "WELCOME", &out);
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
    /* Up to a megabyte: copied once, rather than into a buffer first. */
    uint8_t *bytes = bus_alloc(job->job.arena, out.size + batch->run.events.size);
    memcpy(bytes, out.data, out.size);
    if (batch->run.events.size > 0)
        memcpy(bytes + out.size, batch->run.events.data, batch->run.events.size);
    job->reply_verb = "BATCH";
    job->reply[0] = bus_bytes(bytes, out.size + batch->run.events.size);
    job->reply_n = 1;
}

static void fetch(struct store_reader *store, struct read_job *job)
{
    struct bus_error err = {0};
    int64_t req = 0, epoch = 0, after = 0, max_n = FOLLOW_FETCH_N, max_bytes = FOLLOW_FETCH_BYTES;
    if (!bus_cursor_get_int(job->body[0], "req", &req) ||
        !bus_cursor_get_int(job->body[0], "after", &after) || after < STORE_END) {
        read_job_refuse(job, "INVALID", 0,
                        "a FETCH holds req and after, and may hold epoch, max_n and max_bytes");
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
    enum bus_status status =
        store_reader_fetch(store, epoch, after, (int)max_n, (size_t)max_bytes, job->job.arena, &batch, &err);
    if (status != BUS_OK)
        answer_log_err(job, status, err.text);
    else
        pack_batch(job, req, &batch);
}

void catch_up_answer(struct store_reader *store, const char *stream, struct read_job *job)
{
    if (!read_job_is_map(job))
        return;
    if (strcmp(job->verb, "HELLO") == 0)
        hello(store, stream, job);
    else
        fetch(store, job);
}
