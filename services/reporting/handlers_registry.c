/* What registry tells: who reports, what counts for which action, where people live, who joins. */
#include <string.h>

#include "bus/service.h"
#include "calendar.h"
#include "referrals.h"
#include "schema/registry.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"

enum bus_status on_registry_partnership_formed(struct bus_context *ctx,
                                               const struct registry_partnership_formed *event)
{
    return bus_exec(ctx->db, ctx->err, &reporting_partnership_put, BUS_TEXT(event->partnership),
                    BUS_TEXT(event->name), BUS_TEXT(event->since));
}

enum bus_status on_registry_programme_configured(struct bus_context *ctx,
                                                 const struct registry_programme_configured *event)
{
    int64_t action = event->has_action ? event->action : 0;
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &reporting_programme_put, BUS_TEXT(event->programme),
                 BUS_TEXT(event->partnership), BUS_TEXT(event->name), action ? BUS_INT(action) : BUS_NULL);
    if (status == BUS_OK)
        state_set_programme(ctx, &(struct programme){.programme = event->programme,
                                                     .partnership = event->partnership,
                                                     .action = action});
    return status;
}

enum bus_status on_registry_person_registered(struct bus_context *ctx,
                                              const struct registry_person_registered *event)
{
    return state_set_nis(ctx, event->person_id, event->place.nis);
}

/* What was counted before a move stays with the municipality it was counted for. */
enum bus_status on_registry_person_moved(struct bus_context *ctx, const struct registry_person_moved *event)
{
    return state_set_nis(ctx, event->person_id, event->place.nis);
}

enum bus_status on_registry_person_erased(struct bus_context *ctx, const struct registry_person_erased *event)
{
    enum bus_status status = bus_exec(ctx->db, ctx->err, &reporting_person_erase, BUS_ID(event->person_id));
    if (status == BUS_OK)
        status = referrals_erase(ctx, event->person_id, event->partnership);
    state_forget_people(ctx);
    return status;
}

enum bus_status on_registry_intake_held(struct bus_context *ctx, const struct registry_intake_held *event)
{
    struct tally tally = {.partnership = event->partnership,
                          .programme = event->programme,
                          .nis = event->nis,
                          .figure = REPORTING_FIGURE_INTAKES,
                          .amount_e2 = 100,
                          .day = belgian_day(ctx->header->time_us)};
    enum bus_status status = tally_count(ctx, &tally, NULL);
    return status == BUS_OK
               ? referrals_note(ctx, &REFERRAL_NOTE(event, INTAKE_HELD, .person = event->person_id))
               : status;
}

enum bus_status on_registry_volunteer_recruited(struct bus_context *ctx,
                                                const struct registry_volunteer_recruited *event)
{
    struct tally tally = {.partnership = event->partnership,
                          .nis = event->nis,
                          .figure = REPORTING_FIGURE_VOLUNTEERS_RECRUITED,
                          .amount_e2 = 100,
                          .day = belgian_day(ctx->header->time_us)};
    return tally_count(ctx, &tally, NULL);
}
