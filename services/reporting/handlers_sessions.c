/* What scheduling tells: sessions, and who used the opportunity to practise. What counts as one opportunity
 * is not settled, so people and attendances are both counted. */
#include "bus/service.h"
#include "calendar.h"
#include "figures.h"
#include "persons.h"
#include "schema/scheduling.h"
#include "sql/reporting.h"
#include "state.h"

enum bus_status on_scheduling_session_held(struct bus_context *ctx,
                                           const struct scheduling_session_held *event)
{
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .figure = REPORTING_FIGURE_SESSIONS_HELD,
                          .amount_e2 = 100,
                          .day = belgian_day(event->at)};
    enum bus_status status = tally_count(ctx, &tally, NULL);
    if (status != BUS_OK || event->guests == 0)
        return status;
    tally.figure = REPORTING_FIGURE_PRACTICE_GUESTS;
    tally.amount_e2 = event->guests * 100;
    status = tally_count(ctx, &tally, NULL);
    tally.figure = REPORTING_FIGURE_HOURS;
    tally.amount_e2 = event->guests * amount_e2(event->hours);
    return status == BUS_OK && tally.amount_e2 > 0 ? tally_count(ctx, &tally, NULL) : status;
}

/* Counts where they lived when it was recorded, as is told with it. Where it is not, as they live by now; and
 * who is not known any more, where the session was. */
enum bus_status on_scheduling_attended(struct bus_context *ctx, const struct scheduling_attended *event)
{
    struct person *person = NULL;
    enum bus_status status = state_person(ctx, event->person_id, &person);
    if (status != BUS_OK)
        return status;
    const char *nis = event->home_nis ? event->home_nis : person_nis(person);
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = nis[0] ? nis : event->nis,
                          .figure = REPORTING_FIGURE_PRACTICE_ATTENDANCES,
                          .amount_e2 = 100,
                          .day = belgian_day(event->at)};
    status = tally_count(ctx, &tally, NULL);
    if (status == BUS_OK)
        status = persons_count(ctx, person, tally);
    tally.figure = REPORTING_FIGURE_HOURS;
    tally.amount_e2 = amount_e2(event->hours);
    return status == BUS_OK && tally.amount_e2 > 0 ? tally_count(ctx, &tally, NULL) : status;
}

enum bus_status on_scheduling_attendance_withdrawn(struct bus_context *ctx,
                                                   const struct scheduling_attendance_withdrawn *event)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_attended_counted,
                                       BUS_TEXT(event->partnership), BUS_INT(belgian_day(event->at)),
                                       BUS_TEXT(event->programme), BUS_TEXT(scheduling_attended_type.type),
                                       BUS_ID(event->person_id), BUS_INT(amount_e2(event->hours)));
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        struct bus_id line_id = bus_row_id(&rows, row, 0);
        status = bus_row_bool(&rows, row, 1)
                     ? persons_withdraw(ctx, line_id)
                     : tally_take_out(ctx, line_id, REPORTING_CORRECTION_REASON_NOT_THERE);
    }
    return status;
}
