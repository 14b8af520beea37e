/* Partnerships and their members: the only door to the tables `partnership` and `member`. */
#ifndef REGISTRY_PARTNERSHIP_STORE_H
#define REGISTRY_PARTNERSHIP_STORE_H

#include "atlas.h"
#include "bus/service.h"
#include "schema/registry.h"

/* What stands in the way of municipalities joining a partnership; the texts are NULL where nothing does. */
struct partnership_look {
    bool exists;
    int64_t members;
    const char *const *unknown; /* no such municipalities */
    size_t unknown_n;
    const char *elsewhere; /* members of another partnership */
    const char *already;   /* member of this one */
};
BUS_CHECKED enum bus_status partnership_look(struct bus_context *ctx, const char *partnership,
                                             const char *const *nis, size_t n, struct partnership_look *ret);

BUS_CHECKED enum bus_status partnership_put(struct bus_context *ctx,
                                            const struct registry_partnership_formed *row);
BUS_CHECKED enum bus_status member_put(struct bus_context *ctx, const struct registry_member_joined *row);

/* From after `cursor` on, `limit` at most, ordered by id. */
BUS_CHECKED enum bus_status partnership_list(struct bus_context *ctx,
                                             const struct registry_partnerships *query, int64_t limit,
                                             const struct registry_partnerships_reply_partnerships **ret,
                                             size_t *ret_n);

BUS_CHECKED enum bus_status atlas_load(struct bus_context *ctx, struct atlas *to);

#endif
