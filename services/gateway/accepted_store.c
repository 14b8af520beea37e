/* See accepted_store.h. */
#include "accepted_store.h"

#include <string.h>

#include "sql/gateway.h"

static enum bus_status conflict(struct bus_context *ctx, const struct accepted *event)
{
    return bus_fail(ctx->err, BUS_CONFLICT,
                    "event %s was accepted before with other content; give a new event a new id", event->id);
}

static bool same_key(const struct accepted *a, const char *source, const char *id)
{
    return strcmp(a->source, source) == 0 && strcmp(a->id, id) == 0;
}

enum bus_status accepted_find(struct bus_context *ctx, struct accepted *events, size_t n)
{
    const char **sources = bus_alloc_array(ctx->arena, n, sizeof *sources);
    const char **ids = bus_alloc_array(ctx->arena, n, sizeof *ids);
    for (size_t i = 0; i < n; i++) {
        sources[i] = events[i].source;
        ids[i] = events[i].id;
    }
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &gateway_accepted_find, BUS_TEXTS(sources, n), BUS_TEXTS(ids, n));
    if (status != BUS_OK)
        return status;
    for (int row = 0; row < rows.n; row++) {
        const char *source = bus_row_text(&rows, row, 0, ctx->arena),
                   *id = bus_row_text(&rows, row, 1, ctx->arena);
        struct bus_bytes digest = bus_row_bytes(&rows, row, 2, ctx->arena);
        for (size_t i = 0; i < n; i++) {
            if (!same_key(&events[i], source, id))
                continue;
            if (!bus_bytes_equal(digest, bus_bytes(events[i].digest, ACCEPTED_DIGEST)))
                return conflict(ctx, &events[i]);
            events[i].seq = bus_row_int(&rows, row, 3);
        }
    }
    return BUS_OK;
}

enum bus_status accepted_put(struct bus_context *ctx, const struct accepted *event)
{
    return bus_exec(ctx->db, ctx->err, &gateway_accepted_put, BUS_TEXT(event->source), BUS_TEXT(event->id),
                    BUS_BYTES(bus_bytes(event->digest, ACCEPTED_DIGEST)), BUS_INT(event->seq));
}
