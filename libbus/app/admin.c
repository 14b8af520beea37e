/* See admin.h. */
#include "app/admin.h"

#include <string.h>

#include "app/reader.h"
#include "app/trim.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

const char *admin_text(struct loop *loop, const struct net_request *request, const char *key)
{
    struct bus_cursor at;
    const char *text = NULL;
    if (!bus_cursor_get(request->body[0], key, &at) || !bus_cursor_strdup(&at, loop->arena, &text))
        return NULL;
    return text;
}

void admin_refuse(struct loop *loop, const struct net_request *request, const char *text)
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

struct admin_op {
    const char *name;
    void (*run)(struct loop *loop, const struct net_request *request);
};

static const struct admin_op ops[] = {
    {"state-hash", reader_request},     {"dead-list", admin_dead_list},   {"dead-groups", admin_dead_groups},
    {"dead-show", admin_dead_show},     {"dead-retry", admin_dead_retry}, {"dead-drop", admin_dead_drop},
    {"log-trim", admin_log_trim},       {"reader-forget", admin_reader_forget},
};

void admin_request(struct loop *loop, const struct net_request *request)
{
    if (request->body_n != 1 || bus_scan_map(request->body[0], &bus_scan_data, NULL) != BUS_OK) {
        admin_refuse(loop, request, "an ADMIN request is one msgpack map");
        return;
    }
    const char *op = admin_text(loop, request, "op");
    for (size_t i = 0; op != NULL && i < sizeof ops / sizeof *ops; i++)
        if (strcmp(op, ops[i].name) == 0) {
            ops[i].run(loop, request);
            return;
        }
    admin_refuse(loop, request, "there is no such op; this service may be older than you");
}
