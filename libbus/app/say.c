/* What a handler may do: say, reply, set timers, ask for effects. All of it is only noted here; it happens
 * when the turn commits. */
#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "app/timers.h"
#include "app/turn.h"
#include "bus/scan.h"
#include "wire/within.h"

static enum bus_status loop_only(struct bus_context *ctx, const char *what)
{
    if (ctx->turn->loop != NULL)
        return BUS_OK;
    return bus_fail(ctx->err, BUS_BUG, "a query cannot %s: it only reads", what);
}

static enum bus_status check_size(struct bus_context *ctx, const char *what, const char *text, size_t max)
{
    size_t size = text != NULL ? strlen(text) : 0;
    if (size <= max)
        return BUS_OK;
    return bus_fail(ctx->err, BUS_INVALID, "%s of %zu bytes is too long: it has at most %zu", what, size,
                    max);
}

struct bus_id bus_new_id(struct bus_context *ctx)
{
    struct bus_turn *turn = ctx->turn;
    const struct bus_header *cause = ctx->header;
    const char *service = turn->loop != NULL ? turn->loop->service->name : "";
    if (turn->ids == 0) /* one message may say many events */
        turn->seed = bus_printf(ctx->arena, "%s\n%s\n%s", service, cause->source ? cause->source : "",
                                cause->id ? cause->id : "");
    return bus_id_derived(ctx->now_us, turn->seed, strlen(turn->seed), turn->ids++);
}

const char *bus_id_text(struct bus_context *ctx, struct bus_id id)
{
    char text[BUS_ID_TEXT];
    bus_id_format(id, text);
    return bus_strdup(ctx->arena, text);
}

static struct said *said_add(struct bus_turn *turn)
{
    if (turn->said_n == turn->said_capacity) {
        size_t capacity = turn->said_capacity ? turn->said_capacity * 2 : 64;
        struct said *grown = bus_alloc_array(turn->arena, capacity, sizeof *grown);
        if (turn->said_n > 0)
            memcpy(grown, turn->said, turn->said_n * sizeof *grown);
        turn->said = grown;
        turn->said_capacity = capacity;
    }
    return &turn->said[turn->said_n++];
}

/* What the writer had read when it said this: the causal past that a reader must have seen first. */
static void set_after(const struct bus_turn *turn, struct bus_header *header)
{
    const struct loop *loop = turn->loop;
    header->after_n = 0;
    for (size_t i = 0; i < loop->sources_n && header->after_n < BUS_AFTER_MAX; i++)
        if (turn->read[i] > 0)
            header->after[header->after_n++] =
                (struct bus_after){.stream = loop->sources[i].name, .seq = turn->read[i]};
}

/* Copies what was encoded into memory that lives as long as the turn. */
static struct bus_bytes settle(struct bus_arena *arena, const struct bus_buffer *buffer)
{
    return bus_bytes(bus_copy(arena, buffer->data, buffer->size), buffer->size);
}

/* Those of one type share their topic. */
static const char *topic_of(const struct bus_turn *turn, const struct bus_header *header)
{
    if (turn->said_n > 0 && strcmp(turn->said[turn->said_n - 1].type, header->type) == 0)
        return turn->said[turn->said_n - 1].topic;
    return bus_printf(turn->arena, "%s/%s/", header->stream, header->type);
}

/* Completes the header as this stream's next one and appends it. */
static enum bus_status append(struct bus_context *ctx, struct bus_header *header, struct bus_bytes data)
{
    struct bus_turn *turn = ctx->turn;
    const struct store_head *head = store_head_get(turn->loop->store);
    enum bus_status status = check_size(ctx, "a subject", header->subject, BUS_SUBJECT_BYTES);
    if (status != BUS_OK)
        return status;
    if (data.size > BUS_DATA_BYTES)
        return bus_fail(ctx->err, BUS_INVALID, "%s is %zu bytes; a message has at most %d", header->type,
                        data.size, BUS_DATA_BYTES);
    header->stream = turn->loop->service->name;
    header->epoch = head->epoch;
    header->seq = store_last_seq(turn->loop->store) + 1 + (int64_t)(turn->said_n - turn->appended_n);
    set_after(turn, header);
    struct bus_buffer *buffer = &turn->loop->encoded_header;
    bus_buffer_clear(buffer);
    status = bus_header_encode(header, buffer, ctx->err);
    if (status != BUS_OK)
        return status;
    const char *topic = topic_of(turn, header);
    *said_add(turn) = (struct said){
        .seq = header->seq,
        .header = settle(turn->arena, buffer),
        .data = data,
        .topic = topic,
        .type = bus_strdup(turn->arena, header->type),
    };
    return BUS_OK;
}

