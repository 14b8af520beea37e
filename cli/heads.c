/* See heads.h. */
#include "heads.h"

#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

#define MOMENT_MS 300 /* for all together: a service that is away holds up nobody for longer */

static bool ask(struct session *self, size_t service)
{
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    bus_pack_map(&body, 2);
    bus_pack_text(&body, "req");
    bus_pack_int(&body, 1);
    bus_pack_text(&body, "after");
    bus_pack_int(&body, -1);
    struct bus_frames request = {.verb = "FETCH", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    return bus_client_send(self->client, self->services[service].service, service, &request, NULL) == BUS_OK;
}

static void note(struct session *self, const char *service, const struct bus_frames *answer)
{
    int64_t head = 0;
    if (self->after_n < BUS_AFTER_MAX && strcmp(answer->verb, "BATCH") == 0 && answer->body_n > 0 &&
        bus_scan_map(answer->body[0], &bus_scan_batch, NULL) == BUS_OK &&
        bus_cursor_get_int(answer->body[0], "head", &head) && head > 0)
        self->after[self->after_n++] = (struct bus_after){.stream = service, .seq = head};
}

void heads_note(struct session *self, const char *asked)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    int64_t until_us = bus_clock_monotonic_us() + MOMENT_MS * INT64_C(1000), left_us;
    size_t waiting = 0;
    for (size_t i = 0; i < self->services_n; i++)
        if (strcmp(self->services[i].service, asked) != 0)
            waiting += ask(self, i);
    while (waiting > 0 && (left_us = until_us - bus_clock_monotonic_us()) > 0) {
        const char *service;
        uint64_t tag;
        struct bus_frames answer;
        if (bus_client_receive(self->client, (int)(left_us / 1000) + 1, arena, &service, &tag, &answer,
                               NULL) != BUS_OK ||
            tag >= self->services_n || strcmp(self->services[tag].service, service) != 0)
            continue;
        note(self, self->services[tag].service, &answer);
        waiting--;
        bus_arena_reset(arena);
    }
}
