/* See queries.h. */
#include "queries.h"

#include <string.h>

#include "auth.h"
#include "bus/cursor.h"
#include "bus/scan.h"
#include "input.h"
#include "query_string.h"
#include "routes.h"

#define PARAMETERS_MAX 40

struct gathered {
    struct parameter items[PARAMETERS_MAX];
    size_t n;
    bool too_many;
};

static enum MHD_Result gather(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct gathered *self = context;
    (void)kind;
    if (self->n == PARAMETERS_MAX) {
        self->too_many = true;
        return MHD_NO;
    }
    self->items[self->n++] = (struct parameter){.name = name, .value = value != NULL ? value : ""};
    return MHD_YES;
}

static enum bus_status read_value(struct call *call, const struct gathered *given, struct bus_faults *faults,
                                  void **ret_value, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    const struct bus_shape *shape = call->route->query->shape;
    query_string_write(shape, given->items, given->n, call->arena, &map, faults);
    enum bus_status status = bus_scan_map(bus_buffer_bytes(&map), &bus_scan_data, err);
    if (status == BUS_OK)
        status = input_check(shape, bus_buffer_bytes(&map), "", call->arena, ret_value, faults, err);
    if (faults->found > 0)
        return bus_fail(err, BUS_INVALID, "the parameters are not as this path takes them");
    return status;
}

void *query_read(struct call *call)
{
    const struct bus_type *query = call->route->query;
    struct gathered given = {0};
    struct bus_faults faults = {0};
    struct bus_error err = {0};
    void *value = NULL;
    if (!auth_scope(call, query->name, query->type))
        return NULL;
    if (call->argument != NULL)
        given.items[given.n++] = (struct parameter){.name = call->route->argument, .value = call->argument};
    MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, gather, &given);
    enum bus_status status = given.too_many ? bus_fail(&err, BUS_INVALID, "too many parameters")
                                            : read_value(call, &given, &faults, &value, &err);
    if (status == BUS_OK)
        status = who_covers(call->who, query->shape, value, true, &err);
    if (status == BUS_OK)
        return value;
    call_problem(call, status == BUS_DENIED ? 403 : 422, &faults, "%s", err.text);
    return NULL;
}

void query_send(struct call *call, const void *value, answer_fn *then)
{
    const struct bus_type *query = call->route->query;
    struct bus_bytes data = {0};
    struct bus_error err = {0};
    if (input_encode(query->shape, value, call->arena, &data, &err) != BUS_OK) {
        call_problem(call, 500, NULL, "the query cannot be written");
        return;
    }
    struct bus_header header = {.actor = call->who != NULL ? call->who->name : NULL};
    call_request(call, query, &header, data, then);
}

/* One thing asked for by its id may belong to others than the token is for. */
static bool covered(const struct call *call, struct bus_bytes reply)
{
    struct bus_cursor at;
    const char *partnership;
    if (!bus_cursor_get(reply, "partnership", &at) || !bus_cursor_strdup(&at, call->arena, &partnership))
        return true;
    return who_covers_partnership(call->who, partnership);
}

static void on_answer(void *context, const struct answer *answer)
{
    struct call *call = context;
    if (answer->status != BUS_OK)
        call_refuse(call, answer);
    else if (!covered(call, answer->data))
        call_problem(call, 403, NULL, "your token does not cover the partnership that this belongs to");
    else
        call_reply_json(call, 200, answer->data);
}

void query_get(struct call *call)
{
    void *value = query_read(call);
    if (value != NULL)
        query_send(call, value, on_answer);
}
