/* See letters.h. */
#include "letters.h"

#include <string.h>

#include "letter.h"
#include "merging.h"
#include "message_store.h"
#include "sql/notifications.h"

static const struct bus_id NO_ID;

enum bus_status letter_due(struct bus_context *ctx, struct bus_id person_id, int64_t due_us)
{
    return bus_timer_set(ctx, LETTER_TIMER, bus_id_text(ctx, person_id), due_us);
}

enum bus_status letters_merge(struct bus_context *ctx, struct bus_id keep_id, struct bus_id drop_id)
{
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &notifications_message_merge, BUS_ID(keep_id), BUS_ID(drop_id));
    struct message_full *items = NULL;
    size_t n = 0;
    if (status == BUS_OK)
        status = messages_of_person(ctx, keep_id, &items, &n);
    if (status != BUS_OK || n == 0)
        return status;
    int64_t due_us = items[0].message.due_us;
    for (size_t i = 1; i < n; i++)
        due_us = items[i].message.due_us < due_us ? items[i].message.due_us : due_us;
    return letter_due(ctx, keep_id, due_us > ctx->now_us ? due_us : ctx->now_us);
}

static struct letter_part part_of(const struct message_full *full, const char *template)
{
    const struct message *m = &full->message;
    return (struct letter_part){
        .template = template,
        .at_us = m->at_us,
        .programme = full->programme_name,
        .place_kind = m->place_kind,
        .help_topic = m->help_topic,
        .title = full->title,
        .venue = full->venue,
    };
}

static enum bus_status send(struct bus_context *ctx, const struct letter *letter, const struct bus_id *ids)
{
    AUTO(bus_buffer_done) struct bus_buffer payload = {0};
    letter_pack(letter, &payload);
    enum bus_status status = messages_fly(ctx, ids, letter->parts_n, letter->letter_id);
    if (status != BUS_OK)
        return status;
    return bus_effect(ctx, LETTER_EFFECT, bus_id_text(ctx, letter->letter_id), bus_buffer_bytes(&payload));
}

/* Drops what was overtaken and puts the rest into one letter. */
static enum bus_status compose(struct bus_context *ctx, const struct message_full *items,
                               const struct waiting *judged, size_t n)
{
    struct letter_part parts[LETTER_PARTS_MAX];
    struct bus_id ids[LETTER_PARTS_MAX];
    struct letter letter = {.parts = parts};
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < n && status == BUS_OK; i++) {
        const struct message *m = &items[i].message;
        if (judged[i].overtaken) {
            status = message_dropped(ctx, m, NOTIFICATIONS_DROP_REASON_OVERTAKEN, NO_ID);
        } else if (letter.parts_n < LETTER_PARTS_MAX) {
            ids[letter.parts_n] = m->message_id;
            parts[letter.parts_n++] = part_of(&items[i], judged[i].as);
        }
        if (letter.parts_n != 1 || letter.language != NULL)
            continue;
        letter.letter_id = m->message_id;
        letter.person_id = m->person_id;
        letter.language = m->language;
        letter.channel = bus_word(common_channel_words, (int)m->channel);
        letter.sender = items[i].sender;
    }
    if (status != BUS_OK || letter.parts_n == 0)
        return status;
    letter.time_us = ctx->now_us;
    letter.content_id = letter.parts_n == 1
                            ? letter.letter_id
                            : bus_id_derived(items[0].message.queued_us, ids, letter.parts_n * sizeof ids[0],
                                             (uint32_t)letter.parts_n);
    return send(ctx, &letter, ids);
}

