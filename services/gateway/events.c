/* POST /v1/events: CloudEvents in, acknowledged once they are durable. */
#include <string.h>

#include "bus/cursor.h"
#include "intake.h"
#include "publish.h"
#include "routes.h"

static void on_published(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct bus_cursor at;
    struct bus_bytes acks;
    if (answer->status != BUS_OK)
        call_refuse(call, answer);
    else if (!bus_cursor_get(answer->data, "acks", &at) || !bus_cursor_raw(&at, &acks))
        call_problem(call, 500, NULL, "the acknowledgement cannot be read");
    else
        call_reply_json(call, 202, acks);
}

static void refuse(struct call *call, enum bus_status status, const struct intake *intake,
                   const struct bus_error *err)
{
    unsigned code = status == BUS_DENIED ? 403 : intake->too_big ? 413 : intake->malformed ? 400 : 422;
    if (status == BUS_DENIED)
        call_set(call, "WWW-Authenticate", "Bearer realm=\"koppel\", error=\"insufficient_scope\"");
    call_problem(call, code, &intake->faults, "%s", err->text);
}

void events_post(struct call *call)
{
    struct intake *intake = bus_alloc(call->arena, sizeof *intake);
    struct bus_error err = {0};
    bool batch = strcmp(call_type(call), "application/cloudevents-batch+json") == 0;
    if (!batch && strcmp(call_type(call), "application/cloudevents+json") != 0) {
        call_set(call, "Accept", "application/cloudevents+json, application/cloudevents-batch+json");
        call_problem(call, 415, NULL,
                     "send Content-Type: application/cloudevents+json, or application/cloudevents-batch+json "
                     "for an array");
        return;
    }
    enum bus_status status = intake_json(bus_buffer_bytes(&call->body), batch, call->who,
                                         publish_latest_us(call->edge), call->arena, intake, &err);
    if (status == BUS_OK || intake->doubtful)
        status = publish(call->edge, call->arena, intake, on_published, call, &err);
    else if (status == BUS_INVALID && publish_refuse(call->edge, call->arena, intake, on_published, call))
        return;
    if (status != BUS_OK)
        refuse(call, status, intake, &err);
}
