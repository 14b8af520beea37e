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

/* Once in a project year for an action, whatever the programme; a programme without one stands for itself. */
static const char *counted_for(struct bus_context *ctx, const struct tally *tally)
{
    long long year = project_year_of(tally->day, tally_first_month());
    int64_t action = state_action(ctx, tally->programme);
    if (action > 0)
        return bus_printf(ctx->arena, "%s/%lld/%lld", tally->partnership, (long long)action, year);
    return bus_printf(ctx->arena, "%s/%s/%lld", tally->partnership, tally->programme, year);
}

static enum bus_status count_person(struct bus_context *ctx, struct person *person, struct tally tally)
{
    const char *key = counted_for(ctx, &tally);
    if (person_is_counted(person, key))
        return BUS_OK;
    struct bus_id result_id = {0};
    tally.figure = REPORTING_FIGURE_PRACTICE_PERSONS;
    tally.amount_e2 = 100;
    enum bus_status status = tally_count(ctx, &tally, &result_id);
    if (status != BUS_OK)
        return status;
    person_set_counted(person, key);
    return bus_exec(ctx->db, ctx->err, &reporting_counted_person_put, BUS_ID(person_id(person)),
                    BUS_TEXT(key), BUS_ID(result_id));
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
