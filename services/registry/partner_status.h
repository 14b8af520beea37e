/* Whom a partner's event is about, and what it told of them before they were known. */
#ifndef REGISTRY_PARTNER_STATUS_H
#define REGISTRY_PARTNER_STATUS_H

#include "person_store.h"

/* The entry with this id when it is still somebody; *ret_found false otherwise. */
BUS_CHECKED enum bus_status partner_find_known(struct bus_context *ctx, struct bus_id id,
                                               struct person *person, bool *ret_found, bool *ret_erased);
/* An event comes with the partnership and the municipality that its sender may speak for: it is no word about
 * anybody else. Who is right only people can tell, so it is parked: BUS_INVALID. */
BUS_CHECKED enum bus_status partner_may_mean(struct bus_context *ctx, const char *asked,
                                             const struct person *person);
/* The status that was kept for this reference of the sender becomes the person's. */
BUS_CHECKED enum bus_status partner_status_early(struct bus_context *ctx, const char *external_person,
                                                 struct person *person);

/* A partner told of another postcode: they moved there. Stays put, with a warning, where the postcode does
 * not exist or, `within_partnership`, where another partnership serves it. */
BUS_CHECKED enum bus_status partner_follow_move(struct bus_context *ctx, const char *postcode,
                                                bool within_partnership, struct person *person);

#endif
