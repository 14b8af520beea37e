/* See message_store.h. */
#include "message_store.h"

#include <stdio.h>

#include "sql/notifications.h"

#define WORD(words, value) BUS_TEXT(bus_word_or_null(words, (int)(value)))

/* What a message is from the beginning, in the order of either table. */
#define BEGINNING(m)                                                                                        \
    BUS_ID((m)->message_id), BUS_ID((m)->person_id), BUS_TEXT((m)->partnership), BUS_TEXT((m)->template),   \
        BUS_TEXT((m)->language), WORD(common_channel_words, (m)->channel), BUS_TEXT((m)->programme),        \
        BUS_TEXT((m)->cause_id), BUS_TEXT((m)->cause_type), BUS_ID((m)->about), BUS_ID((m)->series_id),     \
        BUS_TIME((m)->at_us), BUS_TEXT((m)->place_kind), BUS_TEXT((m)->help_topic), BUS_ID((m)->resend_of), \
        BUS_TIME((m)->queued_us), BUS_TIME((m)->due_us), BUS_INT((m)->attempts)

enum bus_status message_add(struct bus_context *ctx, const struct message *message)
{
    (void)state_keep(ctx->state, message);
    return bus_exec(ctx->db, ctx->err, &notifications_waiting_add, BEGINNING(message),
                    BUS_TEXT(message->correlation));
}

enum bus_status message_change(struct bus_context *ctx, const struct message *m)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    int64_t in_vain = m->attempts - (bus_id_is_nil(m->carrier) ? 0 : 1);
    return bus_query(ctx->db, ctx->err, &rows, &notifications_waiting_change, BUS_ID(m->message_id),
                     BUS_ID(m->person_id), BUS_TEXT(m->language), WORD(common_channel_words, m->channel),
                     BUS_TIME(m->due_us), BUS_INT(in_vain));
}

static struct message beginning(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    struct bus_arena *arena = ctx->arena;
    struct message m = {
        .message_id = bus_row_id(rows, row, 0),
        .person_id = bus_row_id(rows, row, 1),
        .partnership = bus_row_text(rows, row, 2, arena),
        .template = bus_row_text(rows, row, 3, arena),
        .channel = bus_row_word(rows, row, 5, common_channel_words),
        .programme = bus_row_text(rows, row, 6, arena),
        .cause_id = bus_row_text(rows, row, 7, arena),
        .cause_type = bus_row_text(rows, row, 8, arena),
        .about = bus_row_id(rows, row, 9),
        .series_id = bus_row_id(rows, row, 10),
        .at_us = bus_row_time(rows, row, 11),
        .place_kind = bus_row_text(rows, row, 12, arena),
        .help_topic = bus_row_text(rows, row, 13, arena),
        .resend_of = bus_row_id(rows, row, 14),
        .queued_us = bus_row_time(rows, row, 15),
        .due_us = bus_row_time(rows, row, 16),
        .attempts = bus_row_int(rows, row, 17),
    };
    snprintf(m.language, sizeof m.language, "%s", bus_row_text(rows, row, 4, arena));
    return m;
}

struct message message_row(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    struct message m = beginning(ctx, rows, row);
    m.state = bus_row_word(rows, row, 18, notifications_message_state_words);
    m.ended_us = bus_row_time(rows, row, 19);
    m.fail_reason = bus_row_word(rows, row, 20, notifications_fail_reason_words);
    m.merged_into = bus_row_id(rows, row, 21);
    return m;
}

enum bus_status messages_load(struct bus_context *ctx, struct state *state)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &notifications_waiting_load, BUS_NONE);
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        struct message m = beginning(ctx, &rows, row);
        m.state = NOTIFICATIONS_MESSAGE_STATE_QUEUED;
        m.correlation = bus_row_text(&rows, row, 18, ctx->arena);
        (void)state_keep(state, &m);
    }
    return status;
}

enum bus_status message_get(struct bus_context *ctx, struct bus_id message_id, struct message *ret_message)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_message_get, BUS_ID(message_id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no such message; look it up in `messages`");
    *ret_message = message_row(ctx, &rows, 0);
    return BUS_OK;
}

/* Says with `type` and `event` how it ended. */
static enum bus_status end(struct bus_context *ctx, struct message *m, enum notifications_message_state state,
                           const struct bus_type *type, const void *event)
{
    m->state = state;
    m->ended_us = ctx->now_us;
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &notifications_message_ended, BEGINNING(m),
                 WORD(notifications_message_state_words, m->state), BUS_TIME(m->ended_us),
                 WORD(notifications_fail_reason_words, m->fail_reason), BUS_ID(m->merged_into));
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &notifications_waiting_gone, BUS_ID(m->message_id));
    if (status == BUS_OK)
        status = bus_say(ctx, type, bus_id_text(ctx, m->message_id), event);
    state_forget(ctx->state, m);
    return status;
}

#define FIELDS(m)                                                                                \
    .message_id = (m)->message_id, .person_id = (m)->person_id, .partnership = (m)->partnership, \
    .template = (m)->template, .language = (m)->language, .channel = (m)->channel

enum bus_status message_sent(struct bus_context *ctx, struct message *m, int64_t merged)
{
    struct notifications_message_sent sent = {FIELDS(m), .merged = merged, .attempts = m->attempts,
                                              .queued = m->queued_us};
    return end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_SENT, &notifications_message_sent_type, &sent);
}

enum bus_status message_merged(struct bus_context *ctx, struct message *m, struct bus_id letter_id)
{
    struct notifications_message_merged merged = {FIELDS(m), .merged_into = letter_id};
    m->merged_into = letter_id;
    return end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_MERGED, &notifications_message_merged_type, &merged);
}

enum bus_status message_failed(struct bus_context *ctx, struct message *m, int64_t attempts,
                               enum notifications_fail_reason reason)
{
    struct notifications_message_failed failed = {FIELDS(m), .reason = reason, .attempts = attempts};
    m->attempts = attempts;
    m->fail_reason = reason;
    return end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_FAILED, &notifications_message_failed_type, &failed);
}

enum bus_status message_dropped(struct bus_context *ctx, struct message *m,
                                enum notifications_drop_reason reason)
{
    struct notifications_message_dropped dropped = {FIELDS(m), .reason = reason};
    return end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_DROPPED, &notifications_message_dropped_type, &dropped);
}
