/* Dead letters: parking what cannot be handled now, and handling it when its time has come, in order per
 * subject. */
#include <ctype.h>
#include <sodium.h>
#include <string.h>

#include "app/effects.h"
#include "app/loop.h"
#include "app/timers.h"
#include "app/turn.h"
#include "base/failpoint.h"
#include "bus/cursor.h"
#include "bus/pack.h"

#define ATTEMPTS_MAX 8
#define CRASHES_MAX  3
#define PAGE_MAX     100 /* letters may be large */

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
        store_advance(loop->store, &(struct store_position){.stream = source->name,
                                                            .epoch = source->follow.epoch,
                                                            .seq = item->seq,
                                                            .event_id = item->header.id});
    }
    return BUS_OK;
}

/* Also of one that was caused by a message whose header was full: then it tells no more than it must. */
static void keep_header(struct loop *loop, const struct bus_header *header, struct store_dead *dead)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    const struct bus_header least = {.id = header->id,
                                     .source = header->source,
                                     .type = header->type,
                                     .time_us = header->time_us,
                                     .causationid = header->causationid};
    if (bus_header_encode(header, &out, NULL) != BUS_OK)
        (void)!bus_header_encode(&least, &out, NULL);
    dead->header = bus_bytes(bus_copy(loop->arena, out.data, out.size), out.size);
}

/* A timer and an outcome stand in no stream: what they were is kept with the dead letter. */
static void keep_cause(struct loop *loop, const struct item *item, struct store_dead *dead)
{
    if (item->kind != ITEM_TIMER && item->kind != ITEM_OUTCOME)
        return;
    bool timer = item->kind == ITEM_TIMER;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    keep_header(loop, &item->header, dead);
    bus_pack_map(&out, timer ? 1 : 4);
    bus_pack_text(&out, "key");
    bus_pack_text(&out, timer ? item->timer.key : item->outcome.key);
    if (!timer) {
        bus_pack_text(&out, "status");
        bus_pack_int(&out, item->outcome.status);
        bus_pack_text(&out, "text");
        bus_pack_text(&out, item->outcome.text ? item->outcome.text : "");
        size_t size = item->outcome.payload.size * 2 + 1;
        bus_pack_text(&out, "payload");
        bus_pack_text(&out, sodium_bin2hex(bus_alloc(loop->arena, size), size, item->outcome.payload.data,
                                           item->outcome.payload.size));
    }
    dead->data = bus_bytes(bus_copy(loop->arena, out.data, out.size), out.size);
}

/* Fills in what keep_cause() kept; false when it cannot be read or nobody handles it any more. */
static bool recall_cause(struct loop *loop, const struct store_dead *dead, struct item *item)
{
    struct bus_cursor at;
    const char *key = NULL, *hex = NULL;
    if (!bus_cursor_get(dead->data, "key", &at) || !bus_cursor_strdup(&at, loop->arena, &key))
        return false;
    if (strcmp(dead->source, "timer") == 0) {
        item->timer = (struct store_timer){.name = dead->type, .key = key};
        return true;
    }
    const struct bus_on_effect *on = loop->service->effects;
    while (on != NULL && on->name != NULL && strcmp(on->name, dead->type) != 0)
        on++;
    int64_t status = 0;
    item->outcome.key = key;
    if (on == NULL || on->name == NULL || !bus_cursor_get(dead->data, "status", &at) ||
        !bus_cursor_int(&at, &status) || !bus_cursor_get(dead->data, "text", &at) ||
        !bus_cursor_strdup(&at, loop->arena, &item->outcome.text) ||
        !bus_cursor_get(dead->data, "payload", &at) || !bus_cursor_strdup(&at, loop->arena, &hex))
        return false;
    size_t size = strlen(hex) / 2;
    uint8_t *payload = bus_alloc(loop->arena, size);
    if (sodium_hex2bin(payload, size, hex, size * 2, NULL, &size, NULL) != 0)
        return false;
    item->outcome.payload = bus_bytes(payload, size);
    item->outcome.status = (enum bus_status)status;
    item->on_effect = on;
    return true;
}

static bool in_a_stream(const struct store_dead *dead)
{
    return strcmp(dead->source, "timer") != 0 && strcmp(dead->source, "effect") != 0;
}

/* What stands behind another letter of its subject never comes before it, whatever became of its own
 * attempts. */
static bool must_wait(struct loop *loop, const struct item *item)
{
    return item->kind == ITEM_EVENT &&
           store_dead_blocks(loop->store, item->source_name, item_subject(loop, item));
}

