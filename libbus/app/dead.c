/* Dead letters: parking what cannot be handled now, and handling it when its time has come, in order per subject. */
#include <ctype.h>
#include <string.h>

#include "app/loop.h"
#include "app/turn.h"
#include "bus/scan.h"

#define ATTEMPTS_MAX 8

/* Equal causes get equal fingerprints: the type and the error, with ids and numbers taken out. */
static const char *fingerprint(struct bus_arena *arena, const char *type, const char *text)
{
    char *out = bus_printf(arena, "%s: %s", type ? type : "", text);
    char *to = out;
    for (const char *from = out; *from != '\0';) {
        size_t word = 0;
        bool number = false;
        while (isalnum((unsigned char)from[word]) || from[word] == '-') {
            number = number || isdigit((unsigned char)from[word]);
            word++;
        }
        if (number && from > out + strlen(type ? type : "")) {
            *to++ = '#';
        } else {
            memmove(to, from, word);
            to += word;
        }
        from += word;
        if (*from != '\0')
            *to++ = *from++;
    }
    *to = '\0';
    return out;
}

/* Takes the item's cause away, so that it is not met again. */
static enum bus_status clear_cause(struct loop *loop, const struct item *item, struct bus_error *err)
{
    if (item->kind == ITEM_TIMER) {
        struct store_timer gone = {.name = item->timer.name, .key = item->timer.key};
        return store_timer_put(loop->store, &gone, err);
    }
    if (item->kind == ITEM_OUTCOME)
        return store_effect_remove(loop->store, item->on_effect->name, item->outcome.key, err);
    if (item->kind == ITEM_EVENT) {
        const struct source *source = &loop->sources[item->source];
        store_advance(loop->store, &(struct store_position){.stream = source->name, .epoch = source->follow.epoch,
                                                            .seq = item->seq, .event_id = item->header.id});
    }
    return BUS_OK;
}

enum bus_status dead_park(struct loop *loop, struct item *item, const char *state, int attempts, int64_t next_us,
                          const struct bus_error *why, struct bus_error *err)
{
    struct store_dead dead = {
        .source = item->source_name, .seq = item->seq, .event_id = item->header.id, .subject = item->header.subject,
        .type = item->header.type, .header = item->raw_header, .data = item->data, .state = state,
        .error = why->text, .fingerprint = fingerprint(loop->arena, item->header.type, why->text),
        .attempts = attempts, .next_us = next_us, .first_us = item->dead ? item->dead->first_us : item->now_us,
        .last_us = item->now_us,
    };
    if (item->kind == ITEM_TIMER) {
        dead.event_id = bus_printf(loop->arena, "%s/%s", item->timer.name, item->timer.key);
        dead.type = item->timer.name;
    }
    if (item->kind == ITEM_DEAD)
        dead.event_id = item->dead->event_id;
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_dead_put(loop->store, &dead, err);
    if (status == BUS_OK)
        status = clear_cause(loop, item, err);
    if (status == BUS_OK)
        status = store_commit(loop->store, err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        return status;
    }
    if (item->kind == ITEM_EVENT)
        follow_consume(&loop->sources[item->source].follow, 1, item->header.id);
    loop->metrics.parked++;
    return BUS_OK;
}

static enum bus_status retry_one(struct loop *loop, const struct store_dead *dead, bool *ret_done, struct bus_error *err)
{
    struct item item = {.kind = ITEM_DEAD, .now_us = loop_now(loop), .seq = dead->seq, .source_name = dead->source,
                        .raw_header = dead->header, .data = dead->data, .dead = dead};
    *ret_done = false;
    if (bus_header_decode(dead->header, loop->arena, &item.header, err) != BUS_OK) {
        item.header = (struct bus_header){.id = dead->event_id, .source = "", .type = dead->type};
        item.broken = "its header cannot be read";
    }
    struct bus_error why = {0};
    size_t culprit = 0;
    enum bus_status status = turn_run(loop, &item, 1, &culprit, &why);
    if (status == BUS_OK) {
        bus_log_info("dead letter %s %s was handled", dead->type, dead->event_id);
        *ret_done = true;
        return BUS_OK;
    }
    if (status == BUS_RETRY && culprit == 1) {
        *err = why;
        return status;
    }
    int attempts = dead->attempts + 1;
    bool again = status == BUS_RETRY && attempts < ATTEMPTS_MAX;
    return dead_park(loop, &item, again ? "retrying" : "parked", attempts,
                     again ? item.now_us + (BUS_SECOND_US << attempts) : 0, &why, err);
}

/* The due one first, then what waits behind it, in order, until one fails. */
static enum bus_status retry_subject(struct loop *loop, const struct store_dead *due, struct bus_error *err)
{
    bool done = false;
    enum bus_status status = retry_one(loop, due, &done, err);
    if (status != BUS_OK || !done || due->subject == NULL)
        return status;
    struct store_dead *behind = NULL;
    size_t n = 0;
    status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_dead_list(loop->store, due->source, due->subject, 0, loop->arena, &behind, &n, err);
    store_rollback(loop->store);
    for (size_t i = 0; status == BUS_OK && done && i < n; i++)
        status = retry_one(loop, &behind[i], &done, err);
    return status;
}

enum bus_status dead_retry(struct loop *loop, struct bus_error *err)
{
    if (store_dead_count(loop->store) == 0)
        return BUS_OK;
    bus_arena_reset(loop->arena);
    struct store_dead *due = NULL;
    size_t n = 0;
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_dead_list(loop->store, NULL, NULL, loop_now(loop), loop->arena, &due, &n, err);
    store_rollback(loop->store);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = retry_subject(loop, &due[i], err);
    return status;
}
