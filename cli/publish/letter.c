/* See letter.h. */
#include "publish/letter.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/pack.h"

enum bus_status letter_pack(struct bus_bytes json, struct bus_buffer *out, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer event = {0};
    struct bus_cursor at;
    struct bus_bytes data;
    enum bus_status status = bus_json_to_msgpack(json, &bus_scan_command, &event, err);
    if (status != BUS_OK)
        return status;
    at = bus_cursor(bus_buffer_bytes(&event));
    if (bus_cursor_peek(&at) == BUS_WIRE_ARRAY)
        return bus_fail(err, BUS_INVALID,
                        "is a list: give its events one after the other, without [ ] and the commas between");
    if (bus_cursor_peek(&at) != BUS_WIRE_MAP || !bus_cursor_get(bus_buffer_bytes(&event), "data", &at) ||
        bus_cursor_peek(&at) != BUS_WIRE_MAP || !bus_cursor_raw(&at, &data))
        return bus_fail(err, BUS_INVALID, "is no CloudEvent with a data object");
    bus_pack_array(out, 1);
    bus_pack_map(out, 2);
    bus_pack_text(out, "header");
    bus_pack_map_without(out, bus_buffer_bytes(&event), "data");
    bus_pack_text(out, "data");
    bus_pack_raw(out, data);
    return BUS_OK;
}

static json_t *to_json(struct bus_bytes msgpack)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    if (bus_scan(msgpack, &bus_scan_batch, NULL) != BUS_OK ||
        bus_msgpack_to_json(msgpack, &text, NULL) != BUS_OK)
        return NULL;
    return json_loadb((const char *)text.data, text.size, JSON_DECODE_ANY, NULL);
}

/* A refusal: an array of maps, one for each fault. */
static enum bus_status refusal(const json_t *faults, struct bus_error *err)
{
    const char *word = json_string_value(json_object_get(json_array_get(faults, 0), "status"));
    enum bus_status status = bus_status_from_name(word);
    status = bus_fail(err, status != BUS_OK ? status : BUS_BUG, "refused without a reason");
    size_t i, used = 0;
    json_t *fault;
    json_array_foreach(faults, i, fault)
    {
        const char *pointer = json_string_value(json_object_get(fault, "pointer"));
        const char *text = json_string_value(json_object_get(fault, "text"));
        if (text == NULL || text[0] == '\0')
            continue;
        if (used < sizeof err->text)
            used += (size_t)snprintf(err->text + used, sizeof err->text - used, "%s%s%s%s",
                                     used > 0 ? "; " : "", pointer ? pointer : "", pointer ? " " : "", text);
    }
    return status;
}

enum bus_status letter_answer(const struct bus_frames *answer, struct bus_arena *arena, const char **ret_line,
                              struct bus_error *err)
{
    json_t *reply = answer->body_n == 1 ? to_json(answer->body[0]) : NULL;
    const json_t *ack = json_array_get(reply, 0);
    enum bus_status status = BUS_OK;
    if (reply != NULL && strcmp(answer->verb, "ACK") != 0) {
        status = refusal(reply, err);
    } else if (!json_is_object(ack)) {
        status = bus_fail(err, BUS_BUG, "the gateway's answer cannot be read");
    } else {
        char *text = json_dumps(ack, JSON_COMPACT | JSON_PRESERVE_ORDER);
        *ret_line = bus_strdup(arena, text);
        free(text);
    }
    json_decref(reply);
    return status;
}
