/* The door to the tables: what is in memory written as whole rows, and memory rebuilt from them. */
#ifndef MATCHING_ROWS_H
#define MATCHING_ROWS_H

#include "bus/service.h"
#include "state.h"

BUS_CHECKED enum bus_status programme_put(struct bus_context *ctx, const struct programme *programme);
BUS_CHECKED enum bus_status person_put(struct bus_context *ctx, const struct state *state,
                                       const struct person *person);
BUS_CHECKED enum bus_status member_put(struct bus_context *ctx, const struct member *member);
BUS_CHECKED enum bus_status proposal_put(struct bus_context *ctx, const struct proposal *proposal);
BUS_CHECKED enum bus_status duo_put(struct bus_context *ctx, const struct duo *duo);
BUS_CHECKED enum bus_status request_put(struct bus_context *ctx, const struct request *request);
BUS_CHECKED enum bus_status exclusion_put(struct bus_context *ctx, const struct exclusion *exclusion);

/* All of it, or what has to do with one programme: for queries, which have no state. */
BUS_CHECKED enum bus_status state_load(struct bus_context *ctx, const char *programme,
                                       struct state **ret_state);
/* One that has ended is in memory again, as accepted: for the duo that starts all the same. Both people are.
 */
BUS_CHECKED enum bus_status state_load_proposal(struct bus_context *ctx, struct bus_id proposal_id,
                                                struct proposal **ret);

#endif