enum bus_status on_letter_due(struct bus_context *ctx, const char *key)
{
    struct bus_id person_id;
    if (!bus_id_parse(key, strlen(key), &person_id))
        return bus_fail(ctx->err, BUS_INVALID, "the key of the timer %s is a person's id", LETTER_TIMER);
    struct message_full *items = NULL;
    size_t n = 0;
    enum bus_status status = messages_of_person(ctx, person_id, &items, &n);
    if (status != BUS_OK || n == 0)
        return status;
    struct waiting *waiting = bus_alloc_array(ctx->arena, n, sizeof *waiting);
    for (size_t i = 0; i < n; i++) {
        const struct message *m = &items[i].message;
        if (!bus_id_is_nil(m->carrier))
            return BUS_OK; /* a letter is under way; its outcome sets the timer again */
        waiting[i] = (struct waiting){
            .template = m->template, .about = m->about, .at_us = m->at_us, .tried = m->attempts > 0};
    }
    int64_t loud_us = quiet_passed_us(items[0].quiet, ctx->now_us);
    if (loud_us > ctx->now_us)
        return letter_due(ctx, person_id, loud_us);
    merging_judge(waiting, n, ctx->now_us);
    return compose(ctx, items, waiting, n);
}

static enum bus_status sent(struct bus_context *ctx, const struct messages *letter)
{
    enum bus_status status = message_sent(ctx, &letter->items[0], (int64_t)letter->n);
    for (size_t i = 1; i < letter->n && status == BUS_OK; i++)
        status = message_dropped(ctx, &letter->items[i], NOTIFICATIONS_DROP_REASON_MERGED,
                                 letter->items[0].message_id);
    return status;
}

static enum bus_status failed(struct bus_context *ctx, const struct messages *letter, const char *text)
{
    int reason = bus_word_value(notifications_fail_reason_words, text);
    if (reason == 0)
        reason = NOTIFICATIONS_FAIL_REASON_OTHER;
    bool tried = reason >= NOTIFICATIONS_FAIL_REASON_REFUSED;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < letter->n && status == BUS_OK; i++)
        status = message_failed(ctx, &letter->items[i], letter->items[i].attempts - (tried ? 0 : 1),
                                (enum notifications_fail_reason)reason);
    return status;
}

/* Those that were tried often enough are given up, the rest waits; *next_us becomes when. */
static enum bus_status again(struct bus_context *ctx, const struct messages *letter, struct quiet_hours quiet,
                             int64_t *next_us)
{
    struct bus_id *ids = bus_alloc_array(ctx->arena, letter->n, sizeof *ids);
    size_t n = 0;
    int64_t tries = 0;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < letter->n && status == BUS_OK; i++) {
        const struct message *m = &letter->items[i];
        if (m->attempts >= TRIES_MAX) {
            status = message_failed(ctx, m, m->attempts, NOTIFICATIONS_FAIL_REASON_UNREACHABLE);
            continue;
        }
        ids[n++] = m->message_id;
        tries = m->attempts > tries ? m->attempts : tries;
    }
    if (status != BUS_OK || n == 0)
        return status;
    int64_t due_us = quiet_passed_us(quiet, ctx->now_us + retry_pause_us(tries));
    if (*next_us == 0 || due_us < *next_us)
        *next_us = due_us;
    return messages_land(ctx, ids, n, due_us);
}

enum bus_status on_letter_outcome(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    struct bus_id letter_id;
    if (!bus_id_parse(outcome->key, strlen(outcome->key), &letter_id))
        return bus_fail(ctx->err, BUS_INVALID, "the key of the effect %s is a message's id", LETTER_EFFECT);
    struct messages letter = {0};
    struct quiet_hours quiet = {0};
    int64_t next_us = 0;
    enum bus_status status = messages_of_letter(ctx, letter_id, &letter, &quiet, &next_us);
    if (status != BUS_OK || letter.n == 0)
        return status;
    if (outcome->status == BUS_OK) {
        status = sent(ctx, &letter);
    } else if (outcome->status == BUS_RETRY) {
        bus_log_warn("letter %s was not taken: %s", outcome->key, outcome->text);
        status = again(ctx, &letter, quiet, &next_us);
    } else {
        bus_log_warn("letter %s cannot be sent: %s", outcome->key, outcome->text);
        status = failed(ctx, &letter, outcome->text);
    }
    if (status != BUS_OK || next_us == 0)
        return status;
    return letter_due(ctx, letter.items[0].person_id, next_us > ctx->now_us ? next_us : ctx->now_us);
}
