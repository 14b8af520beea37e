/* The personal data that came with events, as the one command that leaves it with registry. Pure. */
#ifndef GATEWAY_DEPOSITS_H
#define GATEWAY_DEPOSITS_H

#include "asking.h"
#include "intake.h"
#include "schema/gateway.h"
#include "schema/registry.h"

struct deposits {
    struct registry_deposit_batch batch;
    const struct intake_event **events; /* whose they are */
};

/* Of all events that have some, as if each was accepted before. BUS_INVALID, and intake->too_big, when they
 * are too large together. */
BUS_CHECKED enum bus_status deposits_gather(struct intake *intake, struct bus_arena *arena,
                                            struct deposits *ret, struct bus_error *err);
/* The command, for what is known of the events: what was accepted before is compared there, and leaves
 * nothing. */
struct bus_bytes deposits_command(const struct deposits *self, struct intake *intake,
                                  const struct gateway_check_events_reply *known, struct bus_arena *arena);
/* What registry refused, in words and places of who sent the events. */
struct answer deposits_refusal(const struct deposits *self, const struct registry_deposit_batch_reply *reply,
                               struct bus_arena *arena);

#endif
