/* What became of whom partners referred: a list of steps for each partner, of nobody else's people. The only
 * door to the tables `referral`, `partner_consent` and `referral_step`, but for the page of
 * query_referrals.c. */
#ifndef REPORTING_REFERRALS_H
#define REPORTING_REFERRALS_H

#include "bus/service.h"
#include "schema/reporting.h"

/* Something happened to people: who referred one of them may be told. */
struct referral_note {
    enum reporting_referral_step step;
    const char *partnership, *programme, *nis;
    struct bus_id person, other; /* `other` nil: to one */
};
/* Of an event that has the usual fields. */
#define REFERRAL_NOTE(event, of_step, ...)                             \
    ((struct referral_note){.step = REPORTING_REFERRAL_STEP_##of_step, \
                            .partnership = (event)->partnership,       \
                            .programme = (event)->programme,           \
                            .nis = (event)->nis,                       \
                            __VA_ARGS__})
BUS_CHECKED enum bus_status referrals_note(struct bus_context *ctx, const struct referral_note *note);

BUS_CHECKED enum bus_status referrals_merge(struct bus_context *ctx, struct bus_id keep, struct bus_id drop);
BUS_CHECKED enum bus_status referrals_erase(struct bus_context *ctx, struct bus_id person,
                                            const char *partnership);

#endif
