/* The writer: msgpack-c's packer, set to append to our buffer. */
#include "bus/pack.h"

#include "bus/cursor.h"

#include <msgpack.h>
#include <string.h>

#include "bus/clock.h"

static int append(void *out, const char *data, size_t size)
{
    bus_buffer_add(out, data, size);
    return 0;
}

static msgpack_packer packer(struct bus_buffer *out)
{
    return (msgpack_packer){.data = out, .callback = append};
}

void bus_pack_map(struct bus_buffer *out, uint32_t n)
{
    msgpack_packer to = packer(out);
    msgpack_pack_map(&to, n);
}

void bus_pack_array(struct bus_buffer *out, uint32_t n)
{
    msgpack_packer to = packer(out);
    msgpack_pack_array(&to, n);
}

void bus_pack_text_n(struct bus_buffer *out, const char *text, size_t size)
{
    msgpack_packer to = packer(out);
    msgpack_pack_str(&to, size);
    bus_buffer_add(out, text, size);
}

void bus_pack_text(struct bus_buffer *out, const char *text)
{
    bus_pack_text_n(out, text, strlen(text));
}

void bus_pack_int(struct bus_buffer *out, int64_t value)
{
    msgpack_packer to = packer(out);
    msgpack_pack_int64(&to, value);
}

void bus_pack_number(struct bus_buffer *out, double value)
{
    msgpack_packer to = packer(out);
    msgpack_pack_double(&to, value);
}

void bus_pack_bool(struct bus_buffer *out, bool value)
{
    msgpack_packer to = packer(out);
    if (value)
        msgpack_pack_true(&to);
    else
        msgpack_pack_false(&to);
}

void bus_pack_nil(struct bus_buffer *out)
{
    msgpack_packer to = packer(out);
    msgpack_pack_nil(&to);
}

void bus_pack_id(struct bus_buffer *out, struct bus_id id)
{
    char text[BUS_ID_TEXT];
    bus_id_format(id, text);
    bus_pack_text_n(out, text, BUS_ID_TEXT - 1);
}

void bus_pack_time(struct bus_buffer *out, int64_t time_us)
{
    char text[BUS_TIME_TEXT];
    bus_time_format(time_us, text);
    bus_pack_text(out, text);
}

void bus_pack_raw(struct bus_buffer *out, struct bus_bytes value)
{
    bus_buffer_add(out, value.data, value.size);
}

void bus_pack_map_without(struct bus_buffer *out, struct bus_bytes map, const char *key)
{
    struct bus_cursor at = bus_cursor(map), found;
    struct bus_bytes name, value;
    uint32_t n = 0;
    bus_cursor_map(&at, &n);
    bus_pack_map(out, n - bus_cursor_get(map, key, &found));
    for (; n > 0 && bus_cursor_text(&at, &name) && bus_cursor_raw(&at, &value); n--) {
        if (bus_text_is(name, key))
            continue;
        bus_pack_text_n(out, (const char *)name.data, name.size);
        bus_pack_raw(out, value);
    }
}
