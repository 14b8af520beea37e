/* See letters.h. */
#include "letters.h"

#include <stdlib.h>
#include <string.h>

#include "letter.h"
#include "merging.h"
#include "message_store.h"
#include "transport.h"

#define LETTERS_MAX 500 /* in one turn; the others of the moment follow */

static const struct bus_id NO_ID;

enum bus_status letters_due(struct bus_context *ctx, int64_t due_us)
{
    return bus_timer_set(ctx, LETTER_TIMER, bus_printf(ctx->arena, "%lld", (long long)due_us), due_us);
}

/* What waits for this person and was due before waits until then. */
static enum bus_status postpone(struct bus_context *ctx, struct bus_id person_id, int64_t due_us)
{
    struct messages all = state_of_person(ctx->state, person_id, ctx->arena);
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < all.n && status == BUS_OK; i++) {
        if (!bus_id_is_nil(all.items[i]->carrier) || all.items[i]->due_us >= due_us)
            continue;
        state_postpone(ctx->state, all.items[i], due_us);
        status = message_change(ctx, all.items[i]);
    }
    return status == BUS_OK ? letters_due(ctx, due_us) : status;
}

/* Nobody is told twice of one event by one text: what the other entry is told already ends here. */
enum bus_status letters_merge(struct bus_context *ctx, struct bus_id keep_id, struct bus_id drop_id)
{
    struct messages moved = state_of_person(ctx->state, drop_id, ctx->arena);
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < moved.n && status == BUS_OK; i++) {
        struct message *m = moved.items[i];
        bool twice = bus_id_is_nil(m->carrier) && bus_id_is_nil(m->resend_of) &&
                     state_tells(ctx->state, keep_id, m->cause_id, m->about, m->template);
        state_move(ctx->state, m, keep_id);
        status =
            twice ? message_dropped(ctx, m, NOTIFICATIONS_DROP_REASON_OVERTAKEN) : message_change(ctx, m);
    }
    return status;
}

static struct letter_part part_of(struct bus_context *ctx, const struct message *m, const char *template)
{
    const char *series = bus_id_is_nil(m->series_id) ? NULL : bus_id_text(ctx, m->series_id);
    const struct name *of = state_name(ctx->state, NAMED_SERIES, series);
    return (struct letter_part){
        .message_id = m->message_id,
        .template = template,
        .at_us = m->at_us,
        .programme = state_name(ctx->state, NAMED_PROGRAMME, m->programme)->name,
        .place_kind = m->place_kind,
        .help_topic = m->help_topic,
        .title = of->name,
        .venue = of->venue,
    };
}

/* One try more. Its row need not tell: the letter does. */
static void travel(struct message *m, struct bus_id letter_id)
{
    m->carrier = letter_id;
    m->attempts++;
}

enum bus_status letters_load(struct bus_context *ctx, struct state *state)
{
    struct bus_outcome *asked = NULL;
    size_t n = 0;
    enum bus_status status = bus_effects_asked(ctx, LETTER_EFFECT, &asked, &n);
    for (size_t i = 0; i < n && status == BUS_OK; i++) {
        struct letter letter;
        status = letter_unpack(asked[i].payload, ctx->arena, &letter, ctx->err);
        for (size_t p = 0; status == BUS_OK && p < letter.parts_n; p++) {
            struct message *m = state_find(state, letter.parts[p].message_id);
            if (m != NULL)
                travel(m, letter.letter_id);
        }
    }
    return status;
}

/* They leave together. */
static enum bus_status send(struct bus_context *ctx, const struct letter *letter, struct message **messages)
{
    AUTO(bus_buffer_done) struct bus_buffer payload = {0};
    letter_pack(letter, &payload);
    for (size_t i = 0; i < letter->parts_n; i++)
        travel(messages[i], letter->letter_id);
    return bus_effect(ctx, LETTER_EFFECT, bus_id_text(ctx, letter->letter_id), bus_buffer_bytes(&payload));
}

static struct bus_id content_id(struct message *const *messages, size_t n, int64_t time_us)
{
    struct bus_id ids[LETTER_PARTS_MAX];
    for (size_t i = 0; i < n; i++)
        ids[i] = messages[i]->message_id;
    return n == 1 ? ids[0] : bus_id_derived(time_us, ids, n * sizeof ids[0], (uint32_t)n);
}

