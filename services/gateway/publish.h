/* Checked events on their way into the stream: looked at by our own loop, their personal data left with
 * registry once nothing is refused, then all of them to the loop. */
#ifndef GATEWAY_PUBLISH_H
#define GATEWAY_PUBLISH_H

#include "asking.h"
#include "edge.h"
#include "intake.h"

struct publishing *publishing_new(void);
/* Before asking_end: those who wait for another request are told that nothing was done. NULL is fine. */
void publishing_end(struct publishing *self);
void publishing_free(struct publishing **self_p);

/* For events without faults, and for doubtful ones: those that our loop took in before are taken again for
 * what they are. `arena` and `intake` must live until `then` has been called, which is once and later: with
 * the reply of accept-events, or with the first refusal. BUS_INVALID when the events are too large together:
 * then nothing was sent. */
BUS_CHECKED enum bus_status publish(struct edge *edge, struct bus_arena *arena, struct intake *intake,
                                    answer_fn *then, void *context, struct bus_error *err);

/* For other events with faults: `then` hears them and, beside them, which partnerships do not exist. False
 * when there is nothing to ask: they can be refused as they are. */
bool publish_refuse(struct edge *edge, struct bus_arena *arena, struct intake *intake, answer_fn *then,
                    void *context);

/* The latest time that an event from outside may have: a day from now. Senders' clocks and zones differ, and
 * a stack that was left in the time of a replay still hears from a world that is ahead of it. */
int64_t publish_latest_us(const struct edge *edge);

#endif
