/* See care.h. */
#include "app/care.h"

#include "app/loop.h"

#define STARTS "/start" /* no stream is called so */
#ifndef CARE_US         /* shorter in the simulation */
#define CARE_US (30 * BUS_SECOND_US)
#endif

/* Kinds and streams have their turn one after the other: what was N-th in one of them is among the first N of
 * each. */
static size_t within_reach(const struct loop *loop, size_t n)
{
    return n * (TAKE_KINDS + loop->sources_n);
}

void care_open(struct loop *loop, bool needed)
{
    loop->care = (struct care){0};
    if (needed)
        loop->care = (struct care){.small = within_reach(loop, TURN_ITEMS_MAX),
                                   .until_us = bus_clock_monotonic_us() + CARE_US};
}

enum bus_status care_begin(struct loop *loop, struct bus_error *err)
{
    int starts = 0;
    if (loop->care.until_us == 0 || loop->care.counted)
        return BUS_OK;
    enum bus_status status = store_attempt(loop->store, STARTS, 0, &starts, err);
    if (status != BUS_OK)
        return status;
    loop->care.counted = true;
    loop->care.wary = starts > 1;
    loop->care.single = loop->care.wary ? within_reach(loop, TURN_ITEMS_CAREFUL) : 0;
    return BUS_OK;
}

bool care_alone(const struct loop *loop, const struct item *items, size_t n)
{
    bool alone = n > 0 && loop->care.single > 0;
    for (size_t i = 0; i < n && !alone && loop->care.wary; i++)
        alone = items[i].kind == ITEM_COMMAND;
    return alone;
}

/* Whether nothing is left that was there when this process started. */
static bool caught_up(const struct loop *loop)
{
    for (size_t i = 0; i < loop->sources_n; i++)
        if (loop->sources[i].follow.state != FOLLOW_READING ||
            loop->sources[i].follow.seq < loop->sources[i].follow.head)
            return false;
    return !loop->full;
}

static size_t less(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

enum bus_status care_go_on(struct loop *loop, size_t n, struct bus_error *err)
{
    if (loop->care.until_us == 0)
        return BUS_OK;
    bool over = caught_up(loop);
    loop->care.single = over ? 0 : less(loop->care.single, n);
    loop->care.small = over ? 0 : less(loop->care.small, n);
    if (loop->care.small > 0 || bus_clock_monotonic_us() < loop->care.until_us)
        return BUS_OK;
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_attempts_forget(loop->store, err);
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        return status;
    }
    loop->care = (struct care){0};
    return BUS_OK;
}
