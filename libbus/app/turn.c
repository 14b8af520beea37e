/* See turn.h: begin, handle, append, advance, commit, publish, answer. */
#include "app/turn.h"

#include <string.h>

#include "app/ahead.h"
#include "app/answers.h"
#include "app/commands.h"
#include "app/effects.h"
#include "app/loop.h"
#include "app/publish.h"
#include "app/reply.h"
#include "app/runs.h"
#include "app/timers.h"
#include "base/failpoint.h"
#include "bus/scan.h"

enum bus_status turn_record(struct bus_context *ctx, const struct bus_type *type, const void *value);

/* ---- one item */

bool turn_heeds(const struct loop *loop, const struct item *item)
{
    return item->kind != ITEM_EVENT || item->broken != NULL ||
           (!item->header.command && on_find(loop->service->events, item->header.type) != NULL);
}

static enum bus_status handle_event(struct bus_context *ctx, struct item *item)
{
    struct loop *loop = ctx->turn->loop;
    if (item->broken != NULL)
        return bus_fail(ctx->err, BUS_INVALID, "%s", item->broken);
    if (item->header.command)
        return BUS_OK;
    const struct bus_on *on = on_find(loop->service->events, item->header.type);
    if (on == NULL)
        return BUS_OK;
    void *value = NULL;
    enum bus_status status = bus_scan_map(item->data, &bus_scan_data, ctx->err);
    if (status == BUS_OK)
        status = bus_decode(on->type->shape, item->data, true, ctx->arena, &value, NULL, ctx->err);
    if (status != BUS_OK)
        return status;
    return on->handle(ctx, value);
}

static enum bus_status handle_command(struct bus_context *ctx, struct item *item)
{
    struct bus_turn *turn = ctx->turn;
    struct command *command = item->command;
    struct bus_faults faults = {0};
    void *value = NULL;
    enum bus_status status =
        bus_decode(command->on->type->shape, command->data, false, ctx->arena, &value, &faults, ctx->err);
    size_t before = turn->said_n;
    turn->reply_shape = command->on->type->reply;
    turn->reply = (struct bus_bytes){0};
    if (status == BUS_OK && !command->on->unrecorded)
        status = turn_record(ctx, command->on->type, value);
    if (status == BUS_OK)
        status = command->on->handle(ctx, value);
    turn->reply_shape = NULL;
    int64_t seq = turn->said_n > before ? turn->said[turn->said_n - 1].seq : 0;
    if (status != BUS_OK && turn->touched == 0)
        turn->said_n = before;
    reply_frames(turn->arena, status, ctx->err, &faults, status == BUS_OK ? seq : 0, turn->reply,
                 item->reply);
    return status;
}

static enum bus_status run_timer(struct bus_context *ctx, const char *name, const char *key)
{
    for (const struct bus_on_timer *on = ctx->turn->loop->service->timers; on != NULL && on->name != NULL;
         on++)
        if (strcmp(on->name, name) == 0)
            return on->handle(ctx, key);
    bus_log_warn("timer %s has no handler any more: dropped", name);
    return BUS_OK;
}

static enum bus_status handle_timer(struct bus_context *ctx, struct item *item)
{
    struct store_timer gone = {.name = item->timer.name, .key = item->timer.key};
    bool stands = false;
    enum bus_status status = timers_stands(ctx->turn->loop, &item->timer, &stands, ctx->err);
    if (status != BUS_OK || !stands)
        return status;
    status = store_timer_put(ctx->turn->loop->store, &gone, ctx->err);
    return status != BUS_OK ? status : run_timer(ctx, item->timer.name, item->timer.key);
}

static enum bus_status handle_outcome(struct bus_context *ctx, struct item *item)
{
    enum bus_status status =
        store_effect_remove(ctx->turn->loop->store, item->on_effect->name, item->outcome.key, ctx->err);
    return status != BUS_OK ? status : item->on_effect->handle(ctx, &item->outcome);
}

static enum bus_status handle_dead(struct bus_context *ctx, struct item *item)
{
    enum bus_status status;
    if (item->timer.name != NULL)
        status = run_timer(ctx, item->timer.name, item->timer.key);
    else if (item->on_effect != NULL)
        status = item->on_effect->handle(ctx, &item->outcome);
    else
        status = handle_event(ctx, item);
    struct store *store = ctx->turn->loop->store;
    if (status == BUS_OK)
        status = store_dead_remove(store, item->source_name, item->seq, item->dead->event_id, ctx->err);
    if (status == BUS_OK && item->dead->subject != NULL)
        status = store_dead_pass_on(store, item->source_name, item->dead->subject, ctx->now_us, ctx->err);
    return status;
}

const char *item_subject(struct loop *loop, const struct item *item)
{
    const struct bus_header *header = &item->header;
    if (header->subject == NULL || header->source == NULL || header->source[0] == '/')
        return header->subject;
    return bus_printf(loop->arena, "%s %s", header->source, header->subject);
}