enum bus_status dead_park(struct loop *loop, struct item *item, const char *state, int attempts,
                          int64_t next_us, const struct bus_error *why, struct bus_error *err)
{
    struct store_dead dead = {
        .source = item->source_name,
        .seq = item->seq,
        .event_id = item->header.id,
        .subject = item_subject(loop, item),
        .type = item->header.type,
        .header = item->raw_header,
        .data = item->data,
        .state = state,
        .error = why->text,
        .fingerprint = fingerprint(loop->arena, item->header.type, why->text),
        .attempts = attempts,
        .next_us = next_us,
        .first_us = item->dead ? item->dead->first_us : item->now_us,
        .last_us = item->now_us,
        .note = item->dead ? item->dead->note : NULL,
    };
    if (item->kind == ITEM_TIMER)
        dead.event_id = item_letter_id(loop->arena, item->timer.name, item->timer.key);
    if (item->kind == ITEM_DEAD)
        dead.event_id = item->dead->event_id;
    /* A message before it in the batch may have cleared or moved its timer, or asked for its effect again. */
    bool stands = item->kind != ITEM_OUTCOME || effects_stands(item);
    keep_cause(loop, item, &dead);
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK && item->kind == ITEM_TIMER)
        status = timers_stands(loop, &item->timer, &stands, err);
    if (status == BUS_OK && must_wait(loop, item)) {
        dead.state = "behind";
        dead.next_us = 0;
    }
    if (status == BUS_OK && stands)
        status = store_dead_put(loop->store, &dead, err);
    if (status == BUS_OK && stands)
        status = clear_cause(loop, item, err);
    if (status == BUS_OK)
        status = item_attempts_clear(loop, item, err);
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        return status;
    }
    bus_failpoint("parked");
    if (item->kind == ITEM_EVENT)
        follow_consume(&loop->sources[item->source].follow, 1, item->header.id);
    if (item->kind == ITEM_OUTCOME)
        effects_finish(loop, item);
    loop->metrics.parked += stands;
    return BUS_OK;
}

static enum bus_status retry_one(struct loop *loop, const struct store_dead *dead, struct bus_error *err)
{
    struct item item = {.kind = ITEM_DEAD,
                        .now_us = loop_now(loop),
                        .seq = dead->seq,
                        .source_name = dead->source,
                        .raw_header = dead->header,
                        .data = dead->data,
                        .dead = dead};
    if (bus_header_decode(dead->header, loop->arena, &item.header, err) != BUS_OK) {
        item.header = (struct bus_header){.id = dead->event_id, .source = "", .type = dead->type};
        item.broken = "its header cannot be read";
    } else if (!in_a_stream(dead) && !recall_cause(loop, dead, &item)) {
        item.broken = "what caused it cannot be read, or has no handler any more";
    }
    struct bus_error why = {0};
    bool away = false;
    int64_t seq = 0;
    int crashes = 0;
    const char *source = item_attempt_source(loop, &item, &seq);
    enum bus_status status = store_attempt(loop->store, source, seq, &crashes, err);
    if (status != BUS_OK)
        return status;
    bus_failpoint("attempt-counted");
    crashes -= excuse_count(&loop->excuse, source, seq);
    if (crashes > CRASHES_MAX) {
        item_crashed(&item, crashes - 1, &why);
        return dead_park(loop, &item, "parked", dead->attempts + crashes, 0, &why, err);
    }
    status = turn_run(loop, &item, 1, &away, &why);
    if (status == BUS_OK) {
        bus_log_info("dead letter %s %s was handled", dead->type, dead->event_id);
        return BUS_OK;
    }
    if (away || strcmp(why.code, "BUS-FENCED") == 0) {
        excuse_add(&loop->excuse, source, seq);
        *err = why;
        return status;
    }
    int attempts = dead->attempts + 1;
    bool again = status == BUS_RETRY && attempts < ATTEMPTS_MAX;
    return dead_park(loop, &item, again ? "retrying" : "parked", attempts,
                     again ? item.now_us + (BUS_SECOND_US << attempts) : 0, &why, err);
}

enum bus_status dead_retry(struct loop *loop, size_t *ret_n, struct bus_error *err)
{
    *ret_n = 0;
    if (store_dead_count(loop->store) == 0)
        return BUS_OK;
    AUTO(bus_arena_free) struct bus_arena *letters = bus_arena_new();
    struct store_dead *due = NULL;
    size_t n = 0;
    enum bus_status status = store_dead_due(loop->store, loop_now(loop), PAGE_MAX, letters, &due, &n, err);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        bus_arena_reset(loop->arena);
        if (store_dead_stands(loop->store, &due[i])) /* one before it may have replaced it */
            status = retry_one(loop, &due[i], err);
    }
    *ret_n = n;
    return status;
}
