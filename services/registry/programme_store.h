/* Programmes as configured now: the only door to the table `programme`. */
#ifndef REGISTRY_PROGRAMME_STORE_H
#define REGISTRY_PROGRAMME_STORE_H

#include "bus/service.h"
#include "schema/registry.h"

/* *ret->version is 0 when there is no such programme; also tells whether `partnership` exists. */
BUS_CHECKED enum bus_status programme_find(struct bus_context *ctx, const char *programme,
                                           const char *partnership, bool *ret_partnership,
                                           struct registry_programme_configured *ret);
/* 0 once it was changed since: that is not kept. */
BUS_CHECKED enum bus_status programme_first_configured(struct bus_context *ctx, const char *programme,
                                                       int64_t *ret_us);
BUS_CHECKED enum bus_status programme_put(struct bus_context *ctx,
                                          const struct registry_programme_configured *row);
/* BUS_CONFLICT, with the day, when it has ended. */
BUS_CHECKED enum bus_status programme_goes_on(struct bus_context *ctx, const char *programme);
BUS_CHECKED enum bus_status programme_end(struct bus_context *ctx,
                                          const struct registry_programme_ended *ended);
BUS_CHECKED enum bus_status programme_list(struct bus_context *ctx, const struct registry_programmes *query,
                                           int64_t limit,
                                           const struct registry_programmes_reply_programmes **ret,
                                           size_t *ret_n);

#endif
