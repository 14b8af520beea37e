/* Whose people and partnerships a message concerns, asked of registry before it goes further: an event for a
 * partnership that does not exist, or about people whom a limited token does not cover, is refused at the
 * door. */
#ifndef GATEWAY_BELONGING_H
#define GATEWAY_BELONGING_H

#include "call.h"
#include "intake.h"
#include "schema/gateway.h"

/* The partnerships that are known to exist: none is ever dissolved. */
struct belonging *belonging_new(void);
void belonging_free(struct belonging **self_p);

/* What must be asked before these events are taken in, or refused with every fault, as data of registry's
 * query; false when nothing must.
 */
bool belonging_of_events(struct belonging *self, const struct intake *intake, struct bus_arena *arena,
                         struct bus_bytes *ret_query);
/* The answer to that: BUS_OK, BUS_INVALID with faults, or, where that is all there is, BUS_DENIED: an event
 * is `foreign`, as it says from then on. */
BUS_CHECKED enum bus_status belonging_judge_events(struct belonging *self, struct intake *intake,
                                                   const struct answer *answer, struct bus_arena *arena,
                                                   struct bus_faults *faults, struct bus_error *err);

/* A command of a limited token goes on with `then` when everyone whom it names is covered, else with `deny`.
 */
void belonging_admit(struct call *call, const struct bus_shape *shape, const void *value, route_fn *then,
                     deny_fn *deny);
/* Goes on with `deny` where that new token is to be limited to what does not exist. */
void belonging_admit_token(struct call *call, const struct gateway_create_token *token, route_fn *then,
                           deny_fn *deny);

#endif
