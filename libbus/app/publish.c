/* See publish.h. */
#include "app/publish.h"

#include "app/batch.h"
#include "bus/pack.h"

/* A message to those who follow: many small events, or one large one. */
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

/* How many of the events fit into one message: at least one. */
static size_t message_n(const struct said *said, size_t n)
{
    size_t taken = 0, bytes = 0;
    while (taken < n) {
        bytes += said[taken].event.header.size + said[taken].event.data.size;
        if (taken > 0 && bytes > MESSAGE_BYTES)
            break;
        taken++;
    }
    return taken;
}

static void publish_batches(struct loop *loop, const struct said *said, size_t n)
{
    const char *topic = bus_printf(loop->arena, "batch/%s/", loop->service->name);
    AUTO(bus_buffer_done) struct bus_buffer place = {0};
    AUTO(bus_buffer_done) struct bus_buffer events = {0};
    if (n == 0 || !net_wanted(loop->net, topic))
        return;
    for (size_t part; n > 0; said += part, n -= part) {
        part = message_n(said, n);
        bus_buffer_clear(&place);
        bus_buffer_clear(&events);
        pack_place(loop, &place, 5);
        bus_pack_text(&place, "from");
        bus_pack_int(&place, said[0].event.seq);
        bus_pack_text(&place, "to");
        bus_pack_int(&place, said[part - 1].event.seq);
        bus_pack_array(&events, (uint32_t)part);
        for (size_t i = 0; i < part; i++)
            batch_pack(&events, &said[i].event);
        net_publish(loop->net, topic, bus_buffer_bytes(&place), bus_buffer_bytes(&events));
    }
}

void publish_said(struct loop *loop, const struct said *said, size_t n)
{
    if (n == 0)
        return;
    publish_batches(loop, said, n);
    for (size_t i = 0; i < n; i++)
        net_publish(loop->net, said[i].topic, said[i].event.header, said[i].event.data);
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
