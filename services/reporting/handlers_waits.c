/* Who waits: on matching's lists, and for a buddy with a request. A volunteer stays on the list while they
 * help somebody, and does not wait then: their stay has a wait before the help and another after it. */
#include "bus/service.h"
#include "calendar.h"
#include "figures.h"
#include "referrals.h"
#include "schema/matching.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"
#include "waits.h"

static enum bus_status is_helping(struct bus_context *ctx, struct bus_id person_id, const char *programme,
                                  bool *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_help_is_given, BUS_ID(person_id), BUS_TEXT(programme));
    *ret = status == BUS_OK && rows.n > 0;
    return status;
}

static enum bus_status put_stay(struct bus_context *ctx, struct bus_id stay_id, const struct wait *wait,
                                struct bus_id person_id)
{
    return bus_exec(ctx->db, ctx->err, &reporting_stay_put, BUS_ID(stay_id), BUS_TEXT(wait->partnership),
                    BUS_TEXT(wait->programme), BUS_ID(person_id), BUS_TEXT(wait->nis), BUS_ID(wait->id));
}

/* Matching may name an entry that registry has merged since. */
static enum bus_status who_is(struct bus_context *ctx, struct bus_id *id)
{
    struct person *person = NULL;
    enum bus_status status = state_person(ctx, *id, &person);
    if (status == BUS_OK)
        *id = person_id(person);
    return status;
}

enum bus_status volunteer_look(struct bus_context *ctx, struct bus_id person_id, const char *programme)
{
    bool helps = false;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = is_helping(ctx, person_id, programme, &helps);
    if (status == BUS_OK)
        status =
            bus_query(ctx->db, ctx->err, &rows, &reporting_stays_of, BUS_ID(person_id), BUS_TEXT(programme));
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        struct wait wait = {.partnership = bus_row_text(&rows, row, 1, ctx->arena),
                            .programme = programme,
                            .nis = bus_row_text(&rows, row, 2, ctx->arena),
                            .side = COMMON_SIDE_VOLUNTEER};
        bool waits = !bus_row_null(&rows, row, 3);
        if (waits != helps)
            continue;
        wait.id = waits ? bus_row_id(&rows, row, 3) : bus_new_id(ctx);
        status = waits ? wait_end(ctx, &wait, ctx->header->time_us, WAIT_HELP)
                       : wait_begin(ctx, &wait, ctx->header->time_us);
        if (waits)
            wait.id = (struct bus_id){0};
        if (status == BUS_OK)
            status = put_stay(ctx, bus_row_id(&rows, row, 0), &wait, person_id);
    }
    return status;
}

enum bus_status on_matching_waiting_started(struct bus_context *ctx,
                                            const struct matching_waiting_started *event)
{
    bool helps = false;
    struct bus_id volunteer = event->person_id;
    struct wait wait = {.id = event->waiting_id,
                        .partnership = event->partnership,
                        .programme = event->programme,
                        .nis = event->nis,
                        .side = event->side};
    enum bus_status status =
        referrals_note(ctx, &REFERRAL_NOTE(event, WAITING_STARTED, .person = event->person_id));
    if (status != BUS_OK)
        return status;
    if (event->side == COMMON_SIDE_NEWCOMER)
        return wait_begin(ctx, &wait, event->since);
    status = who_is(ctx, &volunteer);
    if (status == BUS_OK)
        status = is_helping(ctx, volunteer, event->programme, &helps);
    if (status == BUS_OK && !helps)
        status = wait_begin(ctx, &wait, event->since);
    if (helps)
        wait.id = (struct bus_id){0};
    return status == BUS_OK ? put_stay(ctx, event->waiting_id, &wait, volunteer) : status;
}

/* The wait that runs in a stay that ends; of a stay that is not known, its own. */
static enum bus_status end_stay(struct bus_context *ctx, struct bus_id stay_id, struct bus_id *ret_wait_id)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_stay_end, BUS_ID(stay_id));
    *ret_wait_id = stay_id;
    if (status == BUS_OK && rows.n > 0)
        *ret_wait_id = bus_row_null(&rows, 0, 0) ? (struct bus_id){0} : bus_row_id(&rows, 0, 0);
    return status;
}

/* The others have a step of their own, or are told of under another id. */
static bool is_in_no_duo(enum matching_waiting_outcome outcome)
{
    return outcome != MATCHING_WAITING_OUTCOME_DUO && outcome != MATCHING_WAITING_OUTCOME_ERASED &&
           outcome != MATCHING_WAITING_OUTCOME_MERGED;
}

