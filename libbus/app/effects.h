/* Effects on the world outside, run in a thread of their own after the commit that asked for them. */
#ifndef APP_EFFECTS_H
#define APP_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/turn.h"
#include "bus/status.h"

/* Starts the thread. */
void effects_open(struct loop *loop);
void effects_close(struct loop *loop);
/* Starts again, once, every effect whose outcome an earlier process did not record. */
BUS_CHECKED enum bus_status effects_resume(struct loop *loop, struct bus_error *err);
void effects_start(struct loop *loop, const struct store_effect *effect);

/* Whether the loop needs to hear of each outcome, or only when none is under way any more. */
void effects_tell_whole(struct loop *loop, bool whole);
/* Whether none is under way any more. */
bool effects_gathered(struct loop *loop);
/* The outcomes to be handled now, as items in the loop's arena, in order of name and key: of what is
 * finished. In a step, once they are gathered. */
void effects_take(struct loop *loop, struct item **ret_items, size_t *ret_n);
/* Whether its effect has not been asked for again since. */
bool effects_stands(const struct item *outcome);
/* The outcome of this item is recorded, or parked. */
void effects_finish(struct loop *loop, const struct item *item);
/* Started and not yet recorded. */
size_t effects_pending(struct loop *loop);
/* Outcomes are waiting to be handled that effects_fd() will not announce again. */
bool effects_left(const struct loop *loop);

/* Readable when something is finished. */
int effects_fd(const struct loop *loop);

#endif
