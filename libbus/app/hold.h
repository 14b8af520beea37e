/* From a HOLD until it is ended every query is answered from what stood at it, and from nothing else: one
 * that has lapsed, as nothing was read for too long, answers none until it is ended too. For conductors:
 * another service's step reads what stood at its own time, whatever steps this one has taken meanwhile. */
#ifndef APP_HOLD_H
#define APP_HOLD_H

#include "store/store.h"

struct hold {
    struct store_reader *store; /* a session of its own; NULL until the first, and when it has lapsed */
    int64_t us;                 /* it lasts without a read */
    int64_t until_us;           /* monotonic; 0: nothing is held */
};

/* From now on; ends the one before. */
BUS_CHECKED enum bus_status hold_begin(struct hold *self, const struct store_config *config, int64_t ms,
                                       struct bus_error *err);
BUS_CHECKED enum bus_status hold_end(struct hold *self, struct bus_error *err);
/* Ends it, and its session. */
void hold_done(struct hold *self);

/* Where a query reads: in `now` while nothing is held. A hold lasts on with each. BUS_RETRY: it has lapsed.
 */
BUS_CHECKED enum bus_status hold_store(struct hold *self, struct store_reader *now,
                                       struct store_reader **ret_store, struct bus_error *err);

#endif
