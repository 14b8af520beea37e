/* See input.h. */
#include "input.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "facts/facts.h"
#include "local_time.h"

#define NAME_BYTES_MAX 64

void input_fault(struct bus_faults *faults, struct bus_arena *arena, const char *pointer, const char *fmt,
                 ...)
{
    va_list args;
    faults->found++;
    if (faults->n == BUS_FAULTS_MAX)
        return;
    if (faults->items == NULL)
        faults->items = bus_alloc_array(arena, BUS_FAULTS_MAX, sizeof *faults->items);
    va_start(args, fmt);
    faults->items[faults->n++] =
        (struct bus_fault){.pointer = bus_strdup(arena, pointer), .text = bus_vprintf(arena, fmt, args)};
    va_end(args);
}

void input_ruled(struct bus_faults *faults, size_t from)
{
    for (size_t i = from; i < faults->n; i++)
        faults->items[i].ruled = true;
}

bool input_only_ruled(const struct bus_faults *faults, size_t from)
{
    for (size_t i = from; i < faults->n; i++)
        if (!faults->items[i].ruled)
            return false;
    return faults->n == faults->found;
}

bool input_is_faulty(const struct bus_faults *faults, const char *pointer)
{
    for (size_t i = 0; i < faults->n; i++)
        if (strcmp(faults->items[i].pointer, pointer) == 0)
            return true;
    return false;
}

const char *input_place(struct bus_arena *arena, const char *place, const char *name)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_buffer_printf(&out, "%s/", place);
    for (size_t i = 0; name[i] != '\0' && i < NAME_BYTES_MAX; i++) {
        bool plain = name[i] > ' ' && name[i] < 0x7f;
        bus_buffer_text(&out, name[i] == '~'   ? "~0"
                              : name[i] == '/' ? "~1"
                              : plain          ? (char[]){name[i], 0}
                                               : "?");
    }
    return bus_strndup(arena, (const char *)out.data, out.size);
}

/* What stands in `data` at a fault's pointer; no field's name has a sign that is escaped in one. */
static struct bus_bytes value_at(struct bus_bytes data, const char *pointer, struct bus_arena *arena)
{
    char *rest = bus_strdup(arena, pointer);
    for (char *step; data.size > 0 && (step = strsep(&rest, "/")) != NULL;) {
        struct bus_cursor at = bus_cursor(data);
        uint32_t n = 0;
        if (*step == '\0') /* before the first */
            continue;
        const struct bus_bytes whole = data;
        data = (struct bus_bytes){0};
        if (bus_cursor_array(&at, &n))
            for (unsigned long i = strtoul(step, NULL, 10) + 1; i > 0 && bus_cursor_raw(&at, &data); i--)
                continue;
        else if (bus_cursor_get(whole, step, &at))
            bus_cursor_raw(&at, &data);
    }
    return data;
}

/* Of a time: the forms that are taken here, which are more than the schema's. */
static const char *words_of(const struct bus_fault *fault, struct bus_bytes data, struct bus_arena *arena)
{
    struct bus_bytes value, text;
    if (strcmp(fault->text, BUS_FAULT_TIME) != 0)
        return fault->text;
    value = value_at(data, fault->pointer, arena);
    struct bus_cursor at = bus_cursor(value);
    return value.size > 0 && bus_cursor_text(&at, &text)
               ? local_time_fault((const char *)text.data, text.size)
               : LOCAL_TIME_WANTED;
}

enum bus_status input_check(const struct bus_shape *shape, struct bus_bytes data, const char *place,
                            struct bus_arena *arena, void **ret_value, struct bus_faults *faults,
                            struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer timed = {0};
    struct bus_faults own = {0};
    local_times_write(shape, data, &timed);
    enum bus_status status =
        bus_decode_outside(shape, bus_buffer_bytes(&timed), facts_fault, arena, ret_value, &own, err);
    for (size_t i = 0; i < own.n; i++) {
        const size_t n = faults->n;
        input_fault(faults, arena, bus_printf(arena, "%s%s", place, own.items[i].pointer), "%s",
                    words_of(&own.items[i], data, arena));
        if (own.items[i].ruled)
            input_ruled(faults, n);
    }
    faults->found += own.found - own.n;
    return status;
}

enum bus_status input_encode(const struct bus_shape *shape, const void *value, struct bus_arena *arena,
                             struct bus_bytes *ret_data, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    enum bus_status status = bus_encode(shape, value, &out, err);
    if (status == BUS_OK)
        *ret_data = bus_bytes(bus_copy(arena, out.data, out.size), out.size);
    return status;
}

const struct bus_field *input_field_find(const struct bus_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->fields_n; i++)
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    return NULL;
}
