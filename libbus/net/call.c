/* A typed request: encoded by its schema, its refusal made the caller's own, its reply decoded. */
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/scan.h"
#include "net/client_internal.h"

/* The header given, with what is missing filled in. */
static struct bus_header header_complete(struct bus_client *self, const struct bus_type *type,
                                         const struct bus_header *given, struct bus_arena *arena)
{
    struct bus_header header = given ? *given : (struct bus_header){0};
    int64_t now_us = bus_clock_wall_us();
    if (!header.id) {
        char text[BUS_ID_TEXT];
        bus_id_format(bus_id_random(now_us), text);
        header.id = bus_strdup(arena, text);
    }
    if (!header.source)
        header.source = bus_printf(arena, "/%s", self->name);
    if (!header.type)
        header.type = type->type;
    if (!header.time_us)
        header.time_us = now_us;
    return header;
}

static enum bus_status protocol_status(const char *code)
{
    if (strcmp(code, "DENIED") == 0)
        return BUS_DENIED;
    return strcmp(code, "BUSY") == 0 || strcmp(code, "AWAY") == 0 ? BUS_RETRY : BUS_INVALID;
}

/* What the answer says before its data is looked at. */
static enum bus_status answer_status(const char *service, const struct bus_frames *answer,
                                     struct bus_arena *arena, struct bus_error *err)
{
    if (answer->body_n == 0 || bus_scan_map(answer->body[0], &bus_scan_batch, NULL) != BUS_OK)
        return bus_fail(err, BUS_RETRY, "%s gave an answer (%s) that is no message", service, answer->verb);
    const char *code = bus_cursor_get_text(answer->body[0], "code", arena, "");
    const char *text = bus_cursor_get_text(answer->body[0], "text", arena, "");
    if (strcmp(answer->verb, "ERR") == 0)
        return bus_fail(err, protocol_status(code), "%s", *text ? text : code);
    if (strcmp(answer->verb, "REPLY") != 0 || answer->body_n != 2)
        return bus_fail(err, BUS_RETRY, "%s answered %s where a REPLY was due", service, answer->verb);
    const char *word = bus_cursor_get_text(answer->body[0], "status", arena, "");
    enum bus_status status = bus_status_from_name(word);
    if (status == BUS_BUG) /* its promise is broken, not ours: it restarts */
        return bus_fail_code(err, BUS_RETRY, code, "%s failed: %s", service, *text ? text : word);
    if (status != BUS_OK)
        return bus_fail_code(err, status, code, "%s", text);
    return BUS_OK;
}

static enum bus_status reply_decode(const struct bus_type *type, struct bus_bytes data,
                                    struct bus_arena *arena, void **ret_reply, struct bus_error *err)
{
    void *reply = NULL;
    if (type->reply) {
        enum bus_status status = bus_scan_map(data, &bus_scan_batch, err);
        if (!status)
            status = bus_decode(type->reply, data, true, arena, &reply, NULL, err);
        if (status)
            return bus_fail_in(err, "the reply of %s to %s", type->service, type->name);
    }
    *ret_reply = reply;
    return BUS_OK;
}

enum bus_status bus_client_call(struct bus_client *self, const struct bus_type *type,
                                const struct bus_header *given, const void *value, int timeout_ms,
                                struct bus_arena *arena, void **ret_reply, struct bus_error *err)
{
    struct bus_error own;
    err = err ? err : &own; /* bus_fail_in needs one */
    AUTO(bus_buffer_done) struct bus_buffer head = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    if (type->kind == BUS_TYPE_EVENT)
        return bus_fail(err, BUS_BUG, "%s is an event: nobody answers it", type->type);
    struct bus_header header = header_complete(self, type, given, arena);
    enum bus_status status = bus_header_encode(&header, &head, err);
    if (!status)
        status = bus_encode(type->shape, value, &data, err);
    if (status)
        return status;
    struct bus_frames request = {.verb = type->kind == BUS_TYPE_COMMAND ? "COMMAND" : "QUERY",
                                 .body = {bus_buffer_bytes(&head), bus_buffer_bytes(&data)},
                                 .body_n = 2};
    struct bus_frames answer;
    status = bus_client_ask(self, type->service, &request, timeout_ms, arena, &answer, err);
    if (!status)
        status = answer_status(type->service, &answer, arena, err);
    if (!status)
        status = reply_decode(type, answer.body[1], arena, ret_reply, err);
    return status;
}
