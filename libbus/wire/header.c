/* The header of a message, by a table of its attributes: the order here is the order on the wire. */
#include "bus/header.h"

#include <stddef.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "wire/extension.h"
#include "wire/utf8.h"

#define SPEC_VERSION "1.0"
#define CONTENT_TYPE "application/msgpack"
#define ID_BYTES_MAX 128

enum attribute_kind { A_VERSION, A_TEXT, A_TIME, A_CONTENT, A_COUNT, A_AFTER, A_KIND, A_PASSED_OVER };

struct attribute {
    const char *name;
    size_t name_n;
    enum attribute_kind kind;
    bool required;
    size_t offset;
};

#define NAME(text)  text, sizeof(text) - 1
#define TEXT(field) NAME(#field), .kind = A_TEXT, .offset = offsetof(struct bus_header, field)

static const struct attribute attributes[] = {
    {NAME("specversion"), A_VERSION, false, 0},
    {TEXT(id), .required = true},
    {TEXT(source), .required = true},
    {TEXT(type), .required = true},
    {TEXT(subject)},
    {NAME("time"), A_TIME, false, offsetof(struct bus_header, time_us)},
    {NAME("recordedtime"), A_TIME, false, offsetof(struct bus_header, recorded_us)},
    {NAME("datacontenttype"), A_CONTENT, false, 0},
    {TEXT(stream)},
    {NAME("epoch"), A_COUNT, false, offsetof(struct bus_header, epoch)},
    {NAME("seq"), A_COUNT, false, offsetof(struct bus_header, seq)},
    {NAME("after"), A_AFTER, false, 0},
    {NAME("kind"), A_KIND, false, 0},
    {TEXT(correlationid)},
    {TEXT(causationid)},
    {TEXT(traceparent)},
    {TEXT(actor)},
    {TEXT(kid)},
    {TEXT(within)},
    {NAME("dataschema"), A_PASSED_OVER, false, 0},
};

#define ATTRIBUTES_N (sizeof(attributes) / sizeof(attributes[0]))

static const char *text_of(const struct bus_header *header, const struct attribute *attribute)
{
    return *(const char *const *)((const char *)header + attribute->offset);
}

static const char **text_in(struct bus_header *header, const struct attribute *attribute)
{
    return (const char **)((char *)header + attribute->offset);
}

static int64_t *count_in(struct bus_header *header, const struct attribute *attribute)
{
    return (int64_t *)((char *)header + attribute->offset);
}

static int64_t count_of(const struct bus_header *header, const struct attribute *attribute)
{
    return *(const int64_t *)((const char *)header + attribute->offset);
}

/* ---- writing */

/* The bytes of each text; 0: it is absent or empty, and not written. */
struct sizes {
    size_t of[ATTRIBUTES_N];
};

static bool is_written(const struct bus_header *header, const struct sizes *sizes, size_t i)
{
    switch (attributes[i].kind) {
    case A_VERSION:
        return true;
    case A_TEXT:
        return sizes->of[i] > 0;
    case A_TIME:
        return count_of(header, &attributes[i]) != 0;
    case A_COUNT:
        return header->stream && *header->stream;
    case A_AFTER:
        return header->after_n > 0;
    case A_KIND:
        return header->command;
    case A_CONTENT: /* CloudEvents leaves it out where it goes without saying */
    case A_PASSED_OVER:
        break;
    }
    return false;
}

static enum bus_status check_text(const char *name, const char *text, bool required, size_t *ret_size,
                                  struct bus_error *err)
{
    size_t size = text ? strlen(text) : 0;
    if (required && size == 0)
        return bus_fail(err, BUS_BUG, "header: %s is missing", name);
    if (!wire_utf8_check((const uint8_t *)text, size, NULL))
        return bus_fail(err, BUS_INVALID, "header: %s is not UTF-8", name);
    *ret_size = size;
    return BUS_OK;
}

