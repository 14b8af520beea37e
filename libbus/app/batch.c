/* See batch.h. */
#include "app/batch.h"

#include "bus/pack.h"

void batch_pack(struct bus_buffer *out, const struct store_event *event)
{
    bus_pack_array(out, 2);
    bus_pack_raw(out, event->header);
    bus_pack_raw(out, event->data);
}

bool batch_open(struct bus_bytes array, int64_t from, int64_t to, struct batch *ret_batch)
{
    struct batch batch = {.at = bus_cursor(array)};
    if (!bus_cursor_array(&batch.at, &batch.left))
        return false;
    bool whole =
        batch.left == 0 ? from == 0 && to == 0 : from > 0 && to >= from && to - from == batch.left - 1;
    if (!whole)
        return false;
    batch.seq = from - 1;
    *ret_batch = batch;
    return true;
}

static bool take_map(struct bus_cursor *at, struct bus_bytes *ret_map)
{
    return bus_cursor_peek(at) == BUS_WIRE_MAP && bus_cursor_raw(at, ret_map);
}

bool batch_next(struct batch *self, struct bus_bytes *ret_header, struct bus_bytes *ret_data)
{
    uint32_t pair = 0;
    if (self->left == 0 || !bus_cursor_array(&self->at, &pair) || pair != 2 ||
        !take_map(&self->at, ret_header) || !take_map(&self->at, ret_data))
        return false;
    self->left--;
    self->seq++;
    return true;
}

bool batch_done(const struct batch *self)
{
    return self->left == 0 && bus_cursor_done(&self->at);
}
