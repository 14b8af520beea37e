/* The cursor: typed steps over msgpack bytes, each checked against the end. */
#include "bus/cursor.h"

#include <string.h>

#include "bus/clock.h"
#include "wire/head.h"

enum bus_wire bus_cursor_peek(const struct bus_cursor *self)
{
    switch (wire_head_read(self->at, self->end).kind) {
    case WIRE_NIL:
        return BUS_WIRE_NIL;
    case WIRE_BOOL:
        return BUS_WIRE_BOOL;
    case WIRE_INT:
        return BUS_WIRE_INT;
    case WIRE_NUMBER:
        return BUS_WIRE_NUMBER;
    case WIRE_TEXT:
        return BUS_WIRE_TEXT;
    case WIRE_ARRAY:
        return BUS_WIRE_ARRAY;
    case WIRE_MAP:
        return BUS_WIRE_MAP;
    default:
        return BUS_WIRE_NONE;
    }
}

static bool take_count(struct bus_cursor *self, enum wire_kind kind, uint32_t *ret_n)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    if (head.kind != kind)
        return false;
    self->at = head.body;
    *ret_n = head.n;
    return true;
}

bool bus_cursor_map(struct bus_cursor *self, uint32_t *ret_n)
{
    return take_count(self, WIRE_MAP, ret_n);
}

bool bus_cursor_array(struct bus_cursor *self, uint32_t *ret_n)
{
    return take_count(self, WIRE_ARRAY, ret_n);
}

bool bus_cursor_text(struct bus_cursor *self, struct bus_bytes *ret_text)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    if (head.kind != WIRE_TEXT || (size_t)(self->end - head.body) < head.n)
        return false;
    *ret_text = bus_bytes(head.body, head.n);
    self->at = head.body + head.n;
    return true;
}

bool bus_cursor_int(struct bus_cursor *self, int64_t *ret_value)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    if (head.kind != WIRE_INT)
        return false;
    self->at = head.body;
    *ret_value = head.integer;
    return true;
}

bool bus_cursor_number(struct bus_cursor *self, double *ret_value)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    if (head.kind != WIRE_NUMBER && head.kind != WIRE_INT)
        return false;
    self->at = head.body;
    *ret_value = head.kind == WIRE_INT ? (double)head.integer : head.number;
    return true;
}

bool bus_cursor_bool(struct bus_cursor *self, bool *ret_value)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    if (head.kind != WIRE_BOOL)
        return false;
    self->at = head.body;
    *ret_value = head.boolean;
    return true;
}

bool bus_cursor_nil(struct bus_cursor *self)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    if (head.kind != WIRE_NIL)
        return false;
    self->at = head.body;
    return true;
}

bool bus_cursor_id(struct bus_cursor *self, struct bus_id *ret_id)
{
    struct bus_cursor next = *self;
    struct bus_bytes text;
    struct bus_id id;
    if (!bus_cursor_text(&next, &text) || !bus_id_parse((const char *)text.data, text.size, &id) ||
        bus_id_is_nil(id))
        return false;
    *self = next;
    *ret_id = id;
    return true;
}

bool bus_cursor_time(struct bus_cursor *self, int64_t *ret_time_us)
{
    struct bus_cursor next = *self;
    struct bus_bytes text;
    if (!bus_cursor_text(&next, &text) || !bus_time_parse((const char *)text.data, text.size, ret_time_us))
        return false;
    *self = next;
    return true;
}

bool bus_cursor_strdup(struct bus_cursor *self, struct bus_arena *arena, const char **ret_text)
{
    struct bus_bytes text;
    if (!bus_cursor_text(self, &text))
        return false;
    *ret_text = bus_strndup(arena, (const char *)text.data, text.size);
    return true;
}

bool bus_cursor_skip(struct bus_cursor *self)
{
    const uint8_t *at = self->at;
    for (uint64_t left = 1; left > 0; left--) {
        struct wire_head head = wire_head_read(at, self->end);
        switch (head.kind) {
        case WIRE_NIL:
        case WIRE_BOOL:
        case WIRE_INT:
        case WIRE_NUMBER:
            break;
        case WIRE_TEXT:
            if ((size_t)(self->end - head.body) < head.n)
                return false;
            head.body += head.n;
            break;
        case WIRE_ARRAY:
            left += head.n;
            break;
        case WIRE_MAP:
            left += (uint64_t)head.n * 2;
            break;
        default:
            return false;
        }
        at = head.body;
    }
    self->at = at;
    return true;
}

bool bus_cursor_raw(struct bus_cursor *self, struct bus_bytes *ret_value)
{
    const uint8_t *start = self->at;
    if (!bus_cursor_skip(self))
        return false;
    *ret_value = bus_bytes(start, (size_t)(self->at - start));
    return true;
}

bool bus_cursor_get(struct bus_bytes map, const char *key, struct bus_cursor *ret_value)
{
    struct bus_cursor at = bus_cursor(map);
    uint32_t n;
    if (!bus_cursor_map(&at, &n))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        struct bus_bytes name;
        if (!bus_cursor_text(&at, &name))
            return false;
        if (bus_text_is(name, key)) {
            *ret_value = at;
            return true;
        }
        if (!bus_cursor_skip(&at))
            return false;
    }
    return false;
}

bool bus_cursor_get_int(struct bus_bytes map, const char *key, int64_t *ret)
{
    struct bus_cursor at;
    return bus_cursor_get(map, key, &at) && bus_cursor_int(&at, ret);
}

const char *bus_cursor_get_text(struct bus_bytes map, const char *key, struct bus_arena *arena,
                                const char *otherwise)
{
    struct bus_cursor at;
    const char *text = NULL;
    return bus_cursor_get(map, key, &at) && bus_cursor_strdup(&at, arena, &text) ? text : otherwise;
}

bool bus_text_is(struct bus_bytes text, const char *literal)
{
    return strlen(literal) == text.size && memcmp(text.data, literal, text.size) == 0;
}
