/* See intake_header.h. */
#include "intake_header.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/text.h"
#include "local_time.h"
#include "national_number.h"
#include "schema/gateway.h"
#include "trace.h"

/* What adapters may say, and the field that an event is about: events of one subject keep their order. */
static const struct bus_type *const types[] = {&gateway_referral_received_type, &gateway_status_changed_type};

#define EXTENSION   SIZE_MAX
#define OPAQUE      true
#define OPAQUE_SIGN "-_.:/=#~"
#define TEXT(attribute, least, most, opaque)                                    \
    {                                                                           \
#attribute, least, most, opaque, offsetof(struct bus_header, attribute) \
    }
static const struct {
    const char *name;
    size_t least, most; /* bytes; least 0: may be absent */
    bool opaque;        /* stands in the log for good, so that it may tell of nobody */
    size_t offset;      /* in the header, or EXTENSION */
} texts[] = {
    TEXT(id, 1, 128, OPAQUE),
    TEXT(source, 1, 256, false),
    TEXT(subject, 0, 256, false), /* must be what the data says */
    TEXT(correlationid, 0, 128, OPAQUE),
    TEXT(causationid, 0, 128, OPAQUE),
    {"partnership", 0, 256, false, EXTENSION}, /* these two as in the data */
    {"nis", 0, 256, false, EXTENSION},
};

struct reading {
    struct bus_bytes attributes;
    const char *place;
    struct bus_arena *arena;
    struct bus_faults *faults;
};

static const char *pointer_to(const struct reading *self, const char *name)
{
    return bus_printf(self->arena, "%s/%s", self->place, name);
}

/* An attribute that is null counts as absent, as CloudEvents has it. */
static bool find(const struct reading *self, const char *name, struct bus_cursor *ret)
{
    return bus_cursor_get(self->attributes, name, ret) && bus_cursor_peek(ret) != BUS_WIRE_NIL;
}

static bool get_text(const struct reading *self, const char *name, struct bus_bytes *ret)
{
    struct bus_cursor at;
    if (!find(self, name, &at))
        return false;
    if (bus_cursor_text(&at, ret))
        return true;
    input_fault(self->faults, self->arena, pointer_to(self, name), "must be text");
    return false;
}

static bool has(const struct reading *self, const char *name)
{
    struct bus_cursor at;
    return find(self, name, &at);
}

/* Signs that neither names, mail addresses nor phone numbers can do without are none of a reference's. */
static bool is_opaque(struct bus_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = text.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!plain && (i == 0 || c == '\0' || strchr(OPAQUE_SIGN, c) == NULL))
            return false;
    }
    return true;
}

static void set_text(struct bus_header *header, size_t i, const char *text)
{
    if (texts[i].offset == EXTENSION)
        (void)bus_header_extend(header, texts[i].name, text);
    else
        *(const char **)((char *)header + texts[i].offset) = text;
}

/* As the field of the same meaning in the data is: registry is asked about it. */
static bool is_like(const struct reading *self, size_t i, struct bus_bytes text)
{
    const struct bus_field *like = strcmp(texts[i].name, "partnership") == 0
                                       ? input_field_find(&gateway_status_changed_shape, "partnership")
                                       : input_field_find(&common_place_shape, "nis");
    struct bus_field field = *like;
    field.offset = 0;
    const struct bus_shape shape = {
        .name = "attribute", .size = sizeof(const char *), .fields = &field, .fields_n = 1};
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    struct bus_error err;
    void *value;
    bus_pack_map(&map, 1);
    bus_pack_text(&map, texts[i].name);
    bus_pack_text_n(&map, (const char *)text.data, text.size);
    return input_check(&shape, bus_buffer_bytes(&map), self->place, self->arena, &value, self->faults,
                       &err) == BUS_OK;
}

