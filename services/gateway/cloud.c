/* See cloud.h. */
#include "cloud.h"

#include "bus/codec.h"
#include "bus/cursor.h"
#include "bus/pack.h"

static void pack_after(struct bus_cursor at, struct bus_buffer *out)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    uint32_t n = 0;
    struct bus_bytes stream = {0};
    int64_t seq = 0;
    bus_cursor_map(&at, &n);
    for (; n > 0 && bus_cursor_text(&at, &stream) && bus_cursor_int(&at, &seq); n--)
        bus_buffer_printf(&text, "%s%.*s=%lld", text.size ? " " : "", (int)stream.size,
                          (const char *)stream.data, (long long)seq);
    bus_pack_text_n(out, text.size ? (const char *)text.data : "", text.size);
}

enum bus_status cloud_write(struct bus_bytes header, struct bus_bytes data, struct bus_buffer *out,
                            struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    struct bus_cursor at = bus_cursor(header), content;
    struct bus_bytes name, value;
    uint32_t n = 0;
    if (!bus_cursor_map(&at, &n))
        return bus_fail(err, BUS_INVALID, "a header is no map");
    bool named =
        bus_cursor_get(header, "datacontenttype", &content); /* in a log from before it was left out */
    bus_pack_map(&map, n + 2 - named);
    for (; n > 0 && bus_cursor_text(&at, &name) && bus_cursor_raw(&at, &value); n--) {
        if (bus_text_is(name, "datacontenttype"))
            continue;
        bus_pack_text_n(&map, (const char *)name.data, name.size);
        if (bus_text_is(name, "after"))
            pack_after(bus_cursor(value), &map);
        else
            bus_pack_raw(&map, value);
    }
    bus_pack_text(&map, "datacontenttype");
    bus_pack_text(&map, "application/json");
    bus_pack_text(&map, "data");
    bus_pack_raw(&map, data);
    return bus_msgpack_to_json(bus_buffer_bytes(&map), out, err);
}
