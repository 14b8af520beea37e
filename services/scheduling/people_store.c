/* See people_store.h. */
#include "people_store.h"

#include "sql/scheduling.h"

enum bus_status people_current(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                               struct person **ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &scheduling_people_look, BUS_IDS(ids, n));
    if (status != BUS_OK)
        return status;
    struct person *people = bus_alloc_array(ctx->arena, n, sizeof *people);
    for (size_t i = 0; i < n; i++) {
        if (bus_row_bool(&rows, (int)i, 1))
            return bus_fail(ctx->err, BUS_CONFLICT, "person %s was erased; leave them out",
                            bus_id_text(ctx, ids[i]));
        if (bus_row_null(&rows, (int)i, 2))
            return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no person %s", bus_id_text(ctx, ids[i]));
        people[i] = (struct person){.id = bus_row_id(&rows, (int)i, 0),
                                    .partnership = bus_row_text(&rows, (int)i, 2, ctx->arena)};
    }
    *ret = people;
    return BUS_OK;
}

enum bus_status person_put(struct bus_context *ctx, struct bus_id person_id, const char *partnership)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_person_put, BUS_ID(person_id), BUS_TEXT(partnership));
}

enum bus_status person_gone(struct bus_context *ctx, struct bus_id person_id, struct bus_id keep_id)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_gone_put, BUS_ID(person_id), BUS_ID(keep_id));
}

enum bus_status person_forget(struct bus_context *ctx, struct bus_id person_id)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_forget_person, BUS_ID(person_id));
}

enum bus_status person_merge(struct bus_context *ctx, struct bus_id drop_id, struct bus_id keep_id)
{
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &scheduling_merge_proposals, BUS_ID(drop_id), BUS_ID(keep_id));
    if (status != BUS_OK)
        return status;
    return bus_exec(ctx->db, ctx->err, &scheduling_merge_attendance, BUS_ID(drop_id), BUS_ID(keep_id));
}