static void read_texts(const struct reading *self, struct bus_header *header)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bus_bytes text;
        if (!has(self, texts[i].name) && texts[i].least > 0)
            input_fault(self->faults, self->arena, pointer_to(self, texts[i].name), "is required");
        if (!get_text(self, texts[i].name, &text))
            continue;
        if (text.size < (texts[i].least ? texts[i].least : 1) || text.size > texts[i].most)
            input_fault(self->faults, self->arena, pointer_to(self, texts[i].name),
                        "must be 1 to %zu bytes long", texts[i].most);
        else if (texts[i].opaque && !is_opaque(text))
            input_fault(
                self->faults, self->arena, pointer_to(self, texts[i].name),
                "must be a reference of your own that tells of nobody: letters, digits and " OPAQUE_SIGN
                ", such as 0193f2c1-7d1e-7c3a-9b1f-2f6a4d0c8e11");
        else if (texts[i].offset != EXTENSION || is_like(self, i, text))
            set_text(header, i, bus_strndup(self->arena, (const char *)text.data, text.size));
        national_number_refuse(self->faults, self->arena, pointer_to(self, texts[i].name), text);
    }
}

/* One that cannot be read is no reason to refuse what it came with. */
static void read_trace(const struct reading *self, struct bus_header *header)
{
    struct bus_cursor at;
    struct bus_bytes text;
    if (bus_cursor_get(self->attributes, "traceparent", &at) && bus_cursor_text(&at, &text))
        header->traceparent = trace_read(text, self->arena);
}

/* Capitals do not matter in a media type, nor does what stands behind it, as `; charset=utf-8`. */
static bool is_media(struct bus_bytes text, const char *type)
{
    const size_t n = strlen(type);
    return text.size >= n && strncasecmp((const char *)text.data, type, n) == 0 &&
           (text.size == n || text.data[n] == ';' || text.data[n] == ' ');
}

/* A line break there would be one in whatever lists sources. What came with one before is known again. */
static void refuse_control(const struct reading *self, const char *source)
{
    const size_t from = self->faults->n;
    for (const char *c = source; c != NULL && *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            input_fault(self->faults, self->arena, pointer_to(self, "source"),
                        "holds a line break or another control character");
            break;
        }
    input_ruled(self->faults, from);
}

static void read_version(const struct reading *self)
{
    struct bus_bytes text;
    if (!has(self, "specversion"))
        input_fault(self->faults, self->arena, pointer_to(self, "specversion"), "is required");
    else if (get_text(self, "specversion", &text) && !bus_text_is(text, "1.0"))
        input_fault(self->faults, self->arena, pointer_to(self, "specversion"), "must be 1.0");
    if (get_text(self, "datacontenttype", &text) && !is_media(text, "application/json") &&
        !is_media(text, "application/msgpack"))
        input_fault(self->faults, self->arena, pointer_to(self, "datacontenttype"),
                    "must be application/json");
}

static void read_time(const struct reading *self, struct bus_header *header)
{
    struct bus_bytes text;
    if (get_text(self, "time", &text) &&
        !bus_time_parse((const char *)text.data, text.size, &header->time_us) &&
        !local_time_parse((const char *)text.data, text.size, &header->time_us))
        input_fault(self->faults, self->arena, pointer_to(self, "time"), "%s",
                    local_time_fault((const char *)text.data, text.size));
}

static void refuse_type(const struct reading *self, struct bus_bytes text)
{
    const char *names[sizeof types / sizeof *types];
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        names[i] = types[i]->type;
    const char *near = bus_text_near(bus_strndup(self->arena, (const char *)text.data, text.size), names,
                                     sizeof types / sizeof *types);
    input_fault(self->faults, self->arena, pointer_to(self, "type"),
                "%s%s%smust be one of %s, %s; GET /v1/openapi.json tells what they hold",
                near != NULL ? "did you mean " : "", near != NULL ? near : "", near != NULL ? "? It " : "",
                types[0]->type, types[1]->type);
}

static void read_type(const struct reading *self, struct intake_event *event)
{
    struct bus_bytes text;
    if (!has(self, "type"))
        input_fault(self->faults, self->arena, pointer_to(self, "type"), "is required");
    if (!get_text(self, "type", &text))
        return;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (bus_text_is(text, types[i]->type))
            event->type = types[i];
    if (event->type == NULL)
        refuse_type(self, text);
    else
        event->header.type = event->type->type;
}

void intake_header_read(struct bus_bytes attributes, const char *place, struct bus_arena *arena,
                        struct intake_event *event, struct bus_faults *faults)
{
    struct reading self = {.attributes = attributes, .place = place, .arena = arena, .faults = faults};
    read_version(&self);
    read_texts(&self, &event->header);
    refuse_control(&self, event->header.source);
    read_trace(&self, &event->header);
    read_time(&self, &event->header);
    read_type(&self, event);
}
