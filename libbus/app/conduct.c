/* See conduct.h. */
#include "app/conduct.h"

#include <string.h>

#include "app/effects.h"
#include "app/reader.h"
#include "app/reply.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "net/peers.h"

static bool read_step(struct loop *loop, struct bus_bytes body, struct step *step)
{
    struct bus_cursor at, upto;
    struct bus_bytes name;
    uint32_t n = 0;
    if (!bus_cursor_get(body, "now", &at) || !bus_cursor_int(&at, &step->now_us) ||
        !bus_cursor_get(body, "upto", &upto) || !bus_cursor_map(&upto, &n))
        return false;
    if (bus_cursor_get(body, "settle", &at) && !bus_cursor_bool(&at, &step->settle))
        return false;
    for (; n > 0; n--) {
        int64_t seq = 0;
        if (!bus_cursor_text(&upto, &name) || !bus_cursor_int(&upto, &seq))
            return false;
        for (size_t i = 0; i < loop->sources_n; i++)
            if (bus_text_is(name, loop->sources[i].name))
                step->upto[i] = seq;
    }
    return true;
}

static void begin_step(struct loop *loop, const struct net_request *request)
{
    if (loop->step.active) {
        reply_error(loop, request->route, "DENIED", "a step is under way");
        return;
    }
    struct step step = {.arena = bus_arena_new(), .arrived_us = bus_clock_monotonic_us()};
    step.upto = bus_alloc_array(step.arena, loop->sources_n, sizeof *step.upto);
    step.route =
        bus_bytes(bus_copy(step.arena, request->route.data, request->route.size), request->route.size);
    if (request->body_n != 1 || !read_step(loop, request->body[0], &step)) {
        bus_arena_free(&step.arena);
        reply_error(loop, request->route, "DENIED", "a STEP holds now and upto");
        return;
    }
    store_relax(loop->store, true);
    bus_peers_replay(loop->peers, true);
    effects_tell_whole(loop, true);
    step.active = true;
    loop->step = step;
    loop->clock.now_us = step.now_us;
    bus_peers_clock(loop->peers, step.now_us - bus_clock_wall_us());
}

static void release(struct loop *loop, const struct net_request *request)
{
    struct bus_cursor at;
    int64_t now_us = 0;
    struct store_clock clock = {.mode = STORE_CLOCK_WALL};
    if (request->body_n == 1 && bus_cursor_get(request->body[0], "now", &at) && bus_cursor_int(&at, &now_us))
        clock = (struct store_clock){.mode = STORE_CLOCK_OFFSET, .offset_us = now_us - bus_clock_wall_us()};
    struct bus_error err = {0};
    struct store_clock before = loop->clock;
    int64_t last_now_us = loop->last_now_us;
    store_relax(loop->store, false);
    bus_peers_replay(loop->peers, false);
    effects_tell_whole(loop, false);
    loop->clock = clock;
    loop->last_now_us = 0;
    enum bus_status status = store_begin(loop->store, &err);
    if (status == BUS_OK)
        status = loop_commit(loop, &err);
    if (status != BUS_OK) {
        loop->clock = before;
        loop->last_now_us = last_now_us;
        store_rollback(loop->store);
        reply_error(loop, request->route, "DENIED", err.text);
        return;
    }
    bus_peers_clock(loop->peers, clock.offset_us);
    reader_let_go(loop);
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 0);
    reply_send(loop, request->route, "RELEASED", bus_buffer_bytes(&out));
}

void conduct_request(struct loop *loop, const struct net_request *request)
{
    if (strcmp(request->verb, "RELEASE") == 0)
        release(loop, request);
    else if (loop->clock.mode != STORE_CLOCK_CONDUCTED)
        reply_error(loop, request->route, "DENIED", "this stack is not conducted: start it with --conducted");
    else if (strcmp(request->verb, "STEP") == 0)
        begin_step(loop, request);
    else
        reader_request(loop, request);
}

bool conduct_gathered(struct loop *loop)
{
    if (!loop->step.outcomes_taken && !effects_gathered(loop))
        return false;
    for (size_t i = 0; i < loop->sources_n; i++)
        if (loop->sources[i].follow.front < loop->step.upto[i] && !follow_plenty(&loop->sources[i].follow))
            return false;
    return true;
}