/* Drops what was overtaken and puts the rest into one letter. */
static enum bus_status compose(struct bus_context *ctx, const struct messages *all,
                               const struct waiting *judged)
{
    struct letter_part parts[LETTER_PARTS_MAX];
    struct message *messages[LETTER_PARTS_MAX];
    int64_t oldest_us = all->items[0]->queued_us;
    size_t n = 0;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < all->n && status == BUS_OK; i++) {
        struct message *m = all->items[i];
        if (judged[i].overtaken) {
            status = message_dropped(ctx, m, NOTIFICATIONS_DROP_REASON_OVERTAKEN);
        } else if (n < LETTER_PARTS_MAX) {
            parts[n] = part_of(ctx, m, judged[i].as);
            messages[n++] = m;
        }
    }
    if (status != BUS_OK || n == 0)
        return status;
    const struct message *first = messages[0];
    struct letter letter = {
        .letter_id = first->message_id,
        .content_id = content_id(messages, n, oldest_us),
        .person_id = first->person_id,
        .language = first->language,
        .channel = bus_word(common_channel_words, (int)first->channel),
        .sender = state_name(ctx->state, NAMED_PARTNERSHIP, first->partnership)->name,
        .time_us = ctx->now_us,
        .parts = parts,
        .parts_n = n,
    };
    return send(ctx, &letter, messages);
}

static struct quiet_hours quiet_of(struct bus_context *ctx, const struct message *m)
{
    return state_name(ctx->state, NAMED_PARTNERSHIP, m->partnership)->quiet;
}

/* All that waits for a person leaves together, and nothing travels. */
static enum bus_status letter_leaves(struct bus_context *ctx, struct bus_id person_id)
{
    struct messages all = state_of_person(ctx->state, person_id, ctx->arena);
    struct waiting *waiting = bus_alloc_array(ctx->arena, all.n, sizeof *waiting);
    for (size_t i = 0; i < all.n; i++) {
        const struct message *m = all.items[i];
        waiting[i] = (struct waiting){.template = m->template,
                                      .about = m->about,
                                      .at_us = m->at_us,
                                      .tried = m->attempts > 0,
                                      .again = !bus_id_is_nil(m->resend_of)};
    }
    int64_t loud_us = quiet_passed_us(quiet_of(ctx, all.items[0]), ctx->now_us);
    if (loud_us > ctx->now_us)
        return postpone(ctx, person_id, loud_us);
    merging_judge(waiting, all.n, ctx->now_us);
    /* The timer is of all who have something to read at that moment. */
    struct bus_header header = *ctx->header;
    const char *correlation = all.items[0]->correlation; /* may go with its message */
    header.correlationid = correlation != NULL ? bus_strdup(ctx->arena, correlation) : NULL;
    struct bus_context own = *ctx;
    own.header = &header;
    return compose(&own, &all, waiting);
}

/* Whose letter cannot be made stops nobody else's: each has a timer to be parked by. */
static enum bus_status part_moment(struct bus_context *ctx, const struct bus_id *people, size_t n)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < n && status == BUS_OK; i++)
        status = bus_timer_set(ctx, LETTER_TIMER, bus_id_text(ctx, people[i]), ctx->now_us);
    return status;
}

static enum bus_status on_letter_due(struct bus_context *ctx, struct bus_id person_id)
{
    int64_t due_us = state_due_us(ctx->state, person_id);
    bool leaves = due_us != 0 && due_us <= ctx->now_us && !state_travels(ctx->state, person_id);
    return leaves ? letter_leaves(ctx, person_id) : BUS_OK;
}

/* Of whom a letter is under way the outcome sets the timer again. */
enum bus_status on_letters_due(struct bus_context *ctx, const char *key)
{
    struct bus_id person_id;
    if (bus_id_parse(key, strlen(key), &person_id))
        return on_letter_due(ctx, person_id);
    int64_t due_us = strtoll(key, NULL, 10);
    size_t n = 0;
    const struct bus_id *people = state_people_due(ctx->state, due_us, ctx->arena, &n);
    if (ctx->alone && n > 1)
        return part_moment(ctx, people, n);
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < n && i < LETTERS_MAX && status == BUS_OK; i++)
        status = letter_leaves(ctx, people[i]);
    return status == BUS_OK && n > LETTERS_MAX ? letters_due(ctx, due_us) : status;
}

