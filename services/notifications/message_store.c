/* See message_store.h. */
#include "message_store.h"

#include "sql/notifications.h"

enum bus_status message_put(struct bus_context *ctx, const struct message *m)
{
    return bus_exec(ctx->db, ctx->err, &notifications_message_put, BUS_ID(m->message_id),
                    BUS_ID(m->person_id), BUS_TEXT(m->partnership), BUS_TEXT(m->template),
                    BUS_TEXT(m->language), BUS_TEXT(bus_word(common_channel_words, (int)m->channel)),
                    BUS_TEXT(m->programme), BUS_TEXT(m->cause_id), BUS_TEXT(m->cause_type), BUS_ID(m->about),
                    BUS_ID(m->series_id), BUS_TIME(m->at_us), BUS_TEXT(m->place_kind),
                    BUS_TEXT(m->help_topic), BUS_ID(m->resend_of), BUS_TIME(m->queued_us),
                    BUS_TIME(m->due_us));
}

struct message message_row(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    struct bus_arena *arena = ctx->arena;
    const char *fail_reason = bus_row_text(rows, row, 21, arena);
    return (struct message){
        .message_id = bus_row_id(rows, row, 0),
        .person_id = bus_row_id(rows, row, 1),
        .partnership = bus_row_text(rows, row, 2, arena),
        .template = bus_row_text(rows, row, 3, arena),
        .language = bus_row_text(rows, row, 4, arena),
        .channel = bus_word_value(common_channel_words, bus_row_text(rows, row, 5, arena)),
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
        .carrier = bus_row_id(rows, row, 17),
        .attempts = bus_row_int(rows, row, 18),
        .state = bus_word_value(notifications_message_state_words, bus_row_text(rows, row, 19, arena)),
        .ended_us = bus_row_time(rows, row, 20),
        .fail_reason = fail_reason != NULL ? bus_word_value(notifications_fail_reason_words, fail_reason) : 0,
        .merged_into = bus_row_id(rows, row, 22),
    };
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

enum bus_status messages_of_person(struct bus_context *ctx, struct bus_id person_id,
                                   struct message_full **ret_items, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_messages_of_person, BUS_ID(person_id));
    if (status != BUS_OK)
        return status;
    struct message_full *items = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *items);
    for (int row = 0; row < rows.n; row++) {
        items[row] = (struct message_full){
            .message = message_row(ctx, &rows, row),
            .programme_name = bus_row_text(&rows, row, MESSAGE_COLUMNS, ctx->arena),
            .title = bus_row_text(&rows, row, MESSAGE_COLUMNS + 1, ctx->arena),
            .venue = bus_row_text(&rows, row, MESSAGE_COLUMNS + 2, ctx->arena),
            .sender = bus_row_text(&rows, row, MESSAGE_COLUMNS + 3, ctx->arena),
            .quiet.from = bus_row_text(&rows, row, MESSAGE_COLUMNS + 4, ctx->arena),
            .quiet.to = bus_row_text(&rows, row, MESSAGE_COLUMNS + 5, ctx->arena),
        };
    }
    *ret_items = items;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

static struct messages read_all(struct bus_context *ctx, const struct bus_rows *rows)
{
    struct messages all = {.items = bus_alloc_array(ctx->arena, (size_t)rows->n, sizeof *all.items),
                           .n = (size_t)rows->n};
    for (int row = 0; row < rows->n; row++)
        all.items[row] = message_row(ctx, rows, row);
    return all;
}

enum bus_status messages_of_letter(struct bus_context *ctx, struct bus_id carrier,
                                   struct messages *ret_messages, struct quiet_hours *ret_quiet,
                                   int64_t *ret_next_us)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_messages_of_letter, BUS_ID(carrier));
    if (status != BUS_OK)
        return status;
    *ret_messages = read_all(ctx, &rows);
    if (rows.n > 0) {
        *ret_quiet = (struct quiet_hours){.from = bus_row_text(&rows, 0, MESSAGE_COLUMNS, ctx->arena),
                                          .to = bus_row_text(&rows, 0, MESSAGE_COLUMNS + 1, ctx->arena)};
        *ret_next_us = bus_row_time(&rows, 0, MESSAGE_COLUMNS + 2);
    }
    return BUS_OK;
}

