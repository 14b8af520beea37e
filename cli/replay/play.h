/* Plays a log into a conducted stack, with a progress bar. */
#ifndef CLI_REPLAY_PLAY_H
#define CLI_REPLAY_PLAY_H

#include "replay/conductor.h"
#include "stack/layout.h"

struct play_report {
    struct conductor_counts counts;
    int64_t first_us, last_us; /* the log's own time, of what was played; 0: nothing was */
    int64_t clock_us;          /* from when the clocks go on */
    double seconds;            /* real time it took */
    char torn[400]; /* "", or where the log ends within a record: what stands before it was played */
};

/* One at a time may move the clocks of a stack on this machine: kept until *ret_claim is closed by
 * play_release(). BUS_CONFLICT: another does. */
BUS_CHECKED enum bus_status play_claim(const struct stack *stack, int *ret_claim, struct bus_error *err);
void play_release(const int *claim); /* usable with AUTO; -1: nothing */

/* `speed` 0: as fast as it goes; otherwise so many times true pace. What comes at `until_us` or later is not
 * played. At the end the clocks are let go when `release`: from the log's last moment, or from where they had
 * come before where that is later. BUS_CONFLICT: there is neither. */
BUS_CHECKED enum bus_status play_log(const struct stack *stack, const char *path, double speed,
                                     int64_t until_us, bool release, struct play_report *ret_report,
                                     struct bus_error *err);
void play_tell(const struct play_report *report);

#endif
