/* A timer that was taken as due comes due only if no message before it in the batch has moved or cleared it.
 */
#ifndef APP_TIMERS_H
#define APP_TIMERS_H

#include "app/loop.h"

/* After a start: what has come due meanwhile waits for the events that came before it, as a letter may not
 * leave that an unread one would have dropped: for all that each followed stream held when it first answered.
 * Streams that cannot be read, or that stand still for seconds, hold nothing up. */
bool timers_held(struct loop *loop);
/* The due timers have just been read. */
void timers_taken(struct loop *loop);
/* A handler has set or cleared this one. */
void timers_note(struct loop *loop, const char *name, const char *key);
/* Within a turn: whether it is still due as it was when it was taken. Asks the database only when it may not
 * be. */
BUS_CHECKED enum bus_status timers_stands(struct loop *loop, const struct store_timer *timer,
                                          bool *ret_stands, struct bus_error *err);

#endif
