/* What others ask of the loop: its time, and whether it serves. */
#include "app/loop.h"
#include "app/turn.h"
#include "bus/clock.h"

#define CLOCKS_APART_US BUS_MINUTE_US /* of hosts; what is further ahead is a fault that is not followed */

int64_t loop_now(struct loop *loop)
{
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return loop->clock.now_us;
    int64_t now = bus_clock_wall_us() + (loop->clock.mode == STORE_CLOCK_OFFSET ? loop->clock.offset_us : 0);
    if (now > loop->last_now_us)
        loop->last_now_us = now;
    return loop->last_now_us;
}

int64_t loop_read(const struct loop *loop, size_t i)
{
    return loop->under_way != NULL ? loop->under_way->read[i] : loop->sources[i].follow.seq;
}

int64_t item_own_time(struct loop *loop, const struct bus_header *header)
{
    int64_t moment_us = bus_header_moment_us(header);
    return moment_us != 0 ? moment_us : loop_now(loop);
}

void loop_note_moment(struct loop *loop, int64_t moment_us)
{
    if (moment_us > loop->read_us && moment_us - loop_now(loop) < CLOCKS_APART_US)
        loop->read_us = moment_us;
}

int64_t loop_input_now(struct loop *loop)
{
    int64_t now = loop_now(loop);
    if (now <= loop->read_us)
        now = loop->read_us + 1;
    if (now <= loop->input_us)
        now = loop->input_us + 1;
    return loop->input_us = now;
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
    else if (loop->retries > 0)
        *ret_why = "database away";
    else if (source != NULL)
        *ret_why = follow_state_name(source->follow.state);
    else
        return true;
    return false;
}

void loop_tell_need(const struct loop *loop, struct bus_buffer *out)
{
    const struct source *source = source_in_need(loop);
    if (!loop->stopping && loop->retries > 0)
        bus_buffer_printf(out, "waits, and goes on by itself: %s", loop->retry_why.text);
    else if (!loop->stopping && source != NULL)
        sources_tell(loop, source, out);
}

/* ---- opening */
