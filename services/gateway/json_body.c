/* See json_body.h. */
#include "json_body.h"

#include <string.h>

#include "bus/codec.h"
#include "bus/scan.h"

static enum bus_status read_map(struct call *call, struct bus_buffer *out, struct bus_error *err)
{
    struct bus_bytes body = call->body.size > 0 ? bus_buffer_bytes(&call->body) : bus_bytes_of("{}");
    enum bus_status status = bus_json_to_msgpack(body, &bus_scan_command, out, err);
    if (status != BUS_OK)
        return status;
    status = bus_scan_map(bus_buffer_bytes(out), &bus_scan_command, err);
    return status == BUS_OK ? status : bus_fail_in(err, "the body");
}

bool json_body_read(struct call *call, struct bus_buffer *out)
{
    struct bus_error err = {0};
    if (call->body.size > 0 && strcmp(call_type(call), "application/json") != 0) {
        call_problem(call, 415, NULL, "send Content-Type: application/json");
        return false;
    }
    if (read_map(call, out, &err) != BUS_OK) {
        call_problem(call, 400, NULL, "%s", err.text);
        return false;
    }
    return true;
}