static void take_over(struct bus_context *ctx, struct bus_header *header)
{
    const struct bus_header *cause = ctx->header;
    if (header->id == NULL)
        header->id = bus_id_text(ctx, bus_new_id(ctx));
    if (header->source == NULL)
        header->source = bus_printf(ctx->arena, "/%s", ctx->turn->loop->service->name);
    if (header->time_us == 0)
        header->time_us = ctx->now_us;
    if (header->recorded_us != 0 || header->time_us != ctx->now_us)
        header->recorded_us = ctx->now_us;
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++) {
        const struct bus_extension *extension = &cause->extensions[i];
        if (extension->name != NULL && bus_header_extension_find(header, extension->name) == NULL)
            (void)bus_header_extend(header, extension->name, extension->value);
    }
    if (header->actor == NULL)
        header->actor = cause->actor;
    if (header->traceparent == NULL)
        header->traceparent = cause->traceparent;
    if (header->causationid == NULL)
        header->causationid = cause->id;
    if (header->correlationid == NULL)
        header->correlationid = cause->correlationid ? cause->correlationid : cause->id;
}

static enum bus_status lies_within(struct bus_context *ctx, const struct bus_header *own,
                                   struct bus_bytes data)
{
    const char *within = ctx->header->within;
    const char *name = within != NULL ? wire_within_fault(within, own, data, ctx->arena) : NULL;
    if (name != NULL)
        return bus_fail(ctx->err, BUS_DENIED, "your token does not cover the %s that this belongs to", name);
    return BUS_OK;
}

/* The first event that a command says is what was asked for; what follows from it (a match made anew) may
 * concern others. `own` has what the event's sayer set itself. */
static enum bus_status judge(struct bus_context *ctx, const struct bus_header *own, struct bus_bytes data)
{
    if (ctx->turn->judged || own->command)
        return BUS_OK;
    enum bus_status status = lies_within(ctx, own, data);
    ctx->turn->judged = status == BUS_OK;
    return status;
}

enum bus_status bus_may(struct bus_context *ctx, const struct bus_header *whose)
{
    ctx->turn->asked = true;
    return lies_within(ctx, whose, bus_bytes(NULL, 0));
}

enum bus_status bus_say(struct bus_context *ctx, const struct bus_type *type, const char *subject,
                        const void *value)
{
    enum bus_status status = loop_only(ctx, "say an event");
    if (status != BUS_OK)
        return status;
    struct bus_turn *turn = ctx->turn;
    if (type->kind != BUS_TYPE_EVENT || strcmp(type->service, turn->loop->service->name) != 0)
        return bus_fail(ctx->err, BUS_BUG, "%s is not an event of %s", type->type, turn->loop->service->name);
    struct bus_buffer *data = &turn->loop->encoded_data;
    bus_buffer_clear(data);
    status = bus_encode(type->shape, value, data, ctx->err);
    if (status == BUS_OK) /* what no reader would take is not said */
        status = bus_scan_map(bus_buffer_bytes(data), &bus_scan_data, ctx->err);
    if (status != BUS_OK)
        return bus_fail_in(ctx->err, "%s", type->type);
    struct bus_header header = {.type = type->type, .subject = subject};
    status = judge(ctx, &header, bus_buffer_bytes(data));
    if (status != BUS_OK)
        return status;
    take_over(ctx, &header);
    turn->touched++;
    return append(ctx, &header, settle(turn->arena, data));
}

enum bus_status bus_say_raw(struct bus_context *ctx, const struct bus_header *given, struct bus_bytes data,
                            int64_t *ret_seq)
{
    enum bus_status status = loop_only(ctx, "say an event");
    if (status != BUS_OK)
        return status;
    struct bus_turn *turn = ctx->turn;
    struct bus_header header = *given;
    status = judge(ctx, given, data);
    if (status != BUS_OK)
        return status;
    take_over(ctx, &header);
    turn->touched++;
    status = append(ctx, &header, bus_bytes(bus_copy(turn->arena, data.data, data.size), data.size));
    if (status == BUS_OK && ret_seq != NULL)
        *ret_seq = header.seq;
    return status;
}

/* The accepted command itself, without its personal data: audit, and the input of a replay. */
enum bus_status turn_record(struct bus_context *ctx, const struct bus_type *type, const void *value)
{
    struct bus_turn *turn = ctx->turn;
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    enum bus_status status = bus_encode_public(type->shape, value, &data, ctx->err);
    if (status != BUS_OK)
        return status;
    struct bus_header header = *ctx->header;
    header.command = true;
    header.time_us = ctx->now_us;
    header.recorded_us = 0;
    if (header.source == NULL)
        header.source = bus_printf(ctx->arena, "/%s", turn->item->command->peer);
    return append(ctx, &header, settle(turn->arena, &data));
}

enum bus_status bus_reply(struct bus_context *ctx, const void *value)
{
    struct bus_turn *turn = ctx->turn;
    if (turn->reply_shape == NULL || turn->reply.data != NULL)
        return bus_fail(ctx->err, BUS_BUG, "a reply is given once, to a command or a query");
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    enum bus_status status = bus_encode(turn->reply_shape, value, &data, ctx->err);
    if (status == BUS_OK)
        turn->reply = settle(turn->arena, &data);
    return status;
}

