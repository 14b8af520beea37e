/* What others ask of the loop: its time, and whether it serves. */
#include "app/loop.h"
#include "bus/clock.h"

int64_t loop_now(struct loop *loop)
{
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return loop->clock.now_us;
    int64_t now = bus_clock_wall_us() + (loop->clock.mode == STORE_CLOCK_OFFSET ? loop->clock.offset_us : 0);
    if (now > loop->last_now_us)
        loop->last_now_us = now;
    return loop->last_now_us;
}

bool loop_ready(struct loop *loop, const char **ret_why)
{
    const char *why = NULL;
    if (loop->stopping)
        why = "stopping";
    else if (loop->retries > 0)
        why = "database away";
    for (size_t i = 0; why == NULL && i < loop->sources_n; i++)
        if (loop->sources[i].follow.state != FOLLOW_READING)
            why = follow_state_name(loop->sources[i].follow.state);
    if (why != NULL)
        *ret_why = why;
    return why == NULL;
}

/* ---- opening */
