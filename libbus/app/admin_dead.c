/* Dead letters for an operator: a page of them, their causes, one of them whole; tried again or given up. */
#include <string.h>

#include "app/admin.h"
#include "app/reply.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

#define PAGE_MAX 100 /* a letter's row is at most a kilobyte or two, and an answer is one frame */

static void pack_pair(struct bus_buffer *out, const char *key, const char *value)
{
    bus_pack_text(out, key);
    if (value != NULL)
        bus_pack_text(out, value);
    else
        bus_pack_nil(out);
}

static void pack_number(struct bus_buffer *out, const char *key, int64_t value)
{
    bus_pack_text(out, key);
    bus_pack_int(out, value);
}

static void pack_time(struct bus_buffer *out, const char *key, int64_t time_us)
{
    bus_pack_text(out, key);
    bus_pack_time(out, time_us);
}

/* As it came; nil when there is none, or when it cannot be read, which may be why the letter is dead. */
static void pack_map(struct bus_buffer *out, const char *key, struct bus_bytes map)
{
    bus_pack_text(out, key);
    if (bus_scan_map(map, &bus_scan_data, NULL) == BUS_OK)
        bus_pack_raw(out, map);
    else
        bus_pack_nil(out);
}

static void pack_dead(struct bus_buffer *out, const struct store_dead *dead, bool whole)
{
    bus_pack_map(out, whole ? 14 : 11);
    pack_pair(out, "source", dead->source);
    pack_number(out, "seq", dead->seq);
    pack_pair(out, "event_id", dead->event_id);
    pack_pair(out, "subject", dead->subject);
    pack_pair(out, "type", dead->type);
    pack_pair(out, "state", dead->state);
    pack_pair(out, "error", dead->error);
    pack_pair(out, "fingerprint", dead->fingerprint);
    pack_number(out, "attempts", dead->attempts);
    pack_time(out, "first", dead->first_us);
    pack_time(out, "last", dead->last_us);
    if (!whole)
        return;
    pack_pair(out, "note", dead->note);
    pack_map(out, "header", dead->header);
    pack_map(out, "data", dead->data);
}

/* The letter that the request names; false when it names none. */
static bool key_read(struct loop *loop, const struct net_request *request, struct store_dead_key *ret)
{
    struct bus_cursor at;
    ret->source = bus_cursor_get_text(request->body[0], "source", loop->arena, NULL);
    ret->event_id = bus_cursor_get_text(request->body[0], "event_id", loop->arena, NULL);
    return ret->source != NULL && ret->event_id != NULL && bus_cursor_get(request->body[0], "seq", &at) &&
           bus_cursor_int(&at, &ret->seq);
}

