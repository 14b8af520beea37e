/* Quiet hours, sending again, and the lists of what was sent. */
#include "bus/page.h"
#include "bus/service.h"
#include "message_store.h"
#include "queueing.h"
#include "schema/notifications.h"
#include "sql/notifications.h"

/* Whose it is is judged before anything is told of it. */
static enum bus_status may_touch(struct bus_context *ctx, const char *partnership)
{
    const struct bus_header whose = {.extensions = {{"partnership", partnership}}};
    return bus_may(ctx, &whose);
}

enum bus_status on_notifications_set_quiet_hours(struct bus_context *ctx,
                                                 const struct notifications_set_quiet_hours *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = may_touch(ctx, in->partnership);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &notifications_quiet_hours_set,
                           BUS_TEXT(in->partnership), BUS_TEXT(in->from), BUS_TEXT(in->to));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s; form it first",
                        in->partnership);
    state_quiet_set(ctx->state, in->partnership, in->from, in->to);
    status = bus_say(ctx, &notifications_quiet_hours_set_type, in->partnership,
                     &(struct notifications_quiet_hours_set){
                         .partnership = in->partnership, .from = in->from, .to = in->to});
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct notifications_set_quiet_hours_reply){.partnership = in->partnership});
}

enum bus_status on_notifications_resend_message(struct bus_context *ctx,
                                                const struct notifications_resend_message *in)
{
    struct message old;
    enum bus_status status = message_get(ctx, in->message_id, &old);
    if (status == BUS_OK)
        status = may_touch(ctx, old.partnership);
    if (status != BUS_OK)
        return status;
    if (old.state == NOTIFICATIONS_MESSAGE_STATE_QUEUED)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this message still waits to be sent; it needs no second one");
    if (old.at_us != 0 && old.at_us <= ctx->now_us)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "what this message tells of is over; there is nothing to send again");
    struct bus_id message_id;
    status = queue_again(ctx, &old, &message_id);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct notifications_resend_message_reply){.message_id = message_id});
}

static struct notifications_messages_reply_messages shown(const struct message *m)
{
    return (struct notifications_messages_reply_messages){
        .message_id = m->message_id,
        .person_id = m->person_id,
        .partnership = m->partnership,
        .template = m->template,
        .language = m->language,
        .channel = m->channel,
        .programme = m->programme,
        .state = m->state,
        .cause_id = m->cause_id,
        .cause_type = m->cause_type,
        .queued = m->queued_us,
        .due = m->due_us,
        .ended = m->ended_us,
        .attempts = m->attempts,
        .fail_reason = m->fail_reason,
        .merged_into = m->merged_into,
    };
}

static enum bus_status find_page(struct bus_context *ctx, const struct notifications_messages *in,
                                 const struct bus_page *page, struct bus_rows *rows)
{
    const char *state = bus_word_or_null(notifications_message_state_words, (int)in->state);
    return bus_query(ctx->db, ctx->err, rows, &notifications_messages_page, BUS_TEXT(in->partnership),
                     BUS_ID(in->person_id), BUS_ID(in->message_id), BUS_TEXT(state), BUS_TEXT(in->template),
                     BUS_TEXT(in->language), BUS_TEXT(in->from), BUS_TEXT(in->to), BUS_TIME(page->at_us),
                     BUS_ID(page->at_id), BUS_BOOL(in->lost), BUS_INT(page->limit + 1));
}

enum bus_status on_notifications_messages(struct bus_context *ctx, const struct notifications_messages *in)
{
    if (in->partnership == NULL && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->message_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "give a partnership, a person_id or a message_id");
    struct bus_page page;
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = find_page(ctx, in, &page, &rows);
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct notifications_messages_reply_messages *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    struct message *found = bus_alloc_array(ctx->arena, n, sizeof *found); /* the reply borrows from them */
    for (size_t i = 0; i < n; i++) {
        found[i] = message_row(ctx, &rows, (int)i);
        list[i] = shown(&found[i]);
    }
    struct notifications_messages_reply reply = {.messages = list, .messages_n = n};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].queued, list[n - 1].message_id);
    return bus_reply(ctx, &reply);
}

#define COUNTS_MAX 2000 /* of its schema */

enum bus_status on_notifications_message_counts(struct bus_context *ctx,
                                                const struct notifications_message_counts *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_message_counts, BUS_TEXT(in->partnership),
                  BUS_TEXT(in->from), BUS_TEXT(in->to), BUS_INT(COUNTS_MAX + 1));
    if (status != BUS_OK)
        return status;
    if (rows.n > COUNTS_MAX)
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "there are more than %d rows: name a partnership, or a shorter period",
                           COUNTS_MAX);
    struct notifications_message_counts_reply_counts *counts =
        bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *counts);
    for (int row = 0; row < rows.n; row++)
        counts[row] = (struct notifications_message_counts_reply_counts){
            .partnership = bus_row_text(&rows, row, 0, ctx->arena),
            .language = bus_row_text(&rows, row, 1, ctx->arena),
            .channel = bus_row_word(&rows, row, 2, common_channel_words),
            .state = bus_row_word(&rows, row, 3, notifications_message_state_words),
            .n = bus_row_int(&rows, row, 4),
        };
    return bus_reply(
        ctx, &(struct notifications_message_counts_reply){.counts = counts, .counts_n = (size_t)rows.n});
}

enum bus_status on_notifications_quiet_hours(struct bus_context *ctx,
                                             const struct notifications_quiet_hours *in)
{
    int64_t limit = bus_page_limit(in->has_limit, in->limit);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &notifications_quiet_hours_page,
                                       BUS_TEXT(in->partnership), BUS_TEXT(in->cursor), BUS_INT(limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(limit, rows.n);
    struct notifications_quiet_hours_reply_partnerships *page = bus_alloc_array(ctx->arena, n, sizeof *page);
    for (size_t i = 0; i < n; i++)
        page[i] = (struct notifications_quiet_hours_reply_partnerships){
            .partnership = bus_row_text(&rows, (int)i, 0, ctx->arena),
            .from = bus_row_text(&rows, (int)i, 1, ctx->arena),
            .to = bus_row_text(&rows, (int)i, 2, ctx->arena),
        };
    struct notifications_quiet_hours_reply reply = {.partnerships = page, .partnerships_n = n};
    if (rows.n > limit)
        reply.next = page[n - 1].partnership;
    return bus_reply(ctx, &reply);
}