/* An event whose subject has something parked waits behind it, so that it is never handled out of order. */
static enum bus_status wait_behind(struct bus_context *ctx, struct item *item)
{
    struct store_dead dead = {
        .source = item->source_name,
        .seq = item->seq,
        .event_id = item->header.id,
        .subject = item_subject(ctx->turn->loop, item),
        .type = item->header.type,
        .header = item->raw_header,
        .data = item->data,
        .state = "behind",
        .error = "",
        .fingerprint = "",
        .first_us = ctx->now_us,
        .last_us = ctx->now_us,
    };
    return store_dead_put(ctx->turn->loop->store, &dead, ctx->err);
}

static enum bus_status handle(struct bus_turn *turn, struct item *item, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    struct bus_context ctx = {.now_us = item->now_us,
                              .header = &item->header,
                              .arena = turn->arena,
                              .db = store_db(loop->store),
                              .err = err,
                              .state = loop->state,
                              .turn = turn};
    const char *subject;
    turn->item = item;
    turn->ids = 0;
    turn->touched = 0;
    turn->judged = false;
    switch (item->kind) {
    case ITEM_EVENT:
        loop->metrics.events++;
        subject = turn_heeds(loop, item) ? item_subject(loop, item) : NULL;
        if (subject != NULL && store_dead_blocks(loop->store, item->source_name, subject))
            return wait_behind(&ctx, item);
        return handle_event(&ctx, item);
    case ITEM_COMMAND:
        return answers_repeat(turn, item) ? BUS_OK : handle_command(&ctx, item);
    case ITEM_TIMER:
        return handle_timer(&ctx, item);
    case ITEM_OUTCOME:
        return handle_outcome(&ctx, item);
    case ITEM_DEAD:
        return handle_dead(&ctx, item);
    }
    return BUS_BUG;
}

/* ---- the turn */

static enum bus_status build_state(struct bus_turn *turn, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    if (loop->service->open == NULL)
        loop->state_stale = false;
    if (!loop->state_stale)
        return BUS_OK;
    bool undo = loop->service->undo != NULL && loop->state != NULL;
    if (!undo && loop->service->close != NULL && loop->state != NULL)
        loop->service->close(&loop->state);
    static const struct bus_header none = {.id = "", .source = "", .type = ""};
    struct bus_context ctx = {.now_us = loop_now(loop),
                              .header = &none,
                              .arena = turn->arena,
                              .db = store_db(loop->store),
                              .err = err,
                              .turn = turn};
    enum bus_status status =
        undo ? loop->service->undo(&ctx, loop->state) : loop->service->open(&ctx, &loop->state);
    if (status == BUS_OK)
        loop->state_stale = false;
    return status;
}

/* Whether enough was done to be committed while the next turn does the rest. */
static bool is_long(const struct bus_turn *turn)
{
    return bus_clock_monotonic_us() - turn->loop->taking_us > TURN_WORK_US && ahead_allowed(turn->loop, turn);
}

static void cut(struct bus_turn *turn, size_t n)
{
    for (size_t i = n; i < turn->n; i++)
        turn->commands_n -= turn->items[i].kind == ITEM_COMMAND;
    turn->n = n;
    turn->loop->full = true;
}

static enum bus_status handle_all(struct bus_turn *turn, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    for (size_t i = 0; i < turn->n; i++) {
        struct item *item = &turn->items[i];
        uint64_t writes = store_writes(loop->store);
        if (item->kind == ITEM_EVENT) {
            turn->read[item->source] = item->seq;
            turn->read_id[item->source] = item->header.id;
        }
        enum bus_status status = handle(turn, item, err);
        if (status == BUS_OK && item->kind == ITEM_COMMAND && !item->answered_before)
            status = answers_keep(turn, item, err);
        /* A refusal before anything was written is an answer like another; no need to undo the batch. */
        bool harmless = item->kind == ITEM_COMMAND && status != BUS_RETRY && turn->touched == 0 &&
                        store_writes(loop->store) == writes && !store_failed(loop->store);
        if (status == BUS_OK || harmless)
            status = item_attempts_clear(loop, item, err);
        if (status != BUS_OK)
            return status;
        /* At once, so that the database works on them while the handlers go on. */
        runs_pack(turn);
        /* What waits for the turn before need not wait for all of this one. */
        if (status == BUS_OK && store_commit_stands(loop->store))
            status = turn_await(loop, &(bool){false}, err);
        if (status != BUS_OK)
            return status;
        if (i + 1 < turn->n && is_long(turn))
            cut(turn, i + 1);
    }
    return BUS_OK;
}

static void note_positions(struct bus_turn *turn)
{
    struct loop *loop = turn->loop;
    for (size_t i = 0; i < loop->sources_n; i++) {
        const struct follow *follow = &loop->sources[i].follow;
        if (turn->read[i] > follow->seq)
            store_advance(loop->store, &(struct store_position){.stream = loop->sources[i].name,
                                                                .epoch = follow->epoch,
                                                                .seq = turn->read[i],
                                                                .event_id = turn->read_id[i]});
    }
}

