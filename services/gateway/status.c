/* /healthz, /readyz and /metrics of the edge. */
#include <string.h>

#include "adapters.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "http.h"
#include "routes.h"
#include "stream.h"

void health_get(struct call *call)
{
    call_reply(call, 200, "text/plain", bus_bytes_of("the edge turns\n"));
}

static void on_status(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct bus_cursor at;
    struct bus_bytes state;
    bool told = answer->status == BUS_OK && bus_cursor_get(answer->data, "state", &at) &&
                bus_cursor_text(&at, &state);
    if (told && bus_text_is(state, "ready"))
        call_reply(call, 200, "text/plain", bus_bytes_of("ready\n"));
    else
        call_problem(call, 503, NULL, "the gateway is not ready%s%.*s", told ? ": " : "",
                     told ? (int)state.size : 0, told ? (const char *)state.data : "");
}

void ready_get(struct call *call)
{
    static const uint8_t nothing[] = {0x80}; /* an empty map */
    struct bus_frames request = {.verb = "STATUS", .body = {bus_bytes(nothing, sizeof nothing)}, .body_n = 1};
    call_ask(call, "gateway", &request, on_status);
}

void metrics_get(struct call *call)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    http_metrics(call->edge->http, &out);
    adapters_metrics(call->edge->adapters, &out);
    asking_metrics(call->edge->asking, &out);
    streams_metrics(call->edge->streams, &out);
    call_reply(call, 200, "text/plain; version=0.0.4", bus_buffer_bytes(&out));
}
