/* See queries.h. */
#include "queries.h"

#include <string.h>

#include "auth.h"
#include "bus/cursor.h"
#include "bus/scan.h"
#include "input.h"
#include "json_body.h"
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

/* False when the call has been refused. */
static bool read_fields(struct call *call, struct bus_buffer *map, struct bus_faults *faults)
{
    struct gathered given = {0};
    if (call->argument != NULL)
        given.items[given.n++] = (struct parameter){.name = call->route->argument, .value = call->argument};
    MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, gather, &given);
    if (given.too_many)
        input_fault(faults, call->arena, "", "has more than %d parameters", PARAMETERS_MAX);
    if (strcmp(call->route->method, "POST") != 0) {
        query_string_write(call->route->query->shape, given.items, given.n, call->arena, map, faults);
        return true;
    }
    for (size_t i = 0; i < given.n; i++)
        input_fault(faults, call->arena, input_place(call->arena, "", given.items[i].name),
                    "goes into the body here, as JSON");
    return json_body_read(call, map);
}

static enum bus_status check(struct call *call, struct bus_bytes map, struct bus_faults *faults,
                             void **ret_value, struct bus_error *err)
{
    const struct bus_shape *shape = call->route->query->shape;
    enum bus_status status = bus_scan_map(map, &bus_scan_data, err);
    if (status == BUS_OK)
        status = input_check(shape, map, "", call->arena, ret_value, faults, err);
    if (faults->found > 0)
        return bus_fail(err, BUS_INVALID, "the parameters are not as this path takes them");
    return status;
}

void *query_read(struct call *call)
{
    const struct bus_type *query = call->route->query;
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    struct bus_faults faults = {0};
    struct bus_error err = {0};
    void *value = NULL;
    if (!auth_scope(call, query->name, query->type) || !read_fields(call, &map, &faults))
        return NULL;
    enum bus_status status = check(call, bus_buffer_bytes(&map), &faults, &value, &err);
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
    struct bus_header header = {.actor = call->who->name, .within = who_within(call->who, call->arena)};
    call_request(call, query, &header, data, then);
}

static bool is_asked_by(const struct call *call, const char *name)
{
    return input_field_find(call->route->query->shape, name) != NULL;
}

/* What cannot be asked for by partnership or municipality may belong to others than the token is for: then
 * the reply must tell whose it is. */
static const char *uncovered(const struct call *call, struct bus_bytes reply)
{
    if (call->route->common)
        return NULL;
    if (!is_asked_by(call, "partnership") &&
        !who_covers_partnership(call->who, bus_cursor_get_text(reply, "partnership", call->arena, NULL)))
        return "partnership";
    if (!is_asked_by(call, "nis") &&
        !who_covers_nis(call->who, bus_cursor_get_text(reply, "nis", call->arena, NULL)))
        return "municipality";
    return NULL;
}

static void on_answer(void *context, const struct answer *answer)
{
    struct call *call = context;
    const char *name;
    if (answer->status != BUS_OK)
        call_refuse(call, answer);
    else if ((name = uncovered(call, answer->data)) != NULL)
        call_problem(call, 403, NULL, "your token does not cover the %s that this belongs to", name);
    else
        call_reply_json(call, 200, answer->data);
}

void query_ask(struct call *call)
{
    void *value = query_read(call);
    if (value != NULL)
        query_send(call, value, on_answer);
}
