/* See away.h. */
#include "app/away.h"

#include "app/loop.h"

#define FIRST_WAIT_US INT64_C(50000)
#define DOUBLED_MAX   5

bool away_is(const struct loop *loop)
{
    return loop->away.retries > 0 || away_halted_us(loop) != 0;
}

int64_t away_halted_us(const struct loop *loop)
{
    return loop->away.unknown_us != 0 ? loop->away.unknown_us : loop->away.silent_us;
}

int64_t away_lasts_us(const struct loop *loop)
{
    int64_t since = away_halted_us(loop);
    if (since == 0)
        return 0;
    if (loop->away.unknown_us == 0)
        since -= STORE_SILENT_MS * INT64_C(1000);
    return bus_clock_monotonic_us() - since;
}

bool away_may_be_replaced(const struct loop *loop)
{
    return away_is(loop) && bus_clock_monotonic_us() - loop->away.leased_us > LEASE_MS * INT64_C(1000);
}

void away_back_off(struct loop *loop, const struct bus_error *err)
{
    struct away *away = &loop->away;
    if (away->retries == 0)
        bus_log_warn("waiting for the world: %s", err->text);
    away->why = *err;
    unsigned doubled = away->retries < DOUBLED_MAX ? away->retries : DOUBLED_MAX;
    away->retries++;
    loop->metrics.retries++;
    away->retry_us = bus_clock_monotonic_us() + (FIRST_WAIT_US << doubled);
}

void away_is_over(struct loop *loop)
{
    if (loop->away.retries > 0)
        bus_log_info("the world is back after %u attempts", loop->away.retries);
    loop->away.retries = 0;
}

void away_leased(struct loop *loop, int64_t sent_us)
{
    loop->away.leased_us = sent_us;
}

void away_unknown(struct loop *loop, const struct bus_error *err)
{
    if (loop->away.unknown_us == 0)
        loop->away.unknown_us = bus_clock_monotonic_us();
    loop->away.why = *err;
}

void away_known(struct loop *loop)
{
    loop->away.unknown_us = 0;
}

void away_silent(struct loop *loop, const char *what)
{
    loop->away.silent_us = bus_clock_monotonic_us();
    loop->away.silent_on = what;
}

void away_answers(struct loop *loop)
{
    loop->away.silent_us = 0;
}
