/* What adapters send, by HTTP and ZeroMQ: whatever is taken in can be said, and what is refused has its
 * reason. The first byte says which: one CloudEvent in JSON, a batch of them, or msgpack. */
#include <string.h>

#include "../../services/gateway/intake.h"
#include "require.h"

static void check_taken(struct intake *intake, struct bus_arena *arena)
{
    struct bus_bytes command = {0};
    struct bus_error err = {0};
    require(intake->n > 0 && intake->doubtful == (intake->faults.found > 0));
    for (size_t i = 0; i < intake->n; i++) {
        const struct intake_event *event = &intake->events[i];
        void *value = NULL;
        require(event->type != NULL && event->header.subject != NULL && event->header.actor != NULL);
        require(bus_scan_map(event->data, &bus_scan_data, &err) == BUS_OK);
        require(bus_decode(event->type->shape, event->data, false, arena, &value, NULL, &err) == BUS_OK);
        require(event->deposit == NULL || !bus_id_is_nil(event->deposit->deposit_id));
    }
    enum bus_status status = intake_command(intake, arena, &command, &err);
    require(status == BUS_OK ? bus_scan_map(command, &bus_scan_command, &err) == BUS_OK
                             : status == BUS_INVALID && strlen(err.text) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const all[] = {"*"};
    const struct who who = {
        .name = "adapter:x", .scopes = all, .scopes_n = 1, .sources = all, .sources_n = 1};
    if (size == 0)
        return 0;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_bytes body = bus_bytes(data + 1, size - 1);
    struct intake intake;
    struct bus_error err = {0};
    enum bus_status status = data[0] % 3 == 2
                                 ? intake_msgpack(body, &who, INT64_MAX, arena, &intake, &err)
                                 : intake_json(body, data[0] % 3 == 1, &who, INT64_MAX, arena, &intake, &err);
    if (status == BUS_OK || intake.doubtful)
        check_taken(&intake, arena);
    if (status != BUS_OK)
        require(status == BUS_INVALID && strlen(err.text) > 0 &&
                (intake.faults.found > 0 || intake.malformed || intake.too_big));
    return 0;
}
