/* See attendance_store.h. */
#include "attendance_store.h"

#include "sql/scheduling.h"

enum bus_status attendance_put(struct bus_context *ctx, struct bus_id session_id, struct bus_id person_id,
                               bool present, bool had_place)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_attendance_put, BUS_ID(session_id), BUS_ID(person_id),
                    BUS_BOOL(present), BUS_BOOL(had_place));
}

enum bus_status attendance_of(struct bus_context *ctx, struct bus_id session_id, double *ret_hours,
                              struct attendance **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_attendance_of, BUS_ID(session_id));
    if (status != BUS_OK)
        return status;
    *ret = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof **ret);
    *ret_n = 0;
    for (int row = 0; row < rows.n; row++) {
        *ret_hours = bus_row_number(&rows, row, 0);
        if (!bus_row_null(&rows, row, 1))
            (*ret)[(*ret_n)++] = (struct attendance){.person_id = bus_row_id(&rows, row, 1),
                                                     .present = bus_row_bool(&rows, row, 2),
                                                     .enrolled = bus_row_bool(&rows, row, 3)};
    }
    return BUS_OK;
}

enum bus_status attendance_correct(struct bus_context *ctx, struct bus_id session_id,
                                   const struct attendance *right)
{
    if (!right->present && !right->enrolled)
        return bus_exec(ctx->db, ctx->err, &scheduling_attendance_delete, BUS_ID(session_id),
                        BUS_ID(right->person_id));
    return bus_exec(ctx->db, ctx->err, &scheduling_attendance_correct, BUS_ID(session_id),
                    BUS_ID(right->person_id), BUS_BOOL(right->present), BUS_BOOL(right->enrolled));
}

enum bus_status attendance_recount(struct bus_context *ctx, struct bus_id session_id, int64_t attended_n,
                                   int64_t missed_n)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_attendance_recount, BUS_ID(session_id),
                    BUS_INT(attended_n), BUS_INT(missed_n));
}
