/* Conducted time, for replays: the service moves only when the conductor steps it, and handles exactly what
 * the step names, in an order that depends on the messages alone. So every replay of a log gives the same
 * rows.
 *
 *   STEP {now, upto: {stream: seq}, settle?}  → STEPPED {head, epoch, handled, pending, next_timer,
 *                                                       said: [type]}
 *
 * A step ends when the service is at rest: with the outcomes of its effects, and the timers that come due by
 * `now`, those set meanwhile too. Events that it does not handle may be left for a later step, unless it is
 * told to settle.
 *
 *   HOLD {on, ms?}                   → HELD {}       queries are answered from what stands now, whatever the
 *                                                    steps to come do, until the next HOLD: for another
 *                                                    service's step, which may take as long. A conductor that
 *                                                    is gone leaves it behind: it ends after `ms`
 *   RELEASE {now?}                   → RELEASED {}   the clock goes on from `now` (none: the wall clock) */
#ifndef APP_CONDUCT_H
#define APP_CONDUCT_H

#include "app/loop.h"

/* Takes a STEP, HOLD or RELEASE request; answers at once when it cannot be. */
void conduct_request(struct loop *loop, const struct net_request *request);
/* Whether everything the step names has arrived, and the effects that its turn waits for are done. */
bool conduct_gathered(struct loop *loop);
/* A turn of the step stands: what it said is told at the step's end, so that nobody is stepped in vain. */
void conduct_note(struct loop *loop, const struct bus_turn *turn);
/* After a turn or when nothing was taken: ends the step when all of it is handled. */
BUS_CHECKED enum bus_status conduct_progress(struct loop *loop, size_t taken, struct bus_error *err);

#endif
