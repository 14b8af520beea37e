/* See local_time.h. */
#include "local_time.h"

#include <stdio.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "days/days.h"

static bool parse(const char *text, size_t size, int64_t *ret_time_us, bool *ret_skipped)
{
    char whole[40];
    int64_t naive_us = 0;
    bool seconds = size != strlen("2026-11-22T09:15");
    if (size < 16 || size > 30 || strspn(text, "0123456789-") != 10 || text[10] != 'T')
        return false;
    int n = snprintf(whole, sizeof whole, "%.*s%sZ", (int)size, text, seconds ? "" : ":00");
    if (!bus_time_parse(whole, (size_t)n, &naive_us))
        return false; /* also where it has a zone: two are one too many */
    struct wall shown = {0};
    if (!bus_date_parse(text, sizeof "2026-11-22" - 1, &shown.day))
        return false;
    const int64_t within_us = naive_us - shown.day * BUS_DAY_US;
    shown.minute = (int32_t)(within_us / BUS_MINUTE_US);
    *ret_time_us = belgian_moment_us(shown) + within_us % BUS_MINUTE_US;
    *ret_skipped = belgian_wall(*ret_time_us).minute != shown.minute;
    return true;
}

bool local_time_parse(const char *text, size_t size, int64_t *ret_time_us)
{
    int64_t time_us = 0;
    bool skipped = false;
    if (!parse(text, size, &time_us, &skipped) || skipped)
        return false;
    *ret_time_us = time_us;
    return true;
}

/* Whether the first `n` of it, as far as a date goes, and the rest of 1 January's midnight are a time. */
static bool begins_well(const char *text, size_t n)
{
    static const char rest[] = "0000-01-01T00:00";
    char whole[sizeof rest];
    int64_t time_us = 0;
    bool skipped = false;
    snprintf(whole, sizeof whole, "%.*s%s", (int)n, text, rest + n);
    return parse(whole, strlen(whole), &time_us, &skipped);
}

const char *local_time_fault(const char *text, size_t size)
{
    static const size_t year = sizeof "2026" - 1, day = sizeof "2026-11-22" - 1;
    int64_t time_us = 0;
    bool skipped = false;
    if (parse(text, size, &time_us, &skipped) && skipped)
        return LOCAL_TIME_SKIPPED;
    if (size < day || text[year] != '-' || !begins_well(text, year))
        return LOCAL_TIME_WANTED;
    if (!begins_well(text, day))
        return LOCAL_TIME_NO_DAY LOCAL_TIME_WANTED;
    return size == day ? LOCAL_TIME_NO_HOUR LOCAL_TIME_WANTED : LOCAL_TIME_WANTED;
}

static const struct bus_field *field_find(const struct bus_shape *shape, struct bus_bytes name)
{
    for (size_t i = 0; i < shape->fields_n; i++)
        if (bus_text_is(name, shape->fields[i].name))
            return &shape->fields[i];
    return NULL;
}

static void write_one(const struct bus_field *field, struct bus_cursor *at, struct bus_buffer *out)
{
    struct bus_bytes raw = {0}, text;
    int64_t time_us;
    bus_cursor_raw(at, &raw);
    struct bus_cursor value = bus_cursor(raw);
    if (field->kind == BUS_KIND_TIME && bus_cursor_text(&value, &text) &&
        local_time_parse((const char *)text.data, text.size, &time_us))
        bus_pack_time(out, time_us);
    else if (field->kind == BUS_KIND_OBJECT)
        local_times_write(field->shape, raw, out);
    else
        bus_pack_raw(out, raw);
}

static void write_value(const struct bus_field *field, struct bus_cursor *at, struct bus_buffer *out)
{
    uint32_t n = 0;
    if (!field->array || !bus_cursor_array(at, &n)) {
        write_one(field, at, out);
        return;
    }
    bus_pack_array(out, n);
    for (; n > 0; n--)
        write_one(field, at, out);
}

void local_times_write(const struct bus_shape *shape, struct bus_bytes value, struct bus_buffer *out)
{
    struct bus_cursor at = bus_cursor(value);
    uint32_t n = 0;
    if (!bus_cursor_map(&at, &n)) {
        bus_pack_raw(out, value);
        return;
    }
    bus_pack_map(out, n);
    for (struct bus_bytes name, raw; n > 0; n--) {
        bus_cursor_text(&at, &name);
        bus_pack_text_n(out, (const char *)name.data, name.size);
        const struct bus_field *field = field_find(shape, name);
        if (field != NULL) {
            write_value(field, &at, out);
        } else {
            bus_cursor_raw(&at, &raw);
            bus_pack_raw(out, raw);
        }
    }
}
