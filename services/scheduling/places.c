/* See places.h. */
#include "places.h"

#include "agenda.h"

static enum bus_status move_up(struct bus_context *ctx, const struct series *series,
                               const struct waiter *waiter)
{
    enum bus_status status = enrolment_promote(ctx, series->series_id, waiter->person_id);
    if (status != BUS_OK)
        return status;
    return bus_say(ctx, &scheduling_promoted_type, bus_id_text(ctx, waiter->person_id),
                   &(struct scheduling_promoted){.series_id = series->series_id,
                                                 .person_id = waiter->person_id,
                                                 .partnership = series->partnership,
                                                 .programme = series->programme,
                                                 .nis = series->nis,
                                                 .waited_days = (ctx->now_us - waiter->since) / BUS_DAY_US});
}

enum bus_status places_fill(struct bus_context *ctx, const struct series *series, struct bus_id *ret_first)
{
    struct waiter *waiters = NULL;
    size_t n = 0;
    int32_t today = 0;
    int64_t free = enrolment_moves_up(series->capacity, series->enrolled_n, series->waiting_n);
    enum bus_status status = agenda_today(ctx, series, &today);
    if (status != BUS_OK || free == 0 || today > series->until_day)
        return status;
    status = waiting_first(ctx, series->series_id, free, &waiters, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = move_up(ctx, series, &waiters[i]);
    if (status == BUS_OK && n > 0 && ret_first != NULL)
        *ret_first = waiters[0].person_id;
    return status;
}

enum bus_status places_leave(struct bus_context *ctx, struct series *series, struct bus_id person_id,
                             enum common_leave_reason reason, struct bus_id *ret_first)
{
    enum bus_status status = enrolment_delete(ctx, series->series_id, person_id);
    if (status == BUS_OK)
        status = bus_say(ctx, &scheduling_unenrolled_type, bus_id_text(ctx, person_id),
                         &(struct scheduling_unenrolled){.series_id = series->series_id,
                                                         .person_id = person_id,
                                                         .partnership = series->partnership,
                                                         .programme = series->programme,
                                                         .nis = series->nis,
                                                         .state = series->own,
                                                         .reason = reason});
    if (status != BUS_OK)
        return status;
    if (series->own == SCHEDULING_ENROLMENT_STATE_ENROLLED)
        series->enrolled_n--;
    else
        series->waiting_n--;
    return places_fill(ctx, series, ret_first);
}
