/* See publish.h. */
#include "app/publish.h"

#include "bus/pack.h"

/* A message to those who follow: runs together, or a large one. */
#define MESSAGE_BYTES ((size_t)64 * 1024)

static void pack_place(struct loop *loop, struct bus_buffer *out, uint32_t n)
{
    bus_pack_map(out, n);
    bus_pack_text(out, "stream");
    bus_pack_text(out, loop->service->name);
    bus_pack_text(out, "epoch");
    bus_pack_int(out, store_head_get(loop->store)->epoch);
    bus_pack_text(out, "writer");
    bus_pack_int(out, store_head_get(loop->store)->writer);
}

static void publish_runs(struct loop *loop, const struct said_run *next)
{
    const char *topic = bus_printf(loop->arena, "batch/%s/", loop->service->name);
    AUTO(bus_buffer_done) struct bus_buffer place = {0};
    AUTO(bus_buffer_done) struct bus_buffer events = {0};
    if (next == NULL || !net_wanted(loop->net, topic))
        return;
    while (next != NULL) {
        int64_t from = next->run.from, to;
        bus_buffer_clear(&place);
        bus_buffer_clear(&events);
        do {
            bus_buffer_add(&events, next->run.events.data, next->run.events.size);
            to = next->run.to;
            next = next->next;
        } while (next != NULL && events.size + next->run.events.size <= MESSAGE_BYTES);
        pack_place(loop, &place, 5);
        bus_pack_text(&place, "from");
        bus_pack_int(&place, from);
        bus_pack_text(&place, "to");
        bus_pack_int(&place, to);
        net_publish(loop->net, topic, bus_buffer_bytes(&place), bus_buffer_bytes(&events));
    }
}

void publish_said(const struct bus_turn *turn)
{
    publish_runs(turn->loop, turn->runs);
    for (size_t i = 0; i < turn->said_n; i++)
        net_publish(turn->loop->net, turn->said[i].topic, turn->said[i].header, turn->said[i].data);
}

void publish_head(struct loop *loop)
{
    AUTO(bus_buffer_done) struct bus_buffer place = {0};
    pack_place(loop, &place, 4);
    bus_pack_text(&place, "seq");
    bus_pack_int(&place, store_head_get(loop->store)->last_seq);
    net_publish(loop->net, bus_printf(loop->arena, "%s/HEAD/", loop->service->name), bus_buffer_bytes(&place),
                bus_bytes("\x80", 1)); /* an empty map */
}
