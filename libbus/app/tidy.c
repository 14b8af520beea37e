/* What would grow for ever is cut off now and then: answers that nobody will ask for again. */
#include "app/loop.h"

#define TIDY_US         BUS_HOUR_US
#define ANSWERS_KEPT_US (30 * BUS_DAY_US)

enum bus_status loop_tidy(struct loop *loop, struct bus_error *err)
{
    int64_t now = bus_clock_monotonic_us();
    /* In a replay, time runs through years, and all of its commands may come again. */
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED || now < loop->tidy_us)
        return BUS_OK;
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_requests_trim(loop->store, loop_now(loop) - ANSWERS_KEPT_US, err);
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        return status;
    }
    loop->tidy_us = now + TIDY_US;
    return BUS_OK;
}
