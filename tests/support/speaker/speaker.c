/* Stands in for any service in a test of its readers: says what it is told to say, under the name in SPEAKER.
 */
#include <stdlib.h>

#include "bus/service.h"
#include "schema/gateway.h"

enum bus_status on_gateway_accept_events(struct bus_context *ctx, const struct gateway_accept_events *in)
{
    for (size_t i = 0; i < in->events_n; i++) {
        struct bus_header header;
        enum bus_status status = bus_header_decode(in->events[i].header, ctx->arena, &header, ctx->err);
        if (status == BUS_OK)
            status = bus_say_raw(ctx, &header, in->events[i].data, NULL);
        if (status != BUS_OK)
            return status;
    }
    return BUS_OK;
}

int main(int argc, char **argv)
{
    static const struct bus_on commands[] = {BUS_ON(gateway_accept_events, .unrecorded = true), {0}};
    static const struct bus_sql *const statements[] = {NULL};
    static const struct bus_migration migrations[] = {{.number = 0}};
    const char *name = getenv("SPEAKER");
    const struct bus_service speaker = {.name = name ? name : "speaker",
                                        .title = "says what it is told to say",
                                        .commands = commands,
                                        .statements = statements,
                                        .migrations = migrations};
    return bus_main(argc, argv, &speaker);
}
