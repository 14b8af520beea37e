/* Msgpack to JSON text, straight into the buffer: compact, keys in the order they stand. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/codec.h"
#include "bus/cursor.h"

#define DEPTH_MAX 32

static void write_value(struct bus_cursor *at, struct bus_buffer *out);

static bool must_escape(uint8_t c)
{
    return c < ' ' || c == '"' || c == '\\' || c == 0x7f;
}

static void write_escape(uint8_t c, struct bus_buffer *out)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i < sizeof(shorts) - 1; i += 2) {
        if ((uint8_t)shorts[i] == c) {
            bus_buffer_add(out, (const char[]){'\\', shorts[i + 1]}, 2);
            return;
        }
    }
    bus_buffer_printf(out, "\\u%04x", c);
}

static void write_text(struct bus_bytes text, struct bus_buffer *out)
{
    bus_buffer_add(out, "\"", 1);
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!must_escape(text.data[i]))
            continue;
        bus_buffer_add(out, text.data + from, i - from);
        write_escape(text.data[i], out);
        from = i + 1;
    }
    bus_buffer_add(out, text.data + from, text.size - from);
    bus_buffer_add(out, "\"", 1);
}

/* No more digits than it takes to read back the same number, and always with the look of a real. */
static void write_number(double number, struct bus_buffer *out)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    bus_buffer_text(out, text);
    if (!strpbrk(text, ".e"))
        bus_buffer_text(out, ".0");
}

static void write_map(struct bus_cursor *at, struct bus_buffer *out)
{
    uint32_t n = 0;
    struct bus_bytes name = {0};
    bus_cursor_map(at, &n);
    bus_buffer_add(out, "{", 1);
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            bus_buffer_add(out, ",", 1);
        bus_cursor_text(at, &name);
        write_text(name, out);
        bus_buffer_add(out, ":", 1);
        write_value(at, out);
    }
    bus_buffer_add(out, "}", 1);
}

static void write_array(struct bus_cursor *at, struct bus_buffer *out)
{
    uint32_t n = 0;
    bus_cursor_array(at, &n);
    bus_buffer_add(out, "[", 1);
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            bus_buffer_add(out, ",", 1);
        write_value(at, out);
    }
    bus_buffer_add(out, "]", 1);
}

static void write_value(struct bus_cursor *at, struct bus_buffer *out)
{
    struct bus_bytes text = {0};
    int64_t integer = 0;
    double number = 0;
    bool boolean = false;
    switch (bus_cursor_peek(at)) {
    case BUS_WIRE_MAP:
        write_map(at, out);
        break;
    case BUS_WIRE_ARRAY:
        write_array(at, out);
        break;
    case BUS_WIRE_TEXT:
        bus_cursor_text(at, &text);
        write_text(text, out);
        break;
    case BUS_WIRE_INT:
        bus_cursor_int(at, &integer);
        bus_buffer_printf(out, "%lld", (long long)integer);
        break;
    case BUS_WIRE_NUMBER:
        bus_cursor_number(at, &number);
        write_number(number, out);
        break;
    case BUS_WIRE_BOOL:
        bus_cursor_bool(at, &boolean);
        bus_buffer_text(out, boolean ? "true" : "false");
        break;
    case BUS_WIRE_NIL:
    case BUS_WIRE_NONE:
        bus_cursor_nil(at);
        bus_buffer_text(out, "null");
        break;
    }
}

enum bus_status bus_msgpack_to_json(struct bus_bytes msgpack, struct bus_buffer *out, struct bus_error *err)
{
    struct bus_scan_limits own = {.max_bytes = msgpack.size, .max_depth = DEPTH_MAX, .max_items = UINT_MAX};
    enum bus_status status = bus_scan(msgpack, &own, err);
    if (status != BUS_OK)
        return status;
    struct bus_cursor at = bus_cursor(msgpack);
    write_value(&at, out);
    return BUS_OK;
}
