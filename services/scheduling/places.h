/* What happens when a place in a series becomes free, whoever leaves. Rows and events together. */
#ifndef SCHEDULING_PLACES_H
#define SCHEDULING_PLACES_H

#include "enrolment_store.h"
#include "series_store.h"

/* Those who wait longest move up as far as there is room; *ret_first (may be NULL) is the first of them, or
 * nil. */
BUS_CHECKED enum bus_status places_fill(struct bus_context *ctx, const struct series *series,
                                        struct bus_id *ret_first);
/* Ends what a person has (series->own) and fills the place. */
BUS_CHECKED enum bus_status places_leave(struct bus_context *ctx, struct series *series,
                                         struct bus_id person_id, enum common_leave_reason reason,
                                         struct bus_id *ret_first);

#endif
