/* See trim.h. */
#include "app/trim.h"

#include "app/admin.h"
#include "app/readers.h"
#include "app/reply.h"
#include "bus/cursor.h"
#include "bus/pack.h"

static enum bus_status trim_turn(struct loop *loop, int64_t *ret_first, struct bus_error *err)
{
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = store_log_trim(loop->store, bus_clock_wall_us() - loop->config->log_keep_us, ret_first, err);
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK)
        store_rollback(loop->store);
    return status;
}

enum bus_status trim_log(struct loop *loop, int64_t *ret_first, struct bus_error *err)
{
    int64_t before = store_head_get(loop->store)->first_seq;
    *ret_first = before;
    if (loop->config->log_keep_us == 0)
        return BUS_OK;
    enum bus_status status = readers_beat(loop, err); /* what they told last holds */
    if (status == BUS_OK)
        status = trim_turn(loop, ret_first, err);
    if (status == BUS_OK && *ret_first > before)
        bus_log_info("the log was trimmed: it begins at %lld, not at %lld", (long long)*ret_first,
                     (long long)before);
    return status;
}

void admin_log_trim(struct loop *loop, const struct net_request *request)
{
    int64_t first = 0;
    struct bus_error err = {0};
    if (trim_log(loop, &first, &err) != BUS_OK) {
        reply_error(loop, request->route, "INVALID", err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 4);
    bus_pack_text(&out, "first");
    bus_pack_int(&out, first);
    bus_pack_text(&out, "head");
    bus_pack_int(&out, store_head_get(loop->store)->last_seq);
    bus_pack_text(&out, "keep_days"); /* 0: everything is kept */
    bus_pack_int(&out, loop->config->log_keep_us / BUS_DAY_US);
    readers_pack(loop, &out);
    reply_send(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}

void admin_reader_forget(struct loop *loop, const struct net_request *request)
{
    struct bus_error err = {0};
    const char *reader = bus_cursor_get_text(request->body[0], "reader", loop->arena, NULL);
    if (reader == NULL || !readers_forget(loop, reader)) {
        reply_error(loop, request->route, "INVALID", "no reader of that name is known");
        return;
    }
    enum bus_status status = store_begin(loop->store, &err);
    if (status == BUS_OK)
        status = store_reader_forget(loop->store, reader, &err);
    if (status == BUS_OK)
        status = loop_commit(loop, &err);
    if (status != BUS_OK) {
        store_rollback(loop->store);
        reply_error(loop, request->route, "INVALID", err.text);
        return;
    }
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 0);
    reply_send(loop, request->route, "ADMIN", bus_buffer_bytes(&out));
}
