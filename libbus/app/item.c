/* See item.h. */
#include "app/item.h"

#include <sodium.h>
#include <string.h>

#include "app/answers.h"
#include "app/effects.h"
#include "app/loop.h"
#include "app/reply.h"
#include "app/timers.h"
#include "bus/scan.h"

#define KEY_MAX 128 /* as a header's id */

enum bus_status turn_record(struct bus_context *ctx, const struct bus_type *type, const void *value);

bool item_heeded(const struct loop *loop, const struct item *item)
{
    return item->kind != ITEM_EVENT || item->broken != NULL ||
           (!item->header.command && on_find(loop->service->events, item->header.type) != NULL);
}

void item_tell_bug(const struct item *item, const struct bus_error *why)
{
    /* Its id is its sender's, who may put anything there. */
    bus_log_warn("%s failed: %s", item->header.type, why->text);
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
    return on->type->call(on->handle, ctx, value);
}

/* What says no event is judged by nobody unless its handler asks. */
static enum bus_status must_be_judged(struct bus_context *ctx, const struct bus_on *on)
{
    if (ctx->header->within == NULL || ctx->turn->judged || ctx->turn->asked || on->unjudged)
        return BUS_OK;
    return bus_fail(ctx->err, BUS_BUG, "its handler did not ask whether a sender with limits may (bus_may)");
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
    turn->faults = &faults;
    turn->reply_shape = command->on->type->reply;
    turn->reply = (struct bus_bytes){0};
    if (status == BUS_OK && !command->on->unrecorded)
        status = turn_record(ctx, command->on->type, value);
    if (status == BUS_OK)
        status = command->on->type->call(command->on->handle, ctx, value);
    if (status == BUS_OK)
        status = must_be_judged(ctx, command->on);
    turn->faults = NULL;
    turn->reply_shape = NULL;
    int64_t seq = turn->said_n > before ? turn->said[turn->said_n - 1].seq : 0;
    if (status != BUS_OK && turn->touched == 0)
        turn->said_n = before;
    reply_frames(turn->arena, status, ctx->err, status == BUS_INVALID ? &faults : NULL,
                 status == BUS_OK ? seq : 0, turn->reply, item->reply);
    return status;
}

/* Who asks holds it against other rules by now, but what was done keeps its answer. */
static enum bus_status refuse_unknown(struct bus_context *ctx, struct item *item)
{
    enum bus_status status = bus_fail(ctx->err, BUS_NOT_FOUND, "no command with this id was done before");
    reply_frames(ctx->turn->arena, status, ctx->err, NULL, 0, (struct bus_bytes){0}, item->reply);
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

/* Whether no message before it, in the batch or alone, has asked for its effect again. */
static bool outcome_stands(const struct bus_turn *turn, const struct item *item)
{
    for (size_t i = 0; i < turn->effects_n; i++)
        if (strcmp(turn->effects[i].key, item->outcome.key) == 0 &&
            strcmp(turn->effects[i].name, item->on_effect->name) == 0)
            return false;
    return effects_stands(item);
}

static enum bus_status handle_outcome(struct bus_context *ctx, struct item *item)
{
    if (!outcome_stands(ctx->turn, item))
        return BUS_OK;
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

const char *item_key(struct bus_arena *arena, const char *text)
{
    uint8_t hash[crypto_generichash_BYTES];
    size_t size = strlen(text);
    if (size <= KEY_MAX)
        return text;
    crypto_generichash(hash, sizeof hash, (const uint8_t *)text, size, NULL, 0);
    size = 2 * sizeof hash + 1;
    return sodium_bin2hex(bus_alloc(arena, size), size, hash, sizeof hash);
}

const char *item_letter_id(struct bus_arena *arena, const char *name, const char *key)
{
    return item_key(arena, bus_printf(arena, "%s/%s", name, key));
}

const char *item_subject(struct loop *loop, const struct item *item)
{
    const struct bus_header *header = &item->header;
    if (header->subject == NULL)
        return NULL;
    bool ours = header->source == NULL || header->source[0] == '/';
    return item_key(loop->arena, ours ? header->subject
                                      : bus_printf(loop->arena, "%s %s", header->source, header->subject));
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

enum bus_status item_handle(struct bus_turn *turn, struct item *item, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    struct bus_context ctx = {.now_us = item->now_us,
                              .header = &item->header,
                              .arena = turn->arena,
                              .db = store_db(loop->store),
                              .err = err,
                              .state = loop->state,
                              .turn = turn,
                              .alone = item->alone};
    const char *subject;
    turn->item = item;
    turn->ids = 0;
    turn->touched = 0;
    turn->judged = turn->asked = false;
    switch (item->kind) {
    case ITEM_EVENT:
        loop->metrics.events++;
        subject = item_heeded(loop, item) ? item_subject(loop, item) : NULL;
        if (subject != NULL && store_dead_blocks(loop->store, item->source_name, subject))
            return wait_behind(&ctx, item);
        return handle_event(&ctx, item);
    case ITEM_COMMAND:
        if (answers_repeat(turn, item))
            return BUS_OK;
        return item->command->only_repeated ? refuse_unknown(&ctx, item) : handle_command(&ctx, item);
    case ITEM_TIMER:
        return handle_timer(&ctx, item);
    case ITEM_OUTCOME:
        return handle_outcome(&ctx, item);
    case ITEM_DEAD:
        return handle_dead(&ctx, item);
    }
    return BUS_BUG;
}
