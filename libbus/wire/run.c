/* See run.h. */
#include "wire/run.h"

#include "bus/pack.h"
#include "wire/utf8.h"

void wire_run_pack(struct bus_buffer *out, struct bus_bytes header, struct bus_bytes data)
{
    bus_pack_array(out, 2);
    bus_pack_raw(out, header);
    bus_pack_raw(out, data);
}

bool wire_run_open(struct bus_bytes events, int64_t from, int64_t to, struct wire_run *ret)
{
    bool none = from == 0 && to == 0;
    if (!none && (from <= 0 || to < from))
        return false;
    *ret = (struct wire_run){.at = bus_cursor(events), .seq = none ? 0 : from - 1, .last = to};
    return true;
}

static bool take_map(struct bus_cursor *at, struct bus_bytes *ret_map)
{
    return bus_cursor_peek(at) == BUS_WIRE_MAP && bus_cursor_raw(at, ret_map);
}

bool wire_run_next(struct wire_run *self, struct bus_bytes *ret_header, struct bus_bytes *ret_data)
{
    uint32_t pair = 0;
    if (self->seq == self->last || !bus_cursor_array(&self->at, &pair) || pair != 2 ||
        !take_map(&self->at, ret_header) || !take_map(&self->at, ret_data))
        return false;
    self->seq++;
    return true;
}

bool wire_run_skip(struct wire_run *self, int64_t seq)
{
    struct bus_bytes header, data;
    while (self->seq < seq && wire_run_next(self, &header, &data))
        continue;
    return self->seq >= seq;
}

bool wire_run_done(const struct wire_run *self)
{
    return self->seq == self->last && bus_cursor_done(&self->at);
}

const char *wire_run_event_id(struct bus_bytes header, const char *stream, int64_t seq,
                              struct bus_arena *arena)
{
    struct bus_cursor at;
    struct bus_bytes id;
    if (bus_cursor_get(header, "id", &at) && bus_cursor_text(&at, &id) && id.size <= 128 &&
        wire_utf8_check(id.data, id.size, NULL))
        return bus_strndup(arena, (const char *)id.data, id.size);
    return bus_printf(arena, "%s#%lld", stream, (long long)seq);
}
