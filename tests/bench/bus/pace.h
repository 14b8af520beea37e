/* A steady rate, or none: when each event is due. */
#ifndef BENCH_PACE_H
#define BENCH_PACE_H

#include <sys/prctl.h>
#include <unistd.h>

#include "bus/clock.h"

struct pace {
    int64_t began_us; /* monotonic */
    int64_t began_wall_us;
    int64_t per_second; /* 0: as fast as it goes */
};

static inline struct pace pace_begin(int64_t per_second)
{
    prctl(PR_SET_TIMERSLACK, 1UL); /* wakes when due, not up to 50 µs later to save power */
    return (struct pace){bus_clock_monotonic_us(), bus_clock_wall_us(), per_second};
}

static inline int64_t pace_due_us(const struct pace *self, int64_t sent)
{
    return self->began_us + (self->per_second > 0 ? sent * BUS_SECOND_US / self->per_second : 0);
}

/* Waits until the next event is due; returns how many are by now, at most `max`. */
static inline int64_t pace_wait(const struct pace *self, int64_t sent, int64_t max)
{
    int64_t now_us = bus_clock_monotonic_us(), due_us = pace_due_us(self, sent), n = 1;
    if (due_us > now_us) {
        usleep((useconds_t)(due_us - now_us));
        now_us = bus_clock_monotonic_us();
    }
    while (n < max && pace_due_us(self, sent + n) <= now_us)
        n++;
    return n;
}

#endif
