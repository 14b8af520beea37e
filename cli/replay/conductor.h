/* Moves a conducted stack through time: sends inputs, steps the services until they are at rest, goes on.
 * What comes of it depends on the inputs alone, not on how the services' processes interleave: within a tick
 * every service handles, superstep by superstep, exactly what all of them had said by the end of the one
 * before. Services that nobody follows come after, once a tick or less often, and nobody waits for them:
 * those whom their effects ask answer meanwhile from what stood before. */
#ifndef CLI_REPLAY_CONDUCTOR_H
#define CLI_REPLAY_CONDUCTOR_H

#include <stdint.h>

#include "bus/client.h"
#include "bus/status.h"
#include "log/logfile.h"

struct conductor;

struct conductor_counts {
    int64_t inputs;  /* events and commands played */
    int64_t refused; /* commands that stayed refused at the end of their tick */
    int64_t handled; /* messages handled by all services */
    int64_t supersteps;
    int64_t said;      /* events in all streams */
    char refusal[400]; /* the first one, for people */
};

/* Learns from the services who follows whom. BUS_CONFLICT when a service is not conducted. `client` is
 * borrowed. */
BUS_CHECKED enum bus_status conductor_open(struct bus_client *client, const char *const *services,
                                           size_t services_n, struct conductor **ret_conductor,
                                           struct bus_error *err);
void conductor_close(struct conductor **self_p);

/* Adds an input of the coming tick: a recorded command goes to its service, an event to the gateway. Copies
 * it. What is neither (an event that a service said itself) is passed over. */
BUS_CHECKED enum bus_status conductor_add(struct conductor *self, const struct logfile_record *record,
                                          struct bus_error *err);
/* Plays the added inputs and all timers due at `now_us`, until every service is at rest. */
BUS_CHECKED enum bus_status conductor_tick(struct conductor *self, int64_t now_us, struct bus_error *err);
/* After the last tick: nothing is left to be done at `now_us`. */
BUS_CHECKED enum bus_status conductor_settle(struct conductor *self, int64_t now_us, struct bus_error *err);
/* How far the clocks had come before the first tick; 0: nothing was played into this stack. */
int64_t conductor_began_us(const struct conductor *self);
/* When the next timer of a service that others follow is due; INT64_MAX for none. */
int64_t conductor_next_timer(const struct conductor *self);
const struct conductor_counts *conductor_counts(const struct conductor *self);
/* Lets all clocks go on at true pace from `now_us`. */
BUS_CHECKED enum bus_status conductor_release(struct conductor *self, int64_t now_us, struct bus_error *err);

#endif
