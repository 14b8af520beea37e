/* What others ask of the loop: its time, how far it has read, and whether it serves. */
#include <string.h>

#include "app/halt.h"
#include "app/loop.h"
#include "app/turn.h"
#include "bus/clock.h"

static int64_t wall_us(const struct loop *loop)
{
    return bus_clock_wall_us() + (loop->clock.mode == STORE_CLOCK_OFFSET ? loop->clock.offset_us : 0);
}

int64_t loop_now(struct loop *loop)
{
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return loop->clock.now_us;
    int64_t now = wall_us(loop);
    if (now > loop->last_now_us)
        loop->last_now_us = now;
    return loop->last_now_us;
}

int64_t loop_clock_back_us(struct loop *loop)
{
    return loop->clock.mode == STORE_CLOCK_CONDUCTED ? 0 : loop_now(loop) - wall_us(loop);
}

int64_t loop_until_us(struct loop *loop, int64_t then_us)
{
    return then_us <= loop_now(loop) ? 0 : then_us - wall_us(loop);
}

int64_t loop_read(const struct loop *loop, size_t i)
{
    return loop->under_way != NULL ? loop->under_way->read[i] : loop->sources[i].follow.seq;
}

bool bus_read_up(const struct bus_context *ctx, const char *stream)
{
    const struct bus_turn *turn = ctx->turn;
    const struct loop *loop = turn->loop;
    bool up = loop != NULL;
    for (size_t i = 0; up && !loop->step.active && i < loop->sources_n; i++) {
        const struct follow *follow = &loop->sources[i].follow;
        if (stream == NULL || strcmp(loop->sources[i].name, stream) == 0)
            up = follow->state == FOLLOW_READING && turn->read[i] >= follow->head;
    }
    return up;
}

/* The first stream that is not read, an operator's matter before one that mends itself. */
static const struct source *source_in_need(const struct loop *loop)
{
    const struct source *found = NULL;
    for (size_t i = 0; i < loop->sources_n; i++) {
        enum follow_state state = loop->sources[i].follow.state;
        if (state != FOLLOW_READING && (found == NULL || found->follow.state == FOLLOW_GREETING))
            found = &loop->sources[i];
    }
    return found;
}

bool loop_ready(const struct loop *loop, const char **ret_why)
{
    const struct source *source = source_in_need(loop);
    if (loop->stopping)
        *ret_why = "stopping";
    else if (away_is(loop))
        *ret_why = loop->away.silent_us != 0 ? "database silent" : "database away";
    else if (source != NULL)
        *ret_why = follow_state_name(source->follow.state);
    else
        return true;
    return false;
}

void loop_tell_need(const struct loop *loop, struct bus_buffer *out)
{
    const struct source *source = source_in_need(loop);
    if (!loop->stopping && loop->away.silent_us != 0)
        halt_tell(loop, out);
    else if (!loop->stopping && away_is(loop))
        bus_buffer_printf(out, "waits, and goes on by itself: %s", loop->away.why.text);
    else if (!loop->stopping && source != NULL)
        sources_tell(loop, source, out);
}
