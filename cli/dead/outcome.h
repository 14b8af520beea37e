/* What became of a letter that is tried again. */
#ifndef CLI_DEAD_OUTCOME_H
#define CLI_DEAD_OUTCOME_H

#include "../session.h"

/* Waits until the letter, as letters_list() told it, is handled or parked again, at most some seconds, and
 * prints a line that tells which. */
BUS_CHECKED enum bus_status outcome_tell(struct session *session, const json_t *letter,
                                         struct bus_error *err);

#endif
