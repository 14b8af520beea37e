/* Whose people and partnerships are: what the edge asks on behalf of who may not speak for all. */
#include "bus/service.h"
#include "schema/registry.h"
#include "sql/registry.h"

static enum bus_status places(struct bus_context *ctx, const struct registry_belonging *message,
                              struct registry_belonging_reply *reply)
{
    const char **sources = bus_alloc_array(ctx->arena, message->references_n, sizeof *sources);
    const char **externals = bus_alloc_array(ctx->arena, message->references_n, sizeof *externals);
    for (size_t i = 0; i < message->references_n; i++) {
        sources[i] = message->references[i].source;
        externals[i] = message->references[i].external_person;
    }
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(
        ctx->db, ctx->err, &rows, &registry_belonging_places, BUS_IDS(message->people, message->people_n),
        BUS_TEXTS(sources, message->references_n), BUS_TEXTS(externals, message->references_n));
    if (status != BUS_OK)
        return status;
    struct registry_belonging_reply_places *list = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++)
        list[i] =
            (struct registry_belonging_reply_places){.n = bus_row_int(&rows, i, 0),
                                                     .partnership = bus_row_text(&rows, i, 1, ctx->arena),
                                                     .nis = bus_row_text(&rows, i, 2, ctx->arena)};
    reply->places = list;
    reply->places_n = (size_t)rows.n;
    return BUS_OK;
}

static enum bus_status partnerships(struct bus_context *ctx, const struct registry_belonging *message,
                                    struct registry_belonging_reply *reply)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_belonging_partnerships,
                                       BUS_TEXTS(message->partnerships, message->partnerships_n));
    if (status != BUS_OK)
        return status;
    const char **list = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++)
        list[i] = bus_row_text(&rows, i, 0, ctx->arena);
    reply->partnerships = list;
    reply->partnerships_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status on_registry_belonging(struct bus_context *ctx, const struct registry_belonging *message)
{
    struct registry_belonging_reply reply = {0};
    enum bus_status status = places(ctx, message, &reply);
    if (status == BUS_OK)
        status = partnerships(ctx, message, &reply);
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
