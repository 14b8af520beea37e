/* Organisations: the only door to their table. */
#ifndef REGISTRY_ORGANISATION_STORE_H
#define REGISTRY_ORGANISATION_STORE_H

#include "bus/service.h"
#include "schema/registry.h"

struct organisation_look {
    bool partnership_exists;
    bool id_taken;
    bool kbo_taken;  /* within the partnership */
    const char *nis; /* of the postcode; NULL when it is unknown or not given */
};
BUS_CHECKED enum bus_status organisation_look(struct bus_context *ctx,
                                              const struct registry_register_organisation *new,
                                              struct organisation_look *ret);
BUS_CHECKED enum bus_status organisation_put(struct bus_context *ctx, struct bus_id id,
                                             const struct registry_register_organisation *new,
                                             const char *nis);
BUS_CHECKED enum bus_status organisation_list(struct bus_context *ctx,
                                              const struct registry_organisations *query, struct bus_id after,
                                              int64_t limit,
                                              const struct registry_organisations_reply_organisations **ret,
                                              size_t *ret_n);

#endif
