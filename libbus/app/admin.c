/* See admin.h. */
#include "app/admin.h"

#include <string.h>

#include "app/reader.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

static const char *get_text(struct loop *loop, struct bus_bytes map, const char *key)
{
    struct bus_cursor at;
    const char *text = NULL;
    if (!bus_cursor_get(map, key, &at) || !bus_cursor_strdup(&at, loop->arena, &text))
        return NULL;
    return text;
}

static void refuse(struct loop *loop, const struct net_request *request, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 3);
    bus_pack_text(&out, "code");
    bus_pack_text(&out, "INVALID");
    bus_pack_text(&out, "retry_ms");
    bus_pack_int(&out, 0);
    bus_pack_text(&out, "text");
    bus_pack_text(&out, text);
    requests_reply(loop, request->route, "ERR", bus_buffer_bytes(&out));
}

static void pack_pair(struct bus_buffer *out, const char *key, const char *value)
{
    bus_pack_text(out, key);
    if (value != NULL)
        bus_pack_text(out, value);
    else
        bus_pack_nil(out);
}

static void pack_dead(struct bus_buffer *out, const struct store_dead *dead, bool whole)
{
    bus_pack_map(out, whole ? 14 : 12);
    pack_pair(out, "source", dead->source);
    bus_pack_text(out, "seq");
    bus_pack_int(out, dead->seq);
    pack_pair(out, "event_id", dead->event_id);
    pack_pair(out, "subject", dead->subject);
    pack_pair(out, "type", dead->type);
    pack_pair(out, "state", dead->state);
    pack_pair(out, "error", dead->error);
    pack_pair(out, "fingerprint", dead->fingerprint);
    bus_pack_text(out, "attempts");
    bus_pack_int(out, dead->attempts);
    bus_pack_text(out, "first");
    bus_pack_time(out, dead->first_us);
    bus_pack_text(out, "last");
    bus_pack_time(out, dead->last_us);
    pack_pair(out, "note", dead->note);
    if (!whole)
        return;
    bus_pack_text(out, "header");
    if (dead->header.size > 0)
        bus_pack_raw(out, dead->header);
    else
        bus_pack_nil(out);
    bus_pack_text(out, "data");
    if (dead->data.size > 0)
        bus_pack_raw(out, dead->data);
    else
        bus_pack_nil(out);
}

static enum bus_status list(struct loop *loop, struct store_dead **ret, size_t *ret_n, struct bus_error *err)
{
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_dead_list(loop->store, NULL, NULL, 0, loop->arena, ret, ret_n, err);
    store_rollback(loop->store);
    return status;
}

static void dead_list(struct loop *loop, const struct net_request *request)
{
    struct store_dead *dead = NULL;
    size_t n = 0;
    struct bus_error err = {0};
    if (list(loop, &dead, &n, &err) != BUS_OK) {
        refuse(loop, request, err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (n > 1000)
        n = 1000;
    bus_pack_map(&out, 1);
    bus_pack_text(&out, "dead");
    bus_pack_array(&out, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        pack_dead(&out, &dead[i], false);
    requests_reply(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

/* Whether an earlier one of its subject is parked too; letters come in the order of their stream. */
static bool is_behind(const struct store_dead *dead, size_t i)
{
    for (size_t k = 0; dead[i].subject != NULL && k < i; k++)
        if (dead[k].subject != NULL && strcmp(dead[k].source, dead[i].source) == 0 &&
            strcmp(dead[k].subject, dead[i].subject) == 0)
            return true;
    return false;
}

/* The dead letter that the request names, or NULL after refusing. */
static struct store_dead *named(struct loop *loop, const struct net_request *request, bool *ret_behind)
{
    struct store_dead *dead = NULL;
    size_t n = 0;
    struct bus_error err = {0};
    struct bus_cursor at;
    int64_t seq = 0;
    const char *source = get_text(loop, request->body[0], "source");
    const char *event_id = get_text(loop, request->body[0], "event_id");
    if (source == NULL || event_id == NULL || !bus_cursor_get(request->body[0], "seq", &at) ||
        !bus_cursor_int(&at, &seq)) {
        refuse(loop, request, "name the dead letter by source, seq and event_id");
        return NULL;
    }
    if (list(loop, &dead, &n, &err) != BUS_OK) {
        refuse(loop, request, err.text);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        if (dead[i].seq == seq && strcmp(dead[i].source, source) == 0 && strcmp(dead[i].event_id, event_id) == 0) {
            *ret_behind = is_behind(dead, i);
            return &dead[i];
        }
    refuse(loop, request, "there is no such dead letter");
    return NULL;
}

static void dead_show(struct loop *loop, const struct net_request *request)
{
    bool behind = false;
    const struct store_dead *dead = named(loop, request, &behind);
    if (dead == NULL)
        return;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack_dead(&out, dead, true);
    requests_reply(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

/* The first one behind what was dropped goes on at once, the others after it. */
static enum bus_status release_behind(struct loop *loop, const struct store_dead *dropped, struct bus_error *err)
{
    struct store_dead *behind = NULL;
    size_t n = 0;
    if (dropped->subject == NULL)
        return BUS_OK;
    enum bus_status status =
        store_dead_list(loop->store, dropped->source, dropped->subject, 0, loop->arena, &behind, &n, err);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        if (strcmp(behind[i].state, "behind") != 0)
            continue;
        behind[i].state = "retrying";
        behind[i].next_us = loop_now(loop);
        return store_dead_put(loop->store, &behind[i], err);
    }
    return status;
}

static void change(struct loop *loop, const struct net_request *request, bool drop)
{
    bool behind = false;
    struct store_dead *dead = named(loop, request, &behind);
    if (dead == NULL)
        return;
    struct bus_error err = {0};
    const char *note = get_text(loop, request->body[0], "note");
    if (drop && (note == NULL || note[0] == '\0')) {
        refuse(loop, request, "say in a note why it is dropped");
        return;
    }
    if (!drop && behind) {
        refuse(loop, request, "earlier ones of the same subject are parked: retry or drop the first of them");
        return;
    }
    dead->state = drop ? "dropped" : "retrying";
    dead->next_us = drop ? 0 : loop_now(loop);
    dead->last_us = loop_now(loop);
    dead->note = drop ? note : dead->note;
    enum bus_status status = store_begin(loop->store, &err);
    if (status == BUS_OK)
        status = store_dead_put(loop->store, dead, &err);
    if (status == BUS_OK && drop && !behind)
        status = release_behind(loop, dead, &err);
    if (status == BUS_OK)
        status = loop_commit(loop, &err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        refuse(loop, request, err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 0);
    requests_reply(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

void admin_request(struct loop *loop, const struct net_request *request)
{
    if (request->body_n != 1 || bus_scan_map(request->body[0], &bus_scan_data, NULL) != BUS_OK) {
        refuse(loop, request, "an ADMIN request is one msgpack map");
        return;
    }
    const char *op = get_text(loop, request->body[0], "op");
    if (op == NULL)
        op = "";
    if (strcmp(op, "state-hash") == 0)
        reader_request(loop, request);
    else if (strcmp(op, "dead-list") == 0)
        dead_list(loop, request);
    else if (strcmp(op, "dead-show") == 0)
        dead_show(loop, request);
    else if (strcmp(op, "dead-retry") == 0)
        change(loop, request, false);
    else if (strcmp(op, "dead-drop") == 0)
        change(loop, request, true);
    else
        refuse(loop, request, "op is state-hash, dead-list, dead-show, dead-retry or dead-drop");
}
