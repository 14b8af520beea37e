/* Referrals, the references partners use, and what they told of someone whom they have not referred yet: the
 * only door to the tables `referral`, `partner_link`, `reference_erased` and `early_status`. */
#ifndef REGISTRY_REFERRAL_STORE_H
#define REGISTRY_REFERRAL_STORE_H

#include "person_store.h"
#include "schema/gateway.h"

struct referral_look {
    bool linked_before;          /* this very referral */
    struct bus_id by_link;       /* whom the sender means by this reference; nil when they never used it */
    struct bus_id deposited;     /* whom the deposit is about; nil without one */
    enum common_channel channel; /* as the deposit has it; 0 without one */
    bool told_early;             /* a status is kept for this reference */
    struct personal personal;
};
BUS_CHECKED enum bus_status referral_look(struct bus_context *ctx,
                                          const struct gateway_referral_received *referral,
                                          struct referral_look *ret);
BUS_CHECKED enum bus_status
referral_put(struct bus_context *ctx, const struct gateway_referral_received *referral, struct bus_id person);

/* The sender is the header's source: references of different senders are not the same. */
struct link {
    struct bus_id person; /* nil: the sender never used this reference, or no longer */
    bool erased;          /* it was somebody's who was erased */
};
BUS_CHECKED enum bus_status link_get(struct bus_context *ctx, const char *external_person, struct link *ret);
BUS_CHECKED enum bus_status link_put(struct bus_context *ctx, const char *external_person,
                                     struct bus_id person);
/* Of a person's references only keyed hashes are left. */
BUS_CHECKED enum bus_status links_erase(struct bus_context *ctx, struct bus_id person);

#define EARLY_STATUS_STALE   "early-status-stale"
#define EARLY_STATUS_KEPT_US (30 * BUS_DAY_US)
/* What the sender told last of someone whom no referral of theirs has named. */
struct early_status {
    struct gateway_status_changed told; /* partnership: also where only the header named it */
    const char *nis;                    /* the header's, or NULL */
};
BUS_CHECKED enum bus_status early_status_put(struct bus_context *ctx,
                                             const struct gateway_status_changed *told);
/* All that was told EARLY_STATUS_KEPT_US ago: *ret_n of them. */
BUS_CHECKED enum bus_status early_status_forget(struct bus_context *ctx, int64_t *ret_n);
/* BUS_BUG when none is kept. */
BUS_CHECKED enum bus_status early_status_take(struct bus_context *ctx, const char *external_person,
                                              struct early_status *ret);

#endif
