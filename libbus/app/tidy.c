/* What would grow for ever is cut off now and then: answers that nobody will ask for again, dead letters that
 * were given up long ago, the log where it need not be kept. */
#include "app/readers.h"
#include "app/trim.h"

#define TIDY_US         BUS_HOUR_US
#define ANSWERS_KEPT_US (30 * BUS_DAY_US)
#define DROPPED_KEPT_US (400 * BUS_DAY_US) /* over a year, so that last year's can be looked up */

static enum bus_status forget(struct loop *loop, bool *ret_more, struct bus_error *err)
{
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_requests_trim(loop->store, loop_now(loop) - ANSWERS_KEPT_US, ret_more, err);
    if (status == BUS_OK)
        status = store_dead_trim(loop->store, loop_now(loop) - DROPPED_KEPT_US, err);
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK)
        store_rollback(loop->store);
    return status;
}

enum bus_status loop_tidy(struct loop *loop, struct bus_error *err)
{
    int64_t now = bus_clock_monotonic_us(), first;
    /* In a replay, time runs through years, and all of its commands may come again. */
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED || now < loop->tidy_us)
        return BUS_OK;
    bool more = false;
    enum bus_status status = forget(loop, &more, err);
    if (status == BUS_OK && more) /* with the next beat, so that nobody waits for all of it */
        return BUS_OK;
    /* Not at once after a start: first every reader has the time to tell where it is. */
    if (status == BUS_OK && loop->tidy_us != 0) {
        readers_report(loop);
        status = trim_log(loop, &first, err);
    }
    if (status == BUS_OK)
        loop->tidy_us = now + TIDY_US;
    return status;
}
