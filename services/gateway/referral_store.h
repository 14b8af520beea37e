/* The table of every referral ever taken in. Whoever follows us takes a referral once: another with its id
 * would be lost without a word. */
#ifndef GATEWAY_REFERRAL_STORE_H
#define GATEWAY_REFERRAL_STORE_H

#include "accepted_store.h"

struct referral {
    struct bus_id id; /* nil: the event is none */
    uint8_t digest[ACCEPTED_DIGEST];
};

/* BUS_CONFLICT names one of the `n` that came before with other content, in the table or among the `n`. */
BUS_CHECKED enum bus_status referral_check(struct bus_context *ctx, const struct referral *referrals,
                                           size_t n);
BUS_CHECKED enum bus_status referral_put(struct bus_context *ctx, const struct referral *referral);

#endif