/* Of what is set or asked for again, what was parked is over. */
static enum bus_status remove_letter(struct bus_context *ctx, const char *source, const char *name,
                                     const char *key)
{
    struct store *store = ctx->turn->loop->store;
    if (store_dead_count(store) == 0)
        return BUS_OK;
    const struct store_dead letter = {.source = source, .event_id = item_letter_id(ctx->arena, name, key)};
    return store_dead_stands(store, &letter) ? store_dead_remove(store, source, 0, letter.event_id, ctx->err)
                                             : BUS_OK;
}

static enum bus_status timer_put(struct bus_context *ctx, const char *name, const char *key, int64_t due_us)
{
    enum bus_status status = loop_only(ctx, "set a timer");
    if (status != BUS_OK)
        return status;
    struct bus_turn *turn = ctx->turn;
    const struct bus_on_timer *on = turn->loop->service->timers;
    while (on != NULL && on->name != NULL && strcmp(on->name, name) != 0)
        on++;
    if (on == NULL || on->name == NULL)
        return bus_fail(ctx->err, BUS_BUG, "the timer %s is not in the service's table", name);
    turn->touched++;
    if (due_us != 0 && due_us < turn->next_timer_us)
        turn->next_timer_us = due_us;
    timers_note(turn->loop, name, key);
    const char *correlation = ctx->header->correlationid ? ctx->header->correlationid : ctx->header->id;
    struct store_timer timer = {.name = name, .key = key, .due_us = due_us, .correlationid = correlation};
    status = store_timer_put(turn->loop->store, &timer, ctx->err);
    return status != BUS_OK ? status : remove_letter(ctx, "timer", name, key);
}

enum bus_status bus_timer_set(struct bus_context *ctx, const char *name, const char *key, int64_t due_us)
{
    enum bus_status status = check_size(ctx, "the key of a timer", key, BUS_KEY_BYTES);
    return status != BUS_OK ? status : timer_put(ctx, name, key, due_us > 0 ? due_us : 1);
}

enum bus_status bus_timer_clear(struct bus_context *ctx, const char *name, const char *key)
{
    return timer_put(ctx, name, key, 0);
}

enum bus_status bus_effect(struct bus_context *ctx, const char *name, const char *key,
                           struct bus_bytes payload)
{
    enum bus_status status = loop_only(ctx, "ask for an effect");
    if (status == BUS_OK)
        status = check_size(ctx, "the key of an effect", key, BUS_KEY_BYTES);
    if (status != BUS_OK)
        return status;
    struct bus_turn *turn = ctx->turn;
    AUTO(bus_buffer_done) struct bus_buffer header = {0};
    struct bus_header cause = *ctx->header;
    cause.within = NULL; /* what comes of it was allowed with it */
    status = bus_header_encode(&cause, &header, ctx->err);
    if (status != BUS_OK)
        return status;
    turn->touched++;
    if (turn->effects_n == turn->effects_capacity) {
        size_t capacity = turn->effects_capacity ? turn->effects_capacity * 2 : 16;
        struct store_effect *grown = bus_alloc_array(turn->arena, capacity, sizeof *grown);
        if (turn->effects_n > 0)
            memcpy(grown, turn->effects, turn->effects_n * sizeof *grown);
        turn->effects = grown;
        turn->effects_capacity = capacity;
    }
    struct store_effect *effect = &turn->effects[turn->effects_n++];
    *effect = (struct store_effect){
        .name = bus_strdup(turn->arena, name),
        .key = bus_strdup(turn->arena, key),
        .payload = bus_bytes(bus_copy(turn->arena, payload.data, payload.size), payload.size),
        .header = settle(turn->arena, &header)};
    status = store_effect_put(turn->loop->store, effect, ctx->err);
    return status != BUS_OK ? status : remove_letter(ctx, "effect", name, key);
}

enum bus_status bus_effects_asked(struct bus_context *ctx, const char *name, struct bus_outcome **ret,
                                  size_t *ret_n)
{
    struct store_effect *all = NULL;
    size_t all_n = 0, n = 0;
    enum bus_status status = loop_only(ctx, "ask for effects");
    if (status == BUS_OK)
        status = store_effects(ctx->turn->loop->store, ctx->arena, &all, &all_n, ctx->err);
    if (status != BUS_OK)
        return status;
    struct bus_outcome *asked = bus_alloc_array(ctx->arena, all_n, sizeof *asked);
    for (size_t i = 0; i < all_n; i++)
        if (strcmp(all[i].name, name) == 0)
            asked[n++] = (struct bus_outcome){.key = all[i].key, .payload = all[i].payload};
    *ret = asked;
    *ret_n = n;
    return BUS_OK;
}
