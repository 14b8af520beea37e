/* What scheduling tells: sessions, and who used the opportunity to practise. What counts as one opportunity
 * is not settled, so people and attendances are both counted. */
#include "calendar.h"
#include "figures.h"
#include "handlers.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"

enum bus_status on_session_held(struct bus_context *ctx, const struct scheduling_session_held *event)
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

/* What a person counts for once in a project year: an action, over all its programmes; and a programme,
 * whatever action it counts for by then. */
static const char *action_key(struct bus_context *ctx, const struct tally *tally, int64_t action,
                              long long year)
{
    return bus_printf(ctx->arena, "%s/%lld/%lld", tally->partnership, (long long)action, year);
}

static const char *programme_key(struct bus_context *ctx, const struct tally *tally, long long year)
{
    return bus_printf(ctx->arena, "%s/%s/%lld", tally->partnership, tally->programme, year);
}

static enum bus_status note_counted(struct bus_context *ctx, struct person *person, const char *key,
                                    struct bus_id result_id)
{
    if (!person_is_counted(person, key))
        person_set_counted(person, key);
    return bus_exec(ctx->db, ctx->err, &reporting_counted_person_put, BUS_ID(person_id(person)),
                    BUS_TEXT(key), BUS_ID(result_id));
}

/* One result does not count for two actions: who was counted for an action stays with it when the programme
 * gets another, and who was counted for none is counted for the first that it gets instead. */
static enum bus_status settle_earlier(struct bus_context *ctx, const struct person *person, const char *key,
                                      bool *ret_stays)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_counted_as, BUS_ID(person_id(person)), BUS_TEXT(key));
    if (status != BUS_OK || rows.n == 0)
        return status;
    *ret_stays = bus_row_int(&rows, 0, 1) > 0;
    if (*ret_stays)
        return BUS_OK;
    return tally_take_out(ctx, bus_row_id(&rows, 0, 0), REPORTING_CORRECTION_REASON_WRONG_ACTION);
}

static enum bus_status count_person(struct bus_context *ctx, struct person *person, struct tally tally)
{
    long long year = project_year_of(tally.day, tally_first_month());
    int64_t action = state_action(ctx, tally.programme);
    const char *of_programme = programme_key(ctx, &tally, year);
    const char *of_action = action > 0 ? action_key(ctx, &tally, action, year) : of_programme;
    if (person_is_counted(person, of_action))
        return BUS_OK;
    bool stays = false;
    enum bus_status status = BUS_OK;
    if (person_is_counted(person, of_programme))
        status = settle_earlier(ctx, person, of_programme, &stays);
    if (status != BUS_OK || stays)
        return status;
    struct bus_id result_id = {0};
    tally.figure = REPORTING_FIGURE_PRACTICE_PERSONS;
    tally.amount_e2 = 100;
    status = tally_count(ctx, &tally, &result_id);
    if (status == BUS_OK)
        status = note_counted(ctx, person, of_programme, result_id);
    return status == BUS_OK && action > 0 ? note_counted(ctx, person, of_action, result_id) : status;
}

/* Someone who is not known any more counts where the session was. */
enum bus_status on_attended(struct bus_context *ctx, const struct scheduling_attended *event)
{
    struct person *person = NULL;
    enum bus_status status = state_person(ctx, event->person_id, &person);
    if (status != BUS_OK)
        return status;
    const char *nis = person_nis(person);
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = nis[0] ? nis : event->nis,
                          .figure = REPORTING_FIGURE_PRACTICE_ATTENDANCES,
                          .amount_e2 = 100,
                          .day = belgian_day(event->at)};
    status = tally_count(ctx, &tally, NULL);
    if (status == BUS_OK)
        status = count_person(ctx, person, tally);
    tally.figure = REPORTING_FIGURE_HOURS;
    tally.amount_e2 = amount_e2(event->hours);
    return status == BUS_OK && tally.amount_e2 > 0 ? tally_count(ctx, &tally, NULL) : status;
}