static bool step_handled(const struct loop *loop)
{
    for (size_t i = 0; i < loop->sources_n; i++)
        if (!loop->step.passed && loop->sources[i].follow.seq < loop->step.upto[i])
            return false;
    return loop->commands_n == 0;
}

/* Whether the service is at rest: no effect under way, no timer and no dead letter due. */
static enum bus_status step_over(struct loop *loop, bool *ret_over, struct bus_error *err)
{
    *ret_over = false;
    if (!step_handled(loop))
        return BUS_OK;
    if (effects_pending(loop) > 0) {
        loop->step.outcomes_taken = false; /* the next turn waits for them */
        return BUS_OK;
    }
    enum bus_status status = BUS_OK;
    size_t retried = 0;
    if (loop->next_timer_us <= loop->step.now_us)
        status = store_timer_next(loop->store, &loop->next_timer_us, err);
    loop->step.timers_taken = loop->step.timers_taken && loop->next_timer_us > loop->step.now_us;
    if (status != BUS_OK || loop->next_timer_us <= loop->step.now_us)
        return status;
    status = dead_retry(loop, &retried, err);
    *ret_over = retried == 0;
    return status;
}

/* When something comes due by itself: a timer, or a dead letter. */
static enum bus_status next_due(struct loop *loop, int64_t *ret_us, struct bus_error *err)
{
    int64_t dead_us = INT64_MAX;
    enum bus_status status =
        store_dead_count(loop->store) > 0 ? store_dead_next(loop->store, &dead_us, err) : BUS_OK;
    *ret_us = dead_us < loop->next_timer_us ? dead_us : loop->next_timer_us;
    return status;
}

static void note_type(struct step *step, const char *type)
{
    for (const struct said_type *one = step->said; one != NULL; one = one->next)
        if (strcmp(one->name, type) == 0)
            return;
    struct said_type *one = bus_alloc(step->arena, sizeof *one);
    *one = (struct said_type){.name = bus_strdup(step->arena, type), .next = step->said};
    step->said = one;
}

void conduct_note(struct loop *loop, const struct bus_turn *turn)
{
    for (size_t i = 0; loop->step.active && i < turn->said_n; i++)
        if (i == 0 || turn->said[i].topic != turn->said[i - 1].topic)
            note_type(&loop->step, turn->said[i].type);
}

static void pack_said(struct bus_buffer *out, const struct said_type *said)
{
    uint32_t n = 0;
    for (const struct said_type *one = said; one != NULL; one = one->next)
        n++;
    bus_pack_text(out, "said");
    bus_pack_array(out, n);
    for (; said != NULL; said = said->next)
        bus_pack_text(out, said->name);
}

enum bus_status conduct_progress(struct loop *loop, size_t taken, struct bus_error *err)
{
    if (!loop->step.active)
        return BUS_OK;
    loop->step.handled += taken;
    loop->step.outcomes_taken = true;
    loop->step.timers_taken = !loop->full;
    bool over = false;
    int64_t next_us = INT64_MAX;
    enum bus_status status = step_over(loop, &over, err);
    if (status == BUS_OK && over)
        status = next_due(loop, &next_us, err);
    if (status != BUS_OK || !over)
        return status;
    const struct store_head *head = store_head_get(loop->store);
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 6);
    bus_pack_text(&out, "head");
    bus_pack_int(&out, head->last_seq);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, head->epoch);
    bus_pack_text(&out, "handled");
    bus_pack_int(&out, (int64_t)loop->step.handled);
    bus_pack_text(&out, "pending");
    bus_pack_int(&out, (int64_t)effects_pending(loop));
    bus_pack_text(&out, "next_timer");
    bus_pack_int(&out, next_us);
    pack_said(&out, loop->step.said);
    reply_send(loop, loop->step.route, "STEPPED", bus_buffer_bytes(&out));
    bus_arena_free(&loop->step.arena);
    loop->step = (struct step){0};
    return BUS_OK;
}
