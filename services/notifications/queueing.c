/* See queueing.h. */
#include "queueing.h"

#include <string.h>

#include "letters.h"
#include "merging.h"
#include "message_store.h"
#include "readers.h"

static enum bus_status queue_one(struct bus_context *ctx, struct message *m, const struct reader *reader)
{
    int64_t wait_us = bus_setting_whole("MERGE_MINUTES") * BUS_MINUTE_US;
    m->message_id = bus_new_id(ctx);
    m->person_id = reader->person_id;
    memcpy(m->language, reader->language, sizeof m->language);
    m->channel = reader->channel;
    m->correlation = ctx->header->correlationid != NULL ? ctx->header->correlationid : ctx->header->id;
    m->state = NOTIFICATIONS_MESSAGE_STATE_QUEUED;
    /* Of two at one moment the later is a microsecond younger: a letter tells things in the order they came.
     */
    int64_t last_us = state_last_queued_us(ctx->state, m->person_id);
    m->queued_us = last_us >= ctx->now_us ? last_us + 1 : ctx->now_us;
    m->due_us = quiet_passed_us(state_name(ctx->state, NAMED_PARTNERSHIP, m->partnership)->quiet,
                                ctx->now_us + wait_us);
    /* It goes along with what waits already. */
    int64_t waiting_us = state_due_us(ctx->state, m->person_id);
    if (waiting_us != 0 && waiting_us < m->due_us)
        m->due_us = waiting_us > ctx->now_us ? waiting_us : ctx->now_us;
    enum bus_status status = message_add(ctx, m);
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
    return status == BUS_OK ? letters_due(ctx, m->due_us) : status;
}

/* Nobody is told twice of one event by one text. */
enum bus_status queue_news(struct bus_context *ctx, const struct news *news, const struct bus_id *people,
                           size_t n)
{
    struct reader *readers = bus_alloc_array(ctx->arena, n, sizeof *readers);
    enum bus_status status = readers_find(ctx, people, n, readers);
    for (size_t i = 0; i < n && status == BUS_OK; i++) {
        if (!readers[i].may_be_told ||
            state_tells(ctx->state, readers[i].person_id, ctx->header->id, news->about, news->template))
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
        status = queue_one(ctx, &m, &readers[i]);
    }
    return status;
}

enum bus_status queue_again(struct bus_context *ctx, const struct message *old, struct bus_id *ret_message_id)
{
    struct reader reader;
    enum bus_status status = readers_find(ctx, &old->person_id, 1, &reader);
    if (status != BUS_OK)
        return status;
    if (!reader.may_be_told)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this person does not get messages: call instead, or change the channel");
    struct message m = {
        .partnership = old->partnership,
        .template = old->template,
        .programme = old->programme,
        .cause_id = old->cause_id,
        .cause_type = old->cause_type,
        .about = old->about,
        .series_id = old->series_id,
        .at_us = old->at_us,
        .place_kind = old->place_kind,
        .help_topic = old->help_topic,
        .resend_of = old->message_id,
    };
    status = queue_one(ctx, &m, &reader);
    if (status == BUS_OK)
        *ret_message_id = m.message_id;
    return status;
}

static enum bus_status drop_undone(struct bus_context *ctx, const struct messages *waiting, const char *fact)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < waiting->n && status == BUS_OK; i++) {
        struct message *m = waiting->items[i];
        if (!merging_undoes(fact, m->template))
            continue;
        m->undone = true;
        if (bus_id_is_nil(m->carrier))
            status = message_dropped(ctx, m, NOTIFICATIONS_DROP_REASON_OVERTAKEN);
    }
    return status;
}

enum bus_status drop_news(struct bus_context *ctx, struct bus_id about, const char *fact)
{
    struct messages waiting = state_about(ctx->state, about, ctx->arena);
    return drop_undone(ctx, &waiting, fact);
}

enum bus_status drop_series_news(struct bus_context *ctx, struct bus_id series_id, struct bus_id person_id,
                                 const char *fact)
{
    struct reader reader;
    enum bus_status status = readers_find(ctx, &person_id, 1, &reader);
    if (status != BUS_OK)
        return status;
    struct messages all = state_of_person(ctx->state, reader.person_id, ctx->arena);
    struct messages waiting = {.items = all.items};
    for (size_t i = 0; i < all.n; i++)
        if (bus_id_equal(all.items[i]->series_id, series_id))
            waiting.items[waiting.n++] = all.items[i];
    return drop_undone(ctx, &waiting, fact);
}

/* The text that is no longer so falls when the letter is put together (merging.h). */
enum bus_status queue_without_search(struct bus_context *ctx, struct bus_id person_id, const char *programme)
{
    struct reader reader;
    enum bus_status status = readers_find(ctx, &person_id, 1, &reader);
    if (status != BUS_OK)
        return status;
    struct messages all = state_of_person(ctx->state, reader.person_id, ctx->arena);
    for (size_t i = 0; i < all.n && status == BUS_OK; i++) {
        const struct message *m = all.items[i];
        struct news news = {.template = merging_left_of(m->template),
                            .partnership = m->partnership,
                            .programme = m->programme,
                            .about = m->about};
        if (news.template != NULL && m->programme != NULL && strcmp(m->programme, programme) == 0)
            status = queue_news(ctx, &news, &reader.person_id, 1);
    }
    return status;
}
