/* Personal data on its way, for an event that comes after it, and what is remembered of what came: the only
 * door to the tables `deposit` and `deposit_told`. */
#ifndef REGISTRY_DEPOSIT_STORE_H
#define REGISTRY_DEPOSIT_STORE_H

#include "person_store.h"

/* Whom this is about as far as can be told, among the people of `partnership` (NULL: of all); nil: nobody
 * known. */
BUS_CHECKED enum bus_status deposit_whose(struct bus_context *ctx, const struct personal *personal,
                                          const char *partnership, struct bus_id *ret_person);
/* person->id, channel and personal are kept. */
BUS_CHECKED enum bus_status deposit_put(struct bus_context *ctx, struct bus_id deposit,
                                        const struct person *person);
/* Its event was handled: what is remembered of it is of who is linked to this referral. */
BUS_CHECKED enum bus_status deposit_take(struct bus_context *ctx, struct bus_id deposit,
                                         struct bus_id referral);
/* Its event did not come: nothing is remembered either. */
BUS_CHECKED enum bus_status deposit_drop(struct bus_context *ctx, struct bus_id deposit);

struct deposit_told {
    struct bus_id deposit_id;
    struct bus_bytes digest; /* personal_digest() of what came; empty: of who is erased since */
};
/* What is remembered of these deposits. */
BUS_CHECKED enum bus_status deposit_told_look(struct bus_context *ctx, const struct bus_id *deposits,
                                              size_t n, struct deposit_told **ret_told, size_t *ret_n);
BUS_CHECKED enum bus_status deposit_told_put(struct bus_context *ctx, const struct deposit_told *told,
                                             struct bus_id person_id);

#endif
