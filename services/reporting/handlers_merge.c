/* Two entries were one person: where both were counted, as a person or in one session, the one that is no
 * more is taken out. */
#include "bus/service.h"
#include "calendar.h"
#include "figures.h"
#include "referrals.h"
#include "schema/registry.h"
#include "schema/reporting.h"
#include "schema/scheduling.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"
#include "waits.h"

/* What one entry helps, both help now. */
static enum bus_status look_at_waits(struct bus_context *ctx, struct bus_id person_id)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_stay_programmes, BUS_ID(person_id));
    for (int row = 0; status == BUS_OK && row < rows.n; row++)
        status = volunteer_look(ctx, person_id, bus_row_text(&rows, row, 0, ctx->arena));
    return status;
}

enum bus_status on_registry_person_merged(struct bus_context *ctx, const struct registry_person_merged *event)
{
    struct bus_value keep = BUS_ID(event->keep_id), drop = BUS_ID(event->drop_id);
    AUTO(bus_rows_done) struct bus_rows twice = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &twice, &reporting_counted_twice, keep, drop);
    for (int row = 0; status == BUS_OK && row < twice.n; row++)
        status = tally_take_out(ctx, bus_row_id(&twice, row, 0), REPORTING_CORRECTION_REASON_DOUBLE_COUNTED);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_counted_drop, keep, drop);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_counted_move, keep, drop);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_person_merge, keep, drop);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_help_merge, keep, drop);
    if (status == BUS_OK)
        status = look_at_waits(ctx, event->keep_id);
    if (status == BUS_OK)
        status = referrals_merge(ctx, event->keep_id, event->drop_id);
    state_forget_people(ctx);
    return status;
}

static enum bus_status take_one_out(struct bus_context *ctx, const struct scheduling_attendance_merged *event,
                                    enum reporting_figure figure, int64_t e2)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_attended_twice, BUS_TEXT(event->partnership),
                  BUS_TEXT(bus_word(reporting_figure_words, (int)figure)), BUS_INT(belgian_day(event->at)),
                  BUS_TEXT(event->programme), BUS_INT(e2), BUS_TEXT(scheduling_attended_type.type),
                  BUS_TEXT(bus_id_text(ctx, event->person_id)), BUS_TEXT(bus_id_text(ctx, event->drop_id)));
    if (status != BUS_OK || rows.n == 0)
        return status;
    return tally_take_out(ctx, bus_row_id(&rows, 0, 0), REPORTING_CORRECTION_REASON_DOUBLE_COUNTED);
}

enum bus_status on_scheduling_attendance_merged(struct bus_context *ctx,
                                                const struct scheduling_attendance_merged *event)
{
    int64_t hours_e2 = amount_e2(event->hours);
    enum bus_status status = take_one_out(ctx, event, REPORTING_FIGURE_PRACTICE_ATTENDANCES, 100);
    return status == BUS_OK && hours_e2 > 0 ? take_one_out(ctx, event, REPORTING_FIGURE_HOURS, hours_e2)
                                            : status;
}
