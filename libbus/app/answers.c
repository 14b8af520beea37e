/* See answers.h. */
#include "app/answers.h"

#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "app/reply.h"
#include "bus/cursor.h"
#include "bus/pack.h"

static struct bus_bytes pack_reply(struct bus_arena *arena, const struct bus_bytes body[2])
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_array(&out, 2);
    bus_pack_raw(&out, body[0]);
    bus_pack_raw(&out, body[1]);
    return bus_bytes(bus_copy(arena, out.data, out.size), out.size);
}

/* What was kept under another key cannot be compared. Its sender most likely asks again what it asked before,
 * and an id is not used twice: the first answer is the better one. */
static bool is_same(const struct store_request *first, const struct command *again)
{
    const uint8_t *kept = first->digest.data;
    return first->digest.size != DIGEST_BYTES || memcmp(kept, again->digest, DIGEST_TAG_BYTES) != 0 ||
           memcmp(kept, again->digest, DIGEST_BYTES) == 0;
}

static void answer_again(struct bus_turn *turn, struct item *item, const struct store_request *first)
{
    item->answered_before = true;
    item->kept = first;
    if (is_same(first, item->command)) {
        struct bus_cursor at = bus_cursor(first->reply);
        uint32_t n = 0;
        if (bus_cursor_array(&at, &n) && n == 2 && bus_cursor_raw(&at, &item->reply[0]) &&
            bus_cursor_raw(&at, &item->reply[1]))
            return;
    }
    struct bus_error conflict;
    (void)bus_fail_code(&conflict, BUS_CONFLICT, "BUS-KEY-REUSED",
                        "this id was used before for another request; make a new one");
    reply_frames(turn->arena, BUS_CONFLICT, &conflict, NULL, 0, (struct bus_bytes){0}, item->reply);
}

static int by_key_and_place(const void *a, const void *b)
{
    const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;
    int order = strcmp(x->command->key, y->command->key);
    return order != 0 ? order : (x > y) - (x < y);
}

enum bus_status answers_find(struct bus_turn *turn, struct item *items, size_t n, struct bus_error *err)
{
    struct item **commands = bus_alloc_array(turn->arena, n, sizeof *commands);
    const char **keys = bus_alloc_array(turn->arena, n, sizeof *keys);
    struct store_request *found = NULL;
    size_t commands_n = 0, found_n = 0;
    for (size_t i = 0; i < n; i++)
        if (items[i].kind == ITEM_COMMAND)
            commands[commands_n++] = &items[i];
    if (commands_n == 0)
        return BUS_OK;
    qsort(commands, commands_n, sizeof *commands, by_key_and_place);
    for (size_t i = 0; i < commands_n; i++)
        keys[i] = commands[i]->command->key;
    enum bus_status status =
        store_requests_find(turn->loop->store, keys, commands_n, turn->arena, &found, &found_n, err);
    if (status != BUS_OK)
        return status;
    for (size_t i = 0, f = 0; i < commands_n; i++) { /* what was found is in the order of its keys too */
        commands[i]->earlier = i > 0 && strcmp(keys[i - 1], keys[i]) == 0 ? commands[i - 1] : NULL;
        commands[i]->answered_before = false;
        commands[i]->kept = NULL;
        while (f < found_n && strcmp(found[f].key, keys[i]) < 0)
            f++;
        if (f < found_n && strcmp(found[f].key, keys[i]) == 0)
            answer_again(turn, commands[i], &found[f]);
    }
    return BUS_OK;
}

bool answers_repeat(struct bus_turn *turn, struct item *item)
{
    if (!item->answered_before && item->earlier != NULL && item->earlier->kept != NULL)
        answer_again(turn, item, item->earlier->kept);
    return item->answered_before;
}

static struct bus_bytes without(struct bus_arena *arena, struct bus_bytes map, const char *key)
{
    AUTO(bus_buffer_done) struct bus_buffer open = {0};
    bus_pack_map_without(&open, map, key);
    return bus_bytes(bus_copy(arena, open.data, open.size), open.size);
}

enum bus_status answers_keep(struct bus_turn *turn, struct item *item, struct bus_error *err)
{
    struct bus_bytes kept[2] = {item->reply[0], item->reply[1]};
    for (size_t i = 0; i < sizeof item->command->on->secrets / sizeof *item->command->on->secrets; i++)
        if (item->command->on->secrets[i] != NULL)
            kept[1] = without(turn->arena, kept[1], item->command->on->secrets[i]);
    struct store_request *request = bus_alloc(turn->arena, sizeof *request);
    *request = (struct store_request){
        .key = item->command->key,
        .digest = bus_bytes(item->command->digest, sizeof item->command->digest),
        .reply = pack_reply(turn->arena, kept),
        .time_us = item->now_us,
    };
    item->kept = request;
    return store_request_put(turn->loop->store, request, err);
}
