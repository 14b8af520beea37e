/* When a message may go out: quiet hours, and the pauses between tries. Pure. */
#ifndef NOTIFICATIONS_TIMING_H
#define NOTIFICATIONS_TIMING_H

#include <stdint.h>

#define QUIET_FROM     "21:00"
#define QUIET_TO       "08:00"
#define TRIES_MAX      8
#define TRIES_IN_A_ROW 3 /* of a letter that a server got and did not answer */

/* Quiet hours "HH:MM" to "HH:MM" by the clock in Belgium; NULL: the usual ones; equal: none. */
struct quiet_hours {
    const char *from, *to;
};

/* The first moment from `time_us` on that is not quiet: itself, or when the quiet hours end. */
int64_t quiet_passed_us(struct quiet_hours quiet, int64_t time_us);

/* How long to wait after the n-th try failed (n from 1): 1, 5, 30 minutes, 2, 6, 12, 24 hours. */
int64_t retry_pause_us(int64_t tries);

#endif
