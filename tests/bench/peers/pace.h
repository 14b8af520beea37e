/* A steady rate, or none: when each event is due. */
#ifndef BENCH_PACE_H
#define BENCH_PACE_H

#include <unistd.h>

#include "bus/clock.h"

/* After the beginning; 0 events a second: as fast as it goes. */
static inline int64_t due_after_us(int64_t sent, int64_t per_second)
{
    return per_second > 0 ? sent * BUS_SECOND_US / per_second : 0;
}

/* Returns the time it has become, by the monotonic clock. */
static inline int64_t wait_until(int64_t due_us)
{
    int64_t now_us = bus_clock_monotonic_us();
    if (due_us <= now_us)
        return now_us;
    usleep((useconds_t)(due_us - now_us));
    return bus_clock_monotonic_us();
}

#endif