enum bus_status messages_about(struct bus_context *ctx, struct bus_id about, const char *template,
                               struct bus_id person_id, struct messages *ret_messages)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &notifications_messages_about, BUS_ID(about),
                                       BUS_TEXT(template), BUS_ID(person_id));
    if (status == BUS_OK)
        *ret_messages = read_all(ctx, &rows);
    return status;
}

enum bus_status messages_fly(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                             struct bus_id carrier)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < n && status == BUS_OK; i++)
        status = bus_exec(ctx->db, ctx->err, &notifications_message_fly, BUS_ID(ids[i]), BUS_ID(carrier));
    return status;
}

enum bus_status messages_land(struct bus_context *ctx, const struct bus_id *ids, size_t n, int64_t due_us)
{
    return bus_exec(ctx->db, ctx->err, &notifications_message_land, BUS_IDS(ids, n), BUS_TIME(due_us));
}

static enum bus_status end(struct bus_context *ctx, const struct message *m,
                           enum notifications_message_state state, int64_t attempts,
                           enum notifications_fail_reason reason, struct bus_id merged_into)
{
    const char *word = reason == 0 ? NULL : bus_word(notifications_fail_reason_words, (int)reason);
    return bus_exec(ctx->db, ctx->err, &notifications_message_end, BUS_ID(m->message_id),
                    BUS_TEXT(bus_word(notifications_message_state_words, (int)state)), BUS_TIME(ctx->now_us),
                    BUS_INT(attempts), BUS_TEXT(word), BUS_ID(merged_into));
}

enum bus_status message_sent(struct bus_context *ctx, const struct message *m, int64_t merged)
{
    enum bus_status status = end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_SENT, m->attempts,
                                 NOTIFICATIONS_FAIL_REASON_NONE, (struct bus_id){0});
    if (status != BUS_OK)
        return status;
    return bus_say(ctx, &notifications_message_sent_type, bus_id_text(ctx, m->message_id),
                   &(struct notifications_message_sent){.message_id = m->message_id,
                                                        .person_id = m->person_id,
                                                        .partnership = m->partnership,
                                                        .template = m->template,
                                                        .language = m->language,
                                                        .channel = m->channel,
                                                        .merged = merged,
                                                        .attempts = m->attempts,
                                                        .queued = m->queued_us});
}

enum bus_status message_failed(struct bus_context *ctx, const struct message *m, int64_t attempts,
                               enum notifications_fail_reason reason)
{
    enum bus_status status =
        end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_FAILED, attempts, reason, (struct bus_id){0});
    if (status != BUS_OK)
        return status;
    return bus_say(ctx, &notifications_message_failed_type, bus_id_text(ctx, m->message_id),
                   &(struct notifications_message_failed){.message_id = m->message_id,
                                                          .person_id = m->person_id,
                                                          .partnership = m->partnership,
                                                          .template = m->template,
                                                          .language = m->language,
                                                          .channel = m->channel,
                                                          .reason = reason,
                                                          .attempts = attempts});
}

enum bus_status message_dropped(struct bus_context *ctx, const struct message *m,
                                enum notifications_drop_reason reason, struct bus_id merged_into)
{
    enum bus_status status = end(ctx, m, NOTIFICATIONS_MESSAGE_STATE_DROPPED, m->attempts,
                                 NOTIFICATIONS_FAIL_REASON_NONE, merged_into);
    if (status != BUS_OK)
        return status;
    return bus_say(ctx, &notifications_message_dropped_type, bus_id_text(ctx, m->message_id),
                   &(struct notifications_message_dropped){.message_id = m->message_id,
                                                           .person_id = m->person_id,
                                                           .partnership = m->partnership,
                                                           .template = m->template,
                                                           .language = m->language,
                                                           .channel = m->channel,
                                                           .reason = reason,
                                                           .merged_into = merged_into});
}