/* The turn stands: tell the world. */
static void carry_out(struct bus_turn *turn)
{
    struct loop *loop = turn->loop;
    loop->metrics.turns++;
    loop->metrics.batch_last = turn->n;
    bus_failpoint("committed");
    publish_said(turn);
    bus_failpoint("published");
    loop->metrics.said += turn->said_n;
    for (size_t i = 0; i < loop->sources_n; i++) {
        struct follow *follow = &loop->sources[i].follow;
        if (turn->read[i] > follow->seq)
            follow_consume(follow, (size_t)(turn->read[i] - follow->seq), turn->read_id[i]);
    }
    for (size_t i = 0; i < turn->effects_n; i++)
        effects_start(loop, &turn->effects[i]);
    if (turn->next_timer_us < loop->next_timer_us)
        loop->next_timer_us = turn->next_timer_us;
    for (size_t i = 0; i < turn->n; i++) {
        struct item *item = &turn->items[i];
        if (item->kind == ITEM_OUTCOME)
            effects_finish(loop, item);
        if (item->kind != ITEM_COMMAND)
            continue;
        net_reply(loop->net, item->command->route, "REPLY", item->reply, 2);
        commands_remove(loop, item->command);
        loop->metrics.commands++;
    }
}

struct bus_turn *turn_new(struct loop *loop, struct item *items, size_t n)
{
    struct bus_turn *turn = bus_alloc(loop->arena, sizeof *turn);
    *turn = (struct bus_turn){
        .loop = loop, .arena = loop->arena, .items = items, .n = n, .next_timer_us = INT64_MAX};
    turn->runs_end = &turn->runs;
    bus_buffer_clear(&loop->packed);
    turn->read = bus_alloc_array(loop->arena, loop->sources_n, sizeof *turn->read);
    turn->read_id = bus_alloc_array(loop->arena, loop->sources_n, sizeof *turn->read_id);
    for (size_t i = 0; i < loop->sources_n; i++)
        turn->read[i] = loop_read(loop, i);
    for (size_t i = 0; i < n; i++)
        turn->commands_n += items[i].kind == ITEM_COMMAND;
    return turn;
}

/* `blame`: a message's handler was at work, or a statement of its. */
static bool is_away(const struct loop *loop, enum bus_status status, bool blame)
{
    return status == BUS_RETRY && (!blame || store_away(loop->store));
}

enum bus_status turn_handle(struct bus_turn *turn, bool *ret_away, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    bus_failpoint("taken");
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = build_state(turn, err);
    if (status == BUS_OK)
        status = answers_find(turn, turn->items, turn->n, err);
    int64_t before = bus_clock_monotonic_us();
    bool blame = status == BUS_OK;
    if (status == BUS_OK)
        status = handle_all(turn, err);
    int64_t after = bus_clock_monotonic_us();
    loop->metrics.handler_us += (uint64_t)(after - before);
    turn->work_us = after - loop->taking_us;
    if (status == BUS_OK)
        bus_failpoint("handled");
    else
        *ret_away = is_away(loop, status, blame);
    return status;
}

void turn_undo(struct loop *loop)
{
    store_rollback(loop->store);
    loop->state_stale = true;
}

enum bus_status turn_send(struct bus_turn *turn, bool *ret_away, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    note_positions(turn);
    runs_end(turn);
    enum bus_status status = loop_commit_send(loop, err);
    if (status != BUS_OK) {
        *ret_away = is_away(loop, status, store_failed(loop->store)); /* by a statement that failed late */
        return status;
    }
    for (size_t i = 0; i < turn->n; i++)
        if (turn->items[i].kind == ITEM_COMMAND)
            turn->items[i].command->under_way = true;
    loop->under_way = turn;
    return BUS_OK;
}

enum bus_status turn_await(struct loop *loop, bool *ret_away, struct bus_error *err)
{
    struct bus_turn *turn = loop->under_way;
    enum bus_status status = loop_commit_wait(loop, err);
    loop->under_way = NULL;
    if (status == BUS_OK) {
        carry_out(turn);
        bus_failpoint("answered");
        return BUS_OK;
    }
    *ret_away = is_away(loop, status, store_failed(loop->store));
    turn_undo(loop);
    for (size_t i = 0; i < turn->n; i++)
        if (turn->items[i].kind == ITEM_COMMAND)
            turn->items[i].command->under_way = false;
    return status;
}

enum bus_status turn_run(struct loop *loop, struct item *items, size_t n, bool *ret_away,
                         struct bus_error *err)
{
    struct bus_turn *turn = turn_new(loop, items, n);
    enum bus_status status = turn_handle(turn, ret_away, err);
    if (status == BUS_OK)
        status = turn_send(turn, ret_away, err);
    if (status == BUS_OK)
        return turn_await(loop, ret_away, err);
    turn_undo(loop);
    return status;
}
