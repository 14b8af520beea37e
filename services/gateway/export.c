/* GET /v1/reports/export: the file itself, asked of reporting part after part while it is sent. */
#include <sodium.h>
#include <string.h>

#include "queries.h"
#include "routes.h"
#include "schema/reporting.h"

struct export
{
    struct reporting_export *query;
    const char *etag;
    int64_t size, at;
};

/* A part, decoded; false when it is none. */
static bool part_read(struct export *self, const struct reporting_export_reply *reply, struct bus_buffer *out)
{
    size_t most = strlen(reply->content) / 4 * 3 + 3, n = 0;
    uint8_t *at = bus_buffer_grow(out, most);
    if (sodium_base642bin(at, most, reply->content, strlen(reply->content), NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    out->size = out->size - most + n;
    self->at += (int64_t)n;
    return self->at <= self->size && (n > 0 || self->size == 0);
}

static void on_part(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct export *self = call->state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    const struct reporting_export_reply *reply =
        answer->status == BUS_OK ? answer_decode(answer, &reporting_export_type) : NULL;
    if (reply == NULL || strcmp(reply->etag, self->etag) != 0 || !part_read(self, reply, &out)) {
        feed_end(call, false); /* cut: half of one file and half of another is none */
        return;
    }
    feed_add(call, out.data, out.size);
}

static void on_hungry(struct call *call)
{
    struct export *self = call->state;
    self->query->offset = self->at;
    self->query->has_offset = true;
    if (self->at >= self->size)
        feed_end(call, true);
    else if (!call->asking)
        query_send(call, self->query, on_part);
}

static void on_first(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct export *self = call->state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (answer->status != BUS_OK) {
        call_refuse(call, answer);
        return;
    }
    const struct reporting_export_reply *reply = answer_decode(answer, &reporting_export_type);
    if (reply != NULL)
        self->size = reply->size_bytes;
    if (reply == NULL || !part_read(self, reply, &out)) {
        call_problem(call, 500, NULL, "reporting gave a file that cannot be read");
        return;
    }
    self->etag = bus_strdup(call->arena, reply->etag);
    call_set(call, "Content-Disposition",
             bus_printf(call->arena, "attachment; filename=\"%s\"", reply->file_name));
    call_set(call, "ETag", bus_printf(call->arena, "\"%s\"", reply->etag));
    call_feed(call, bus_strdup(call->arena, reply->media_type), (uint64_t)self->size, on_hungry, NULL);
    feed_add(call, out.data, out.size);
}

void export_get(struct call *call)
{
    struct reporting_export *query = query_read(call);
    if (query == NULL)
        return;
    struct export *self = bus_alloc(call->arena, sizeof *self);
    *self = (struct export){.query = query};
    query->has_offset = false; /* parts are our own affair: a caller gets the whole */
    call->state = self;
    query_send(call, query, on_first);
}
