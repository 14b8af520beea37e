/* See enrolment_store.h. */
#include "enrolment_store.h"

#include "sql/scheduling.h"
#include "state.h"

enum bus_status enrolled_people(struct bus_context *ctx, struct bus_id series_id, int64_t by_us,
                                struct bus_id **ret, size_t *ret_n)
{
    const struct bus_rows *rows = NULL;
    enum bus_status status =
        kept_query(state_kept(ctx->state), ctx, &scheduling_enrolled_people, series_id, &rows);
    if (status != BUS_OK)
        return status;
    struct bus_id *people = bus_alloc_array(ctx->arena, (size_t)rows->n, sizeof *people);
    size_t n = 0;
    for (int i = 0; i < rows->n; i++)
        if (bus_row_time(rows, i, 1) <= by_us)
            people[n++] = bus_row_id(rows, i, 0);
    *ret = people;
    *ret_n = n;
    return BUS_OK;
}

enum bus_status waiting_first(struct bus_context *ctx, struct bus_id series_id, int64_t max,
                              struct waiter **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_waiting_first, BUS_ID(series_id), BUS_INT(max));
    if (status != BUS_OK)
        return status;
    *ret_n = (size_t)rows.n;
    *ret = bus_alloc_array(ctx->arena, *ret_n, sizeof **ret);
    for (int i = 0; i < rows.n; i++)
        (*ret)[i] = (struct waiter){.person_id = bus_row_id(&rows, i, 0), .since = bus_row_time(&rows, i, 1)};
    return BUS_OK;
}

static enum scheduling_enrolment_state read_state(const struct bus_rows *rows, int row, int column)
{
    return (enum scheduling_enrolment_state)bus_row_word(rows, row, column, scheduling_enrolment_state_words);
}

enum bus_status enrolments_of(struct bus_context *ctx, struct bus_id person_id, struct bus_id other_id,
                              struct enrolment **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_enrolments_of, BUS_ID(person_id), BUS_ID(other_id));
    if (status != BUS_OK)
        return status;
    *ret_n = (size_t)rows.n;
    *ret = bus_alloc_array(ctx->arena, *ret_n, sizeof **ret);
    for (int i = 0; i < rows.n; i++)
        (*ret)[i] = (struct enrolment){.series_id = bus_row_id(&rows, i, 0),
                                       .state = read_state(&rows, i, 1),
                                       .other = read_state(&rows, i, 2),
                                       .is_better = bus_row_bool(&rows, i, 3)};
    return BUS_OK;
}

enum bus_status enrolment_put(struct bus_context *ctx, struct bus_id series_id, struct bus_id person_id,
                              enum scheduling_enrolment_state state, int64_t position)
{
    kept_forget(state_kept(ctx->state), series_id);
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &scheduling_enrolment_put, BUS_ID(series_id), BUS_ID(person_id),
                 BUS_TEXT(bus_word(scheduling_enrolment_state_words, (int)state)), BUS_INT(position),
                 BUS_TIME(ctx->now_us));
    if (status != BUS_OK)
        return status;
    return bus_exec(ctx->db, ctx->err, &scheduling_series_position, BUS_ID(series_id));
}

enum bus_status enrolment_promote(struct bus_context *ctx, struct bus_id series_id, struct bus_id person_id)
{
    kept_forget(state_kept(ctx->state), series_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_enrolment_promote, BUS_ID(series_id), BUS_ID(person_id),
                    BUS_TIME(ctx->now_us));
}

enum bus_status enrolment_delete(struct bus_context *ctx, struct bus_id series_id, struct bus_id person_id)
{
    kept_forget(state_kept(ctx->state), series_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_enrolment_delete, BUS_ID(series_id), BUS_ID(person_id));
}

enum bus_status enrolment_rename(struct bus_context *ctx, struct bus_id series_id, struct bus_id from_id,
                                 struct bus_id to_id)
{
    kept_forget(state_kept(ctx->state), series_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_enrolment_rename, BUS_ID(series_id), BUS_ID(from_id),
                    BUS_ID(to_id));
}
