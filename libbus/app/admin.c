/* See admin.h. */
#include "app/admin.h"

#include <string.h>

#include "app/reader.h"
#include "app/reply.h"
#include "app/trim.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

struct admin_op {
    const char *name;
    void (*run)(struct loop *loop, const struct net_request *request);
};

static const struct admin_op ops[] = {
    {"state-hash", reader_request},     {"dead-list", admin_dead_list},
    {"dead-groups", admin_dead_groups}, {"dead-show", admin_dead_show},
    {"dead-retry", admin_dead_retry},   {"dead-drop", admin_dead_drop},
    {"log-trim", admin_log_trim},       {"reader-forget", admin_reader_forget},
};

void admin_request(struct loop *loop, const struct net_request *request)
{
    if (request->body_n != 1 || bus_scan_map(request->body[0], &bus_scan_data, NULL) != BUS_OK) {
        reply_error(loop, request->route, "INVALID", "an ADMIN request is one msgpack map");
        return;
    }
    const char *op = bus_cursor_get_text(request->body[0], "op", loop->arena, NULL);
    for (size_t i = 0; op != NULL && i < sizeof ops / sizeof *ops; i++)
        if (strcmp(op, ops[i].name) == 0) {
            ops[i].run(loop, request);
            return;
        }
    reply_error(loop, request->route, "INVALID", "there is no such op; this service may be older than you");
}
