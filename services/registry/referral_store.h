/* Referrals, the personal data that is on its way for them, and the references partners use: the only door to
 * the tables `referral`, `deposit` and `partner_link`. */
#ifndef REGISTRY_REFERRAL_STORE_H
#define REGISTRY_REFERRAL_STORE_H

#include "person_store.h"
#include "schema/gateway.h"

/* Whether the deposit is here already, and whom it is about as far as can be told (nil: nobody we know). */
BUS_CHECKED enum bus_status deposit_look(struct bus_context *ctx, struct bus_id deposit,
                                         const struct personal *personal, bool *ret_here,
                                         struct bus_id *ret_person);
/* person->id, channel and personal are kept. */
BUS_CHECKED enum bus_status deposit_put(struct bus_context *ctx, struct bus_id deposit,
                                        const struct person *person);
BUS_CHECKED enum bus_status deposit_drop(struct bus_context *ctx, struct bus_id deposit);

struct referral_look {
    bool linked_before;          /* this very referral */
    struct bus_id by_link;       /* whom the sender means by this reference; nil when they never used it */
    struct bus_id deposited;     /* whom the deposit is about; nil without one */
    enum common_channel channel; /* as the deposit has it; 0 without one */
    struct personal personal;
};
BUS_CHECKED enum bus_status referral_look(struct bus_context *ctx,
                                          const struct gateway_referral_received *referral,
                                          struct referral_look *ret);
BUS_CHECKED enum bus_status
referral_put(struct bus_context *ctx, const struct gateway_referral_received *referral, struct bus_id person);

/* The sender is the header's source: references of different senders are not the same. */
BUS_CHECKED enum bus_status link_get(struct bus_context *ctx, const char *external_person,
                                     struct bus_id *ret_person);
BUS_CHECKED enum bus_status link_put(struct bus_context *ctx, const char *external_person,
                                     struct bus_id person);

#endif
