/* See ahead.h. */
#include "app/ahead.h"

#include <string.h>

#include "app/effects.h"
#include "app/loop.h"

#ifndef AHEAD_US /* the simulation's handlers take no time */
#define AHEAD_US 1000
#endif

static size_t events_ready(const struct loop *loop)
{
    size_t n = 0;
    for (size_t i = 0; i < loop->sources_n; i++)
        n += (size_t)(loop->sources[i].follow.front - loop_read(loop, i));
    return n;
}

/* What comes while the commit lasts is better taken together than in a turn that closes before it: so only
 * when what is here will, by how long the last turn took, keep the handlers busy for about that time. */
bool ahead_is_worth_it(struct loop *loop)
{
    const struct bus_turn *last = loop->under_way;
    if (last == NULL || loop->state_stale || loop->dead_due || effects_left(loop) ||
        (loop->caught_up && loop->next_timer_us <= loop_now(loop)))
        return false;
    size_t n = events_ready(loop) + loop->commands_n - last->commands_n;
    return n > 0 && last->work_us * (int64_t)n >= AHEAD_US * (int64_t)last->n;
}

/* Timers and outcomes are found again until they are settled, and care wants to know what it handles. */
bool ahead_allowed(const struct loop *loop, const struct bus_turn *turn)
{
    bool plain = turn->n > 0 && loop->clock.mode != STORE_CLOCK_CONDUCTED && loop->away.retries == 0 &&
                 loop->care.until_us == 0 && !loop->stopping;
    for (size_t i = 0; plain && i < turn->n; i++)
        plain = turn->items[i].kind == ITEM_EVENT || turn->items[i].kind == ITEM_COMMAND;
    return plain;
}

enum bus_status ahead_settle(struct loop *loop, bool *ret_undone, struct bus_error *err)
{
    struct bus_turn *turn = loop->under_way;
    bool away = false;
    if (turn == NULL)
        return BUS_OK;
    enum bus_status status = turn_await(loop, &away, err);
    if (ret_undone != NULL && !store_in_turn(loop->store)) {
        turn_undo(loop);
        *ret_undone = true;
    }
    if (status == BUS_OK)
        return BUS_OK;
    if (away || strcmp(err->code, "BUS-FENCED") == 0 || turn->n == 0)
        return status;
    return single_run(loop, turn->items, turn->n, err);
}
