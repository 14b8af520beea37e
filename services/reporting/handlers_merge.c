/* Two entries were one person: where both were counted as a person, the one that is no more is taken out. */
#include "handlers.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"

/* A closed report stands as it is. */
static enum bus_status take_out(struct bus_context *ctx, struct bus_id result_id)
{
    struct counted counted;
    enum bus_status status = tally_get(ctx, result_id, &counted);
    if (status != BUS_OK)
        return status;
    if (counted.now_e2 == 0 || state_is_closed(ctx, counted.partnership, counted.project_year))
        return BUS_OK;
    return tally_correct(ctx, &counted, 0, REPORTING_CORRECTION_REASON_DOUBLE_COUNTED);
}

enum bus_status on_person_merged(struct bus_context *ctx, const struct registry_person_merged *event)
{
    struct bus_value keep = BUS_ID(event->keep_id), drop = BUS_ID(event->drop_id);
    AUTO(bus_rows_done) struct bus_rows twice = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &twice, &reporting_counted_twice, keep, drop);
    for (int row = 0; status == BUS_OK && row < twice.n; row++)
        status = take_out(ctx, bus_row_id(&twice, row, 0));
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_counted_drop, keep, drop);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_counted_move, keep, drop);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_person_merge, keep, drop);
    state_forget_people(ctx);
    return status;
}
