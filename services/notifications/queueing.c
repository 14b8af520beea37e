/* See queueing.h. */
#include "queueing.h"

#include <stdlib.h>

#include "letters.h"
#include "sql/notifications.h"

struct reader {
    struct bus_id person_id;
    const char *language;
    enum common_channel channel;
    struct quiet_hours quiet;
    int64_t waiting_us; /* when what waits for them already is due; 0: nothing */
};

static struct reader reader_row(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    return (struct reader){
        .person_id = bus_row_id(rows, row, 0),
        .language = bus_row_text(rows, row, 1, ctx->arena),
        .channel = bus_row_word(rows, row, 2, common_channel_words),
        .quiet = {bus_row_text(rows, row, 3, ctx->arena), bus_row_text(rows, row, 4, ctx->arena)},
        .waiting_us = bus_row_time(rows, row, 5),
    };
}

static enum bus_status queue_one(struct bus_context *ctx, struct message *m, const struct reader *reader)
{
    int64_t wait_us = strtoll(bus_setting("MERGE_MINUTES"), NULL, 10) * BUS_MINUTE_US;
    m->message_id = bus_new_id(ctx);
    m->person_id = reader->person_id;
    m->language = reader->language;
    m->channel = reader->channel;
    m->queued_us = ctx->now_us;
    m->due_us = quiet_passed_us(reader->quiet, ctx->now_us + wait_us);
    /* It goes along with what waits already. */
    if (reader->waiting_us != 0 && reader->waiting_us < m->due_us)
        m->due_us = reader->waiting_us > ctx->now_us ? reader->waiting_us : ctx->now_us;
    enum bus_status status = message_put(ctx, m);
    if (status == BUS_OK)
        status = bus_say(ctx, &notifications_message_queued_type, bus_id_text(ctx, m->message_id),
                         &(struct notifications_message_queued){.message_id = m->message_id,
                                                                .person_id = m->person_id,
                                                                .partnership = m->partnership,
                                                                .template = m->template,
                                                                .language = m->language,
                                                                .channel = m->channel,
                                                                .programme = m->programme,
                                                                .cause_id = m->cause_id,
                                                                .cause_type = m->cause_type,
                                                                .due = m->due_us,
                                                                .resend_of = m->resend_of});
    return status == BUS_OK ? letter_due(ctx, m->person_id, m->due_us) : status;
}

static bool met_before(const struct reader *readers, int n)
{
    for (int i = 0; i < n; i++)
        if (bus_id_equal(readers[i].person_id, readers[n].person_id))
            return true;
    return false;
}

enum bus_status queue_news(struct bus_context *ctx, const struct news *news, const struct bus_id *people,
                           size_t n)
{
    if (n == 0)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_readers_find, BUS_IDS(people, n),
                  BUS_TEXT(news->partnership), BUS_TEXT(ctx->header->id), BUS_TEXT(news->template));
    if (status != BUS_OK)
        return status;
    struct reader *readers = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *readers);
    for (int row = 0; row < rows.n && status == BUS_OK; row++) {
        readers[row] = reader_row(ctx, &rows, row);
        if (met_before(readers, row))
            continue;
        struct message m = {
            .partnership = news->partnership,
            .template = news->template,
            .programme = news->programme,
            .cause_id = ctx->header->id,
            .cause_type = ctx->header->type,
            .about = news->about,
            .series_id = news->series_id,
            .at_us = news->at_us,
            .place_kind = news->place_kind,
            .help_topic = news->help_topic,
        };
        status = queue_one(ctx, &m, &readers[row]);
    }
    return status;
}

enum bus_status queue_again(struct bus_context *ctx, const struct message *old, struct bus_id *ret_message_id)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &notifications_reader_again,
                                       BUS_ID(old->person_id), BUS_TEXT(old->partnership));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this person does not get messages: call instead, or change the channel");
    struct reader reader = reader_row(ctx, &rows, 0);
    struct message m = *old;
    m.resend_of = old->message_id;
    status = queue_one(ctx, &m, &reader);
    if (status == BUS_OK)
        *ret_message_id = m.message_id;
    return status;
}

enum bus_status drop_news(struct bus_context *ctx, struct bus_id about, const char *template,
                          struct bus_id person_id)
{
    struct messages waiting = {0};
    enum bus_status status = messages_about(ctx, about, template, person_id, &waiting);
    for (size_t i = 0; i < waiting.n && status == BUS_OK; i++)
        status =
            message_dropped(ctx, &waiting.items[i], NOTIFICATIONS_DROP_REASON_OVERTAKEN, (struct bus_id){0});
    return status;
}
