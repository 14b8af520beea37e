/* STATUS: where this service stands, and how far it has read what it follows. */
#include "app/status.h"

#include <string.h>

#include "app/readers.h"
#include "app/reply.h"
#include "bus/keys.h"
#include "bus/pack.h"

static void pack_asks(struct bus_buffer *out, const char *const *asks)
{
    uint32_t n = 0;
    while (asks != NULL && asks[n] != NULL)
        n++;
    bus_pack_text(out, "asks");
    bus_pack_array(out, n);
    for (uint32_t i = 0; i < n; i++)
        bus_pack_text(out, asks[i]);
}

/* The events that it handles; it passes over the others of the streams it follows. */
static void pack_heeds(struct bus_buffer *out, const struct bus_on *events)
{
    uint32_t n = 0;
    while (events != NULL && events[n].type != NULL)
        n++;
    bus_pack_text(out, "heeds");
    bus_pack_array(out, n);
    for (uint32_t i = 0; i < n; i++)
        bus_pack_text(out, events[i].type->type);
}

/* What the database or a source said is for operators: it tells of our insides. */
static void pack_need(const struct loop *loop, const char *role, struct bus_buffer *out)
{
    AUTO(bus_buffer_done) struct bus_buffer need = {0};
    if (strcmp(role, BUS_ROLE_OPERATOR) == 0)
        loop_tell_need(loop, &need);
    bus_pack_text(out, "need");
    bus_pack_text_n(out, (const char *)need.data, need.size);
}

void status_request(struct loop *loop, const struct net_request *request)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    const struct store_head *head = store_head_get(loop->store);
    static const char *const clocks[] = {"wall", "conducted", "offset"};
    const char *why = "ready";
    bool ready = loop_ready(loop, &why);
    bus_pack_map(&out, 16);
    bus_pack_text(&out, "service");
    bus_pack_text(&out, loop->service->name);
    bus_pack_text(&out, "state");
    bus_pack_text(&out, ready ? "ready" : why);
    pack_need(loop, request->role, &out);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, head->epoch);
    bus_pack_text(&out, "head");
    bus_pack_int(&out, head->last_seq);
    bus_pack_text(&out, "first");
    bus_pack_int(&out, head->first_seq);
    bus_pack_text(&out, "turn");
    bus_pack_int(&out, head->turn);
    bus_pack_text(&out, "uptime_s");
    bus_pack_int(&out, (bus_clock_monotonic_us() - loop->started_us) / BUS_SECOND_US);
    bus_pack_text(&out, "dead");
    bus_pack_int(&out, (int64_t)store_dead_count(loop->store));
    bus_pack_text(&out, "clock");
    bus_pack_text(&out, clocks[loop->clock.mode]);
    bus_pack_text(&out, "now");
    bus_pack_time(&out, loop_now(loop));
    bus_pack_text(&out, "timeless");
    bus_pack_bool(&out, loop->service->timers == NULL && loop->service->effects == NULL);
    pack_asks(&out, loop->service->asks);
    pack_heeds(&out, loop->service->events);
    readers_pack(loop, &out);
    bus_pack_text(&out, "follows");
    bus_pack_array(&out, (uint32_t)loop->sources_n);
    for (size_t i = 0; i < loop->sources_n; i++) {
        const struct follow *follow = &loop->sources[i].follow;
        bus_pack_map(&out, 5);
        bus_pack_text(&out, "stream");
        bus_pack_text(&out, loop->sources[i].name);
        bus_pack_text(&out, "seq");
        bus_pack_int(&out, follow->seq);
        bus_pack_text(&out, "head");
        bus_pack_int(&out, follow->head);
        bus_pack_text(&out, "lag");
        bus_pack_int(&out, follow->head - follow->seq);
        bus_pack_text(&out, "state");
        bus_pack_text(&out, follow_state_name(follow->state));
    }
    reply_send(loop, request->route, "STATUS", bus_buffer_bytes(&out));
}
