/* Reading the clocks, and waiting: the one place where libbus asks the machine what time it is. */
#include "bus/clock.h"

#include <poll.h>
#include <time.h>

static int64_t read_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * BUS_SECOND_US + now.tv_nsec / 1000;
}

int64_t bus_clock_wall_us(void)
{
    return read_us(CLOCK_REALTIME);
}

int64_t bus_clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

void bus_clock_sleep_ms(int ms)
{
    (void)poll(NULL, 0, ms);
}