enum bus_status on_matching_waiting_ended(struct bus_context *ctx, const struct matching_waiting_ended *event)
{
    struct wait wait = {.id = event->waiting_id,
                        .partnership = event->partnership,
                        .programme = event->programme,
                        .side = event->side};
    enum bus_status status =
        is_in_no_duo(event->outcome)
            ? referrals_note(ctx, &REFERRAL_NOTE(event, WAITING_ENDED, .person = event->person_id))
            : BUS_OK;
    if (status == BUS_OK && event->side == COMMON_SIDE_VOLUNTEER)
        status = end_stay(ctx, event->waiting_id, &wait.id);
    if (status != BUS_OK)
        return status;
    return wait_end(ctx, &wait, event->until, bus_word(matching_waiting_outcome_words, (int)event->outcome));
}

/* ---- requests */

enum bus_status on_matching_help_request_opened(struct bus_context *ctx,
                                                const struct matching_help_request_opened *event)
{
    struct wait wait = {.id = event->request_id,
                        .partnership = event->partnership,
                        .programme = event->programme,
                        .nis = event->nis,
                        .side = COMMON_SIDE_NEWCOMER};
    enum bus_status status = wait_begin(ctx, &wait, ctx->header->time_us);
    return status == BUS_OK
               ? referrals_note(ctx, &REFERRAL_NOTE(event, HELP_REQUEST_OPENED, .person = event->person_id))
               : status;
}

/* Nobody has it any more; who had it may wait again. */
static enum bus_status end_help(struct bus_context *ctx, struct bus_id request_id, const char *programme)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_help_end, BUS_ID(request_id));
    if (status != BUS_OK || rows.n == 0)
        return status;
    return volunteer_look(ctx, bus_row_id(&rows, 0, 0), programme);
}

enum bus_status on_matching_help_request_assigned(struct bus_context *ctx,
                                                  const struct matching_help_request_assigned *event)
{
    struct wait wait = {.id = event->request_id,
                        .partnership = event->partnership,
                        .programme = event->programme,
                        .side = COMMON_SIDE_NEWCOMER};
    struct bus_id buddy = event->buddy_id;
    enum bus_status status = wait_end(ctx, &wait, ctx->header->time_us, WAIT_HELP);
    if (status == BUS_OK)
        status = who_is(ctx, &buddy);
    if (status == BUS_OK)
        status = end_help(ctx, event->request_id, event->programme);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_help_put, BUS_ID(event->request_id),
                          BUS_TEXT(event->programme), BUS_ID(buddy));
    if (status == BUS_OK)
        status = volunteer_look(ctx, buddy, event->programme);
    return status == BUS_OK
               ? referrals_note(ctx, &REFERRAL_NOTE(event, HELP_REQUEST_ASSIGNED, .person = event->person_id))
               : status;
}

enum bus_status on_matching_help_request_dropped(struct bus_context *ctx,
                                                 const struct matching_help_request_dropped *event)
{
    struct wait wait = {.id = event->request_id,
                        .partnership = event->partnership,
                        .programme = event->programme,
                        .side = COMMON_SIDE_NEWCOMER};
    enum bus_status status = wait_end(ctx, &wait, ctx->header->time_us,
                                      bus_word(matching_help_state_words, MATCHING_HELP_STATE_DROPPED));
    if (status == BUS_OK)
        status = end_help(ctx, event->request_id, event->programme);
    return status == BUS_OK
               ? referrals_note(ctx, &REFERRAL_NOTE(event, HELP_REQUEST_DROPPED, .person = event->person_id))
               : status;
}

static enum bus_status count_help(struct bus_context *ctx,
                                  const struct matching_help_request_fulfilled *event)
{
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .figure = REPORTING_FIGURE_HELP_REQUESTS_FULFILLED,
                          .amount_e2 = 100,
                          .day = belgian_day(ctx->header->time_us)};
    enum bus_status status = tally_count(ctx, &tally, NULL);
    tally.figure = REPORTING_FIGURE_HOURS;
    tally.amount_e2 = amount_e2(event->hours);
    return status == BUS_OK && tally.amount_e2 > 0 ? tally_count(ctx, &tally, NULL) : status;
}

enum bus_status on_matching_help_request_fulfilled(struct bus_context *ctx,
                                                   const struct matching_help_request_fulfilled *event)
{
    enum bus_status status = count_help(ctx, event);
    if (status == BUS_OK)
        status = end_help(ctx, event->request_id, event->programme);
    return status == BUS_OK ? referrals_note(ctx, &REFERRAL_NOTE(event, HELP_REQUEST_FULFILLED,
                                                                 .person = event->person_id))
                            : status;
}

/* Who asked does not wait a second time. */
enum bus_status on_matching_help_request_reopened(struct bus_context *ctx,
                                                  const struct matching_help_request_reopened *event)
{
    return end_help(ctx, event->request_id, event->programme);
}