static enum bus_status check(const struct bus_header *header, struct sizes *ret_sizes, struct bus_error *err)
{
    size_t size;
    for (size_t i = 0; i < ATTRIBUTES_N; i++) {
        if (attributes[i].kind != A_TEXT)
            continue;
        enum bus_status status = check_text(attributes[i].name, text_of(header, &attributes[i]),
                                            attributes[i].required, &ret_sizes->of[i], err);
        if (status != BUS_OK)
            return status;
    }
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++) {
        const struct bus_extension *extension = &header->extensions[i];
        if (extension->name && !wire_extension_name_check(bus_bytes_of(extension->name)))
            return bus_fail(err, BUS_BUG, "header: %s cannot be the name of an extension", extension->name);
        enum bus_status status = check_text(extension->name, extension->value, false, &size, err);
        if (status != BUS_OK)
            return status;
    }
    if (strlen(header->id) > ID_BYTES_MAX)
        return bus_fail(err, BUS_INVALID, "header: id is over %d bytes", ID_BYTES_MAX);
    if (header->time_us < BUS_TIME_FIRST_US || header->time_us > BUS_TIME_LAST_US ||
        header->recorded_us < BUS_TIME_FIRST_US || header->recorded_us > BUS_TIME_LAST_US)
        return bus_fail(err, BUS_BUG, "header: time is outside the years 1900 to 2199");
    if (header->after_n > BUS_AFTER_MAX || header->epoch < 0 || header->seq < 0)
        return bus_fail(err, BUS_BUG,
                        "header: epoch, seq or the number of positions in after is out of range");
    for (size_t i = 0; i < header->after_n; i++) {
        enum bus_status status = check_text("after", header->after[i].stream, true, &size, err);
        if (status != BUS_OK)
            return status;
        if (header->after[i].seq < 0)
            return bus_fail(err, BUS_BUG, "header: a position in after is below 0");
        for (size_t j = 0; j < i; j++)
            if (strcmp(header->after[i].stream, header->after[j].stream) == 0)
                return bus_fail(err, BUS_BUG, "header: a stream stands twice in after");
    }
    return BUS_OK;
}

static void write_attribute(const struct bus_header *header, const struct attribute *attribute, size_t size,
                            struct bus_buffer *out)
{
    bus_pack_text_n(out, attribute->name, attribute->name_n);
    switch (attribute->kind) {
    case A_VERSION:
        bus_pack_text(out, SPEC_VERSION);
        break;
    case A_TEXT:
        bus_pack_text_n(out, text_of(header, attribute), size);
        break;
    case A_TIME:
        bus_pack_time(out, count_of(header, attribute));
        break;
    case A_COUNT:
        bus_pack_int(out, count_of(header, attribute));
        break;
    case A_KIND:
        bus_pack_text(out, "command");
        break;
    case A_AFTER:
        bus_pack_map(out, (uint32_t)header->after_n);
        for (size_t i = 0; i < header->after_n; i++) {
            bus_pack_text(out, header->after[i].stream);
            bus_pack_int(out, header->after[i].seq);
        }
        break;
    case A_CONTENT:
    case A_PASSED_OVER:
        break;
    }
}

static bool is_set(const struct bus_extension *extension)
{
    return extension->name && extension->value && *extension->value;
}

static void write_extensions(const struct bus_header *header, struct bus_buffer *out)
{
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++)
        if (is_set(&header->extensions[i])) {
            bus_pack_text(out, header->extensions[i].name);
            bus_pack_text(out, header->extensions[i].value);
        }
}

enum bus_status bus_header_encode(const struct bus_header *header, struct bus_buffer *out,
                                  struct bus_error *err)
{
    struct sizes sizes = {0};
    enum bus_status status = check(header, &sizes, err);
    if (status != BUS_OK)
        return status;
    size_t before = out->size;
    uint32_t n = 0;
    for (size_t i = 0; i < ATTRIBUTES_N; i++)
        n += is_written(header, &sizes, i);
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++)
        n += is_set(&header->extensions[i]);
    bus_pack_map(out, n);
    for (size_t i = 0; i < ATTRIBUTES_N; i++)
        if (is_written(header, &sizes, i))
            write_attribute(header, &attributes[i], sizes.of[i], out);
    write_extensions(header, out);
    if (out->size - before > BUS_HEADER_BYTES) {
        size_t size = out->size - before;
        out->size = before;
        return bus_fail(err, BUS_INVALID, "header: %zu bytes are over the limit of %d", size,
                        BUS_HEADER_BYTES);
    }
    return BUS_OK;
}

int64_t bus_header_moment_us(const struct bus_header *header)
{
    return header->recorded_us != 0 ? header->recorded_us : header->time_us;
}

/* ---- reading */

static enum bus_status read_after(struct bus_cursor *at, struct bus_arena *arena, struct bus_header *header,
                                  struct bus_error *err)
{
    uint32_t n;
    if (!bus_cursor_map(at, &n) || n > BUS_AFTER_MAX)
        return bus_fail(err, BUS_INVALID, "header: after must be a map of at most %d streams", BUS_AFTER_MAX);
    for (uint32_t i = 0; i < n; i++) {
        struct bus_after *after = &header->after[i];
        if (!bus_cursor_strdup(at, arena, &after->stream) || !*after->stream ||
            !bus_cursor_int(at, &after->seq) || after->seq < 0)
            return bus_fail(err, BUS_INVALID,
                            "header: after must give a position, 0 or more, for each stream");
    }
    header->after_n = n;
    return BUS_OK;
}

