/* GET /v1/calendar/{token}.ics: the link itself is the secret, so it needs no other, and is told to nobody.
 */
#include <string.h>

#include "bus/scan.h"
#include "input.h"
#include "queries.h"
#include "routes.h"
#include "schema/scheduling.h"

static void refuse(struct call *call)
{
    call_problem(call, 404, NULL, "there is no such calendar: ask for a new link");
}

static void on_answer(void *context, const struct answer *answer)
{
    struct call *call = context;
    const struct scheduling_calendar_reply *reply =
        answer->status == BUS_OK ? answer_decode(answer, &scheduling_calendar_type) : NULL;
    if (reply == NULL) {
        if (answer->status == BUS_NOT_FOUND || answer->status == BUS_INVALID)
            refuse(call);
        else
            call_refuse(call, answer);
        return;
    }
    const char *etag = bus_printf(call->arena, "\"%s\"", reply->etag);
    call_set(call, "ETag", etag);
    bool same = call_knows(call, etag);
    call_reply(call, same ? 304 : 200, "text/calendar; charset=utf-8", bus_bytes_of(same ? "" : reply->ics));
}

void calendar_get(struct call *call)
{
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    struct bus_error err = {0};
    struct scheduling_calendar query = {.token = call->argument};
    if (bus_encode(&scheduling_calendar_shape, &query, &data, &err) != BUS_OK)
        refuse(call);
    else
        call_request(call, &scheduling_calendar_type, NULL, bus_buffer_bytes(&data), on_answer);
}
