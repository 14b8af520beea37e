/* What became of letters that are tried again. */
#ifndef CLI_DEAD_OUTCOME_H
#define CLI_DEAD_OUTCOME_H

#include "../session.h"

/* How many of them are handled by now, parked again, or will be tried again by themselves. */
struct outcome {
    int64_t handled, parked, waiting;
};
/* Waits until each letter, as letters_list() told it, is handled or parked again, at most some seconds, and
 * prints a line that tells which. */
BUS_CHECKED enum bus_status outcome_tell(struct session *session, const json_t *letters,
                                         struct outcome *ret_outcome, struct bus_error *err);
/* The same for many, without a line each: waits as long as one more of them is settled now and then, with a
 * bar on a terminal. */
BUS_CHECKED enum bus_status outcome_wait(struct session *session, const json_t *letters,
                                         struct outcome *ret_outcome, struct bus_error *err);

#endif
