/* What matching tells of the life of duos, and of help that was given. */
#include "bus/service.h"
#include "calendar.h"
#include "figures.h"
#include "referrals.h"
#include "schema/matching.h"
#include "schema/reporting.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"

#include <string.h>

static struct standing standing_of(struct bus_context *ctx, struct bus_id id, const char *programme,
                                   const char *nis, int64_t since_us)
{
    struct standing standing = {
        .id = id, .since_us = since_us, .distance_m = -1, .action = state_action(ctx, programme)};
    strncpy(standing.nis, nis, sizeof standing.nis - 1);
    return standing;
}

/* Where the event at hand stands, in the columns of a beginning or of an end. */
static struct bus_value seq_if(struct bus_context *ctx, bool so)
{
    return so ? BUS_INT(ctx->header->seq) : BUS_NULL;
}

static struct bus_value event_if(struct bus_context *ctx, bool so)
{
    return BUS_TEXT(so ? ctx->header->id : NULL);
}

static struct bus_value action_of(int64_t action)
{
    return action ? BUS_INT(action) : BUS_NULL;
}

struct duo_row {
    struct bus_id duo_id;
    const char *partnership, *programme, *nis;
    int64_t started_us, ended_us, distance_m, action;
    enum common_stop_reason reason;
};

static enum bus_status put_duo(struct bus_context *ctx, const struct duo_row *duo)
{
    bool ended = duo->ended_us != 0;
    return bus_exec(ctx->db, ctx->err, &reporting_duo_put, BUS_ID(duo->duo_id), BUS_TEXT(duo->partnership),
                    BUS_TEXT(duo->programme), BUS_TEXT(duo->nis),
                    duo->distance_m < 0 ? BUS_NULL : BUS_INT(duo->distance_m), BUS_TIME(duo->started_us),
                    BUS_TIME(duo->ended_us),
                    BUS_TEXT(bus_word_or_null(common_stop_reason_words, (int)duo->reason)),
                    BUS_TEXT(ctx->header->stream), seq_if(ctx, !ended), event_if(ctx, !ended),
                    seq_if(ctx, ended), event_if(ctx, ended), action_of(duo->action));
}

enum bus_status on_matching_duo_started(struct bus_context *ctx, const struct matching_duo_started *event)
{
    int64_t started_us = event->started ? event->started : ctx->header->time_us;
    struct duo_row duo = {.duo_id = event->duo_id,
                          .partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .started_us = started_us,
                          .distance_m = event->distance_m,
                          .action = state_action(ctx, event->programme)};
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .figure = REPORTING_FIGURE_DUOS_FORMED,
                          .amount_e2 = 100,
                          .day = belgian_day(started_us)};
    struct standing standing = standing_of(ctx, event->duo_id, event->programme, event->nis, started_us);
    standing.distance_m = event->distance_m;
    state_add_standing(ctx, &standing);
    enum bus_status status = put_duo(ctx, &duo);
    if (status == BUS_OK)
        status = tally_count(ctx, &tally, NULL);
    tally.figure = REPORTING_FIGURE_DUOS_ACTIVE;
    if (status == BUS_OK)
        status = tally_count(ctx, &tally, NULL);
    return status == BUS_OK
               ? referrals_note(ctx, &REFERRAL_NOTE(event, DUO_STARTED, .person = event->newcomer_id,
                                                    .other = event->volunteer_id))
               : status;
}

/* A duo that was never counted on is not counted off. */
static enum bus_status end_duo(struct bus_context *ctx, const struct duo_row *ended,
                               enum reporting_figure figure)
{
    struct duo_row duo = *ended;
    const struct standing *found = state_standing(ctx, duo.duo_id);
    struct standing standing = {0};
    if (found) {
        standing = *found;
        duo.nis = standing.nis;
        duo.started_us = standing.since_us;
        duo.distance_m = standing.distance_m;
        duo.action = standing.action;
    }
    if (duo.ended_us == 0)
        duo.ended_us = ctx->header->time_us;
    struct tally tally = {.partnership = duo.partnership,
                          .programme = duo.programme,
                          .nis = duo.nis,
                          .figure = figure,
                          .amount_e2 = 100,
                          .day = belgian_day(duo.ended_us),
                          .reason = duo.reason};
    enum bus_status status = put_duo(ctx, &duo);
    if (status == BUS_OK)
        status = tally_count(ctx, &tally, NULL);
    if (status != BUS_OK || !found)
        return status;
    state_drop_standing(ctx, duo.duo_id);
    tally.figure = REPORTING_FIGURE_DUOS_ACTIVE;
    tally.amount_e2 = -100;
    tally.off = &standing;
    tally.reason = COMMON_STOP_REASON_NONE;
    return tally_count(ctx, &tally, NULL);
}

/* Nobody was in a duo with themselves: what was counted of it is taken out; it stood for no day. */
static enum bus_status undo_duo(struct bus_context *ctx, const struct matching_duo_stopped *event)
{
    const struct standing *found = state_standing(ctx, event->duo_id);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_duo_undo, BUS_ID(event->duo_id),
                                       BUS_TEXT(event->partnership));
    for (int row = 0; status == BUS_OK && row < rows.n; row++)
        status = tally_take_out(ctx, bus_row_id(&rows, row, 0), REPORTING_CORRECTION_REASON_DOUBLE_COUNTED);
    if (status != BUS_OK || !found)
        return status;
    struct standing standing = *found;
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = standing.nis,
                          .figure = REPORTING_FIGURE_DUOS_ACTIVE,
                          .amount_e2 = -100,
                          .day = belgian_day(standing.since_us),
                          .off = &standing};
    state_drop_standing(ctx, event->duo_id);
    return tally_count(ctx, &tally, NULL);
}

enum bus_status on_matching_duo_stopped(struct bus_context *ctx, const struct matching_duo_stopped *event)
{
    enum bus_status status = referrals_note(
        ctx, &REFERRAL_NOTE(event, DUO_STOPPED, .person = event->newcomer_id, .other = event->volunteer_id));
    if (status != BUS_OK)
        return status;
    if (event->has_same_person && event->same_person)
        return undo_duo(ctx, event);
    struct duo_row duo = {.duo_id = event->duo_id,
                          .partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .started_us = event->started,
                          .distance_m = event->has_distance_m ? event->distance_m : -1,
                          .reason = event->reason,
                          .ended_us = event->ended};
    return end_duo(ctx, &duo, REPORTING_FIGURE_DUOS_STOPPED);
}

enum bus_status on_matching_duo_became_informal(struct bus_context *ctx,
                                                const struct matching_duo_became_informal *event)
{
    struct duo_row duo = {.duo_id = event->duo_id,
                          .partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .started_us = event->started,
                          .distance_m = event->has_distance_m ? event->distance_m : -1,
                          .ended_us = event->ended};
    enum bus_status status = end_duo(ctx, &duo, REPORTING_FIGURE_DUOS_INFORMAL);
    return status == BUS_OK
               ? referrals_note(ctx, &REFERRAL_NOTE(event, DUO_BECAME_INFORMAL, .person = event->newcomer_id,
                                                    .other = event->volunteer_id))
               : status;
}

enum bus_status on_matching_duo_contact_logged(struct bus_context *ctx,
                                               const struct matching_duo_contact_logged *event)
{
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .figure = REPORTING_FIGURE_HOURS,
                          .amount_e2 = amount_e2(event->hours)};
    if (tally.amount_e2 == 0 || !bus_date_parse(event->on_date, strlen(event->on_date), &tally.day))
        return BUS_OK;
    return tally_count(ctx, &tally, NULL);
}