void admin_dead_list(struct loop *loop, const struct net_request *request)
{
    struct store_dead *dead = NULL;
    size_t n = 0;
    struct bus_error err = {0};
    struct store_dead_key after;
    if (!key_read(loop, request, &after))
        after = (struct store_dead_key){.source = "", .event_id = ""};
    if (store_dead_page(loop->store, &after, PAGE_MAX, loop->arena, &dead, &n, &err) != BUS_OK) {
        reply_error(loop, request->route, "INVALID", err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 1);
    bus_pack_text(&out, "dead");
    bus_pack_array(&out, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        pack_dead(&out, &dead[i], false);
    reply_send(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

void admin_dead_groups(struct loop *loop, const struct net_request *request)
{
    struct store_dead_group *groups = NULL;
    size_t n = 0;
    struct bus_error err = {0};
    if (store_dead_groups(loop->store, PAGE_MAX, loop->arena, &groups, &n, &err) != BUS_OK) {
        reply_error(loop, request->route, "INVALID", err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 1);
    bus_pack_text(&out, "groups");
    bus_pack_array(&out, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        bus_pack_map(&out, 6);
        pack_pair(&out, "fingerprint", groups[i].fingerprint);
        pack_number(&out, "n", groups[i].n);
        pack_number(&out, "behind", groups[i].behind);
        pack_time(&out, "first", groups[i].first_us);
        pack_time(&out, "last", groups[i].last_us);
        pack_pair(&out, "example", groups[i].example);
    }
    reply_send(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

/* The letter named, or NULL after refusing. */
static const struct store_dead *named(struct loop *loop, const struct net_request *request,
                                      const struct store_dead_key *key)
{
    const struct store_dead *dead = NULL;
    struct bus_error err = {0};
    if (store_dead_find(loop->store, key, loop->arena, &dead, &err) != BUS_OK)
        reply_error(loop, request->route, "INVALID", err.text);
    else if (dead == NULL)
        reply_error(loop, request->route, "INVALID", "there is no such dead letter");
    return dead;
}

void admin_dead_show(struct loop *loop, const struct net_request *request)
{
    struct store_dead_key key;
    if (!key_read(loop, request, &key)) {
        reply_error(loop, request->route, "INVALID", "name the dead letter by source, seq and event_id");
        return;
    }
    const struct store_dead *dead = named(loop, request, &key);
    if (dead == NULL)
        return;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack_dead(&out, dead, true);
    reply_send(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

/* What the request chooses; false after refusing. `key` is where a letter's name may stand. */
static bool choice_read(struct loop *loop, const struct net_request *request, struct store_dead_key *key,
                        struct store_dead_choice *ret)
{
    struct bus_cursor at;
    bool all = false;
    *ret = (struct store_dead_choice){
        .fingerprint = bus_cursor_get_text(request->body[0], "fingerprint", loop->arena, NULL)};
    if (ret->fingerprint != NULL)
        return true;
    if (bus_cursor_get(request->body[0], "all", &at) && bus_cursor_bool(&at, &all) && all)
        return true;
    if (key_read(loop, request, key)) {
        ret->key = key;
        return named(loop, request, key) != NULL;
    }
    reply_error(loop, request->route, "INVALID",
                "name a dead letter by source, seq and event_id, a fingerprint, or all");
    return false;
}

/* Commits what was done to `n` letters and answers so. */
static void finish(struct loop *loop, const struct net_request *request, enum bus_status status, int64_t n,
                   struct bus_error *err)
{
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        reply_error(loop, request->route, "INVALID", err->text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 1);
    pack_number(&out, "n", n);
    reply_send(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

void admin_dead_retry(struct loop *loop, const struct net_request *request)
{
    struct store_dead_key key;
    struct store_dead_choice choice;
    struct bus_error err = {0};
    int64_t n = 0;
    if (!choice_read(loop, request, &key, &choice))
        return;
    enum bus_status status = store_begin(loop->store, &err);
    if (status == BUS_OK)
        status = store_dead_retry(loop->store, &choice, loop_now(loop), &n, &err);
    if (status == BUS_OK && n == 0 && choice.key != NULL)
        status = bus_fail(&err, BUS_CONFLICT,
                          "earlier ones of the same subject are parked: retry or drop the first of them");
    finish(loop, request, status, n, &err);
}

void admin_dead_drop(struct loop *loop, const struct net_request *request)
{
    struct store_dead_key key;
    struct store_dead_choice choice;
    struct bus_error err = {0};
    int64_t n = 0;
    const char *note = bus_cursor_get_text(request->body[0], "note", loop->arena, NULL);
    if (note == NULL || note[strspn(note, " \t\n")] == '\0') {
        reply_error(loop, request->route, "INVALID", "say in a note why it is dropped");
        return;
    }
    if (!choice_read(loop, request, &key, &choice))
        return;
    enum bus_status status = store_begin(loop->store, &err);
    if (status == BUS_OK)
        status = store_dead_drop(loop->store, &choice, loop_now(loop), note, loop->arena, &n, &err);
    finish(loop, request, status, n, &err);
}