static enum bus_status read_text(const struct attribute *attribute, struct bus_cursor *at,
                                 struct bus_arena *arena, struct bus_header *header, struct bus_error *err)
{
    struct bus_bytes text;
    if (!bus_cursor_text(at, &text))
        return bus_fail(err, BUS_INVALID, "header: %s must be text", attribute->name);
    if (attribute->offset == offsetof(struct bus_header, id) && text.size > ID_BYTES_MAX)
        return bus_fail(err, BUS_INVALID, "header: id must be at most %d bytes", ID_BYTES_MAX);
    if (text.size > 0)
        *text_in(header, attribute) = bus_strndup(arena, (const char *)text.data, text.size);
    return BUS_OK;
}

static enum bus_status read_attribute(const struct attribute *attribute, struct bus_cursor *at,
                                      struct bus_arena *arena, struct bus_header *header,
                                      struct bus_error *err)
{
    struct bus_bytes text;
    switch (attribute->kind) {
    case A_TEXT:
        return read_text(attribute, at, arena, header, err);
    case A_VERSION:
        if (!bus_cursor_text(at, &text) || !bus_text_is(text, SPEC_VERSION))
            return bus_fail(err, BUS_INVALID, "header: specversion must be \"" SPEC_VERSION "\"");
        return BUS_OK;
    case A_CONTENT:
        if (!bus_cursor_text(at, &text) || !bus_text_is(text, CONTENT_TYPE))
            return bus_fail(err, BUS_INVALID, "header: datacontenttype must be \"" CONTENT_TYPE "\"");
        return BUS_OK;
    case A_TIME:
        if (!bus_cursor_time(at, count_in(header, attribute)))
            return bus_fail(err, BUS_INVALID, "header: %s must be a text such as 2026-11-22T08:20:00Z",
                            attribute->name);
        return BUS_OK;
    case A_COUNT:
        if (!bus_cursor_int(at, count_in(header, attribute)) || count_of(header, attribute) < 0)
            return bus_fail(err, BUS_INVALID, "header: %s must be an integer, 0 or more", attribute->name);
        return BUS_OK;
    case A_AFTER:
        return read_after(at, arena, header, err);
    case A_KIND:
        if (!bus_cursor_text(at, &text) || !(bus_text_is(text, "command") || bus_text_is(text, "event")))
            return bus_fail(err, BUS_INVALID, "header: kind must be \"event\" or \"command\"");
        header->command = bus_text_is(text, "command");
        return BUS_OK;
    case A_PASSED_OVER:
        bus_cursor_skip(at);
        return BUS_OK;
    }
    return BUS_OK;
}

/* Whatever is under a name we do not know: text becomes an extension while there is room. */
static void read_unknown(struct bus_bytes name, struct bus_cursor *at, struct bus_arena *arena,
                         struct bus_header *header)
{
    struct bus_bytes text;
    if (!bus_cursor_text(at, &text))
        bus_cursor_skip(at);
    else if (text.size > 0 && wire_extension_name_check(name))
        (void)bus_header_extend(header, bus_strndup(arena, (const char *)name.data, name.size),
                                bus_strndup(arena, (const char *)text.data, text.size));
}

/* Ours come in the order of the table, so the guess after `*next` nearly always holds. */
static const struct attribute *attribute_get(struct bus_bytes name, size_t *next)
{
    for (size_t i = 0; i < ATTRIBUTES_N; i++) {
        size_t at = (*next + i) % ATTRIBUTES_N;
        if (name.size == attributes[at].name_n && memcmp(name.data, attributes[at].name, name.size) == 0) {
            *next = at + 1;
            return &attributes[at];
        }
    }
    return NULL;
}

enum bus_status bus_header_decode(struct bus_bytes bytes, struct bus_arena *arena,
                                  struct bus_header *ret_header, struct bus_error *err)
{
    enum bus_status status = bus_scan_map(bytes, &bus_scan_header, err);
    if (status != BUS_OK) {
        if (err)
            bus_fail_in(err, "header");
        return status;
    }
    return bus_header_read(bytes, arena, ret_header, err);
}

enum bus_status bus_header_read(struct bus_bytes bytes, struct bus_arena *arena,
                                struct bus_header *ret_header, struct bus_error *err)
{
    enum bus_status status;
    struct bus_header header = {0};
    struct bus_cursor at = bus_cursor(bytes);
    uint32_t n = 0;
    size_t next = 0;
    bus_cursor_map(&at, &n);
    for (uint32_t i = 0; i < n; i++) {
        struct bus_bytes name;
        bus_cursor_text(&at, &name);
        const struct attribute *attribute = attribute_get(name, &next);
        if (!attribute)
            read_unknown(name, &at, arena, &header);
        else if ((status = read_attribute(attribute, &at, arena, &header, err)) != BUS_OK)
            return status;
    }
    for (size_t i = 0; i < ATTRIBUTES_N; i++)
        if (attributes[i].required && !text_of(&header, &attributes[i]))
            return bus_fail(err, BUS_INVALID, "header: %s is required", attributes[i].name);
    *ret_header = header;
    return BUS_OK;
}
