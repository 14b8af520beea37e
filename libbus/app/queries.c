/* See queries.h. */
#include "app/queries.h"

#include <string.h>

#include "app/reply.h"
#include "app/turn.h"
#include "bus/cursor.h"
#include "bus/scan.h"

#define HOLD_MS 150000 /* without a query: longer than a conductor waits for a step */

/* ---- QUERY */

static enum bus_status run_query(const struct bus_service *service, struct read_job *job,
                                 struct store_reader *store, struct bus_turn *turn, struct bus_faults *faults,
                                 struct bus_error *err)
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
    const struct bus_on *on = on_find(service->queries, header.type);
    if (on == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "%s has no query %s", service->name, header.type);
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

void queries_refuse(struct read_job *job)
{
    struct bus_error err = {0};
    job->unready = true;
    (void)bus_fail_code(&err, BUS_RETRY, "BUS-NOT-READY", "%s", READ_AWAY);
    reply_frames(job->job.arena, BUS_RETRY, &err, NULL, 0, (struct bus_bytes){0}, job->reply);
    job->reply_verb = "REPLY";
    job->reply_n = 2;
}

static void query(struct queries *self, struct store_reader *now, struct read_job *job)
{
    struct bus_turn turn = {.arena = job->job.arena};
    struct bus_error err = {0};
    struct bus_faults faults = {0};
    struct store_reader *store = NULL;
    enum bus_status status = hold_store(&self->hold, now, &store, &err);
    if (status == BUS_OK) {
        status = run_query(self->service, job, store, &turn, &faults, &err);
        if (status == BUS_RETRY) {
            queries_refuse(job);
            return;
        }
    }
    reply_frames(job->job.arena, status, &err, &faults, 0, turn.reply, job->reply);
    job->answered = status == BUS_OK;
    job->reply_verb = "REPLY";
    job->reply_n = 2;
}

/* ---- HOLD */

static void hold(struct queries *self, struct read_job *job)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    struct bus_cursor at;
    bool on = false;
    int64_t ms = HOLD_MS;
    (void)bus_cursor_get_int(job->body[0], "ms", &ms);
    if (!bus_cursor_get(job->body[0], "on", &at) || !bus_cursor_bool(&at, &on) || ms < 1 || ms > HOLD_MS) {
        read_job_refuse(job, "INVALID", 0, "a HOLD holds on, and ms between 1 and 150000");
        return;
    }
    enum bus_status status =
        on ? hold_begin(&self->hold, self->config, ms, &err) : hold_end(&self->hold, &err);
    if (status != BUS_OK) {
        read_job_fail(job, status, err.text);
        return;
    }
    bus_pack_map(&out, 0);
    read_job_answer(job, "HELD", &out);
}

/* ---- ADMIN that only reads */

static void state_hash(struct store_reader *store, struct read_job *job)
{
    struct bus_arena *arena = job->job.arena;
    struct bus_error err = {0};
    const char *const *tables = NULL, *const *hexes = NULL, *whole = NULL;
    size_t n = 0;
    enum bus_status status = store_reader_state_hash(store, arena, &whole, &err);
    if (status == BUS_OK)
        status = store_reader_table_hashes(store, arena, &tables, &hexes, &n, &err);
    if (status != BUS_OK) {
        read_job_fail(job, status, err.text);
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
    read_job_answer(job, "ADMIN", &out);
}

void queries_answer(struct queries *self, struct store_reader *store, struct read_job *job)
{
    if (strcmp(job->verb, "QUERY") == 0)
        query(self, store, job);
    else if (!read_job_is_map(job))
        return;
    else if (strcmp(job->verb, "HOLD") == 0)
        hold(self, job);
    else
        state_hash(store, job);
}