/* `channel`: by which it really went, as SMS_URL may have been emptied while it waited. */
static enum bus_status sent(struct bus_context *ctx, const struct messages *letter, const char *channel)
{
    int known = bus_word_value(common_channel_words, channel);
    for (size_t i = 0; i < letter->n && known != 0; i++)
        letter->items[i]->channel = (enum common_channel)known;
    struct bus_id first_id = letter->items[0]->message_id;
    enum bus_status status = message_sent(ctx, letter->items[0], (int64_t)letter->n);
    for (size_t i = 1; i < letter->n && status == BUS_OK; i++)
        status = message_merged(ctx, letter->items[i], first_id);
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
        status = message_failed(ctx, letter->items[i], letter->items[i]->attempts - (tried ? 0 : 1),
                                (enum notifications_fail_reason)reason);
    return status;
}

/* What is no longer so is dropped, what was tried often enough is given up, the rest waits again. */
static enum bus_status again(struct bus_context *ctx, const struct messages *letter)
{
    struct quiet_hours quiet = quiet_of(ctx, letter->items[0]);
    int64_t tries = 0;
    for (size_t i = 0; i < letter->n; i++) {
        int64_t attempts = letter->items[i]->attempts;
        tries = attempts < TRIES_MAX && attempts > tries ? attempts : tries;
    }
    int64_t due_us = quiet_passed_us(quiet, ctx->now_us + retry_pause_us(tries));
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < letter->n && status == BUS_OK; i++) {
        struct message *m = letter->items[i];
        if (m->undone) {
            status = message_dropped(ctx, m, NOTIFICATIONS_DROP_REASON_OVERTAKEN);
            continue;
        }
        if (m->attempts >= TRIES_MAX) {
            status = message_failed(ctx, m, m->attempts, NOTIFICATIONS_FAIL_REASON_UNREACHABLE);
            continue;
        }
        m->carrier = NO_ID;
        state_postpone(ctx->state, m, due_us);
        status = message_change(ctx, m);
    }
    return status == BUS_OK ? letters_due(ctx, due_us) : status;
}

/* The same letter at once: a server that has it drops the double, since both have one Message-ID. Put
 * together anew it could hold more, and would be another. */
static enum bus_status repeat(struct bus_context *ctx, const struct messages *letter,
                              const struct bus_outcome *outcome)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < letter->n && status == BUS_OK; i++) {
        travel(letter->items[i], letter->items[i]->carrier);
        status = message_change(ctx, letter->items[i]);
    }
    return status == BUS_OK ? bus_effect(ctx, LETTER_EFFECT, outcome->key, outcome->payload) : status;
}

/* The last of so many tries in a row is followed by a pause like any other. */
static bool is_repeated(const struct messages *letter, const struct bus_outcome *outcome)
{
    int64_t attempts = letter->items[0]->attempts;
    return strcmp(outcome->text, TRANSPORT_UNANSWERED) == 0 && attempts % TRIES_IN_A_ROW != 0 &&
           attempts < TRIES_MAX;
}

static enum bus_status end_letter(struct bus_context *ctx, const struct messages *letter,
                                  const struct bus_outcome *outcome)
{
    if (outcome->status == BUS_OK)
        return sent(ctx, letter, outcome->text);
    if (outcome->status == BUS_RETRY) {
        bus_log_warn("letter %s was not taken: %s", outcome->key, outcome->text);
        return is_repeated(letter, outcome) ? repeat(ctx, letter, outcome) : again(ctx, letter);
    }
    bus_log_warn("letter %s cannot be sent: %s", outcome->key, outcome->text);
    return failed(ctx, letter, outcome->text);
}

enum bus_status on_letter_outcome(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    struct bus_id letter_id;
    if (!bus_id_parse(outcome->key, strlen(outcome->key), &letter_id))
        return bus_fail(ctx->err, BUS_INVALID, "the key of the effect %s is a message's id", LETTER_EFFECT);
    struct messages letter = state_of_letter(ctx->state, letter_id, ctx->arena);
    if (letter.n == 0)
        return BUS_OK;
    struct bus_id person_id = letter.items[0]->person_id;
    enum bus_status status = end_letter(ctx, &letter, outcome);
    int64_t next_us = state_due_us(ctx->state, person_id);
    bool was_due = next_us != 0 && next_us <= ctx->now_us;
    return status == BUS_OK && was_due ? postpone(ctx, person_id, ctx->now_us) : status;
}
