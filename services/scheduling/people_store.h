/* The door to the tables person and gone: whom registry knows, whose they are, and which ids are no more. */
#ifndef SCHEDULING_PEOPLE_STORE_H
#define SCHEDULING_PEOPLE_STORE_H

#include "bus/service.h"

struct person {
    struct bus_id id; /* the one that stays, when two entries were merged */
    const char *partnership;
    const char *nis; /* where they live; NULL: not known */
};

/* In the order asked; in the arena. BUS_NOT_FOUND for someone registry never told of, BUS_CONFLICT for
 * someone who was erased. */
BUS_CHECKED enum bus_status people_current(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                                           struct person **ret);
/* Served by this partnership and living there from now on. */
BUS_CHECKED enum bus_status person_put(struct bus_context *ctx, const struct person *person);
/* Erased, or with keep_id merged into another. */
BUS_CHECKED enum bus_status person_gone(struct bus_context *ctx, struct bus_id person_id,
                                        struct bus_id keep_id);
/* Attendance and calendar link of someone who was erased. */
BUS_CHECKED enum bus_status person_forget(struct bus_context *ctx, struct bus_id person_id);
/* Proposals, attendance and calendar link of someone who was merged. */
BUS_CHECKED enum bus_status person_merge(struct bus_context *ctx, struct bus_id drop_id,
                                         struct bus_id keep_id);

#endif
