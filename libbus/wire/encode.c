/* From a struct to msgpack by its table. The value is our own, so a broken rule is a bug of the program, and
 * is found here rather than by every reader. */
#include <string.h>

#include "bus/clock.h"
#include "bus/codec.h"
#include "bus/pack.h"
#include "wire/check.h"

struct encoder {
    struct wire_check check;
    struct bus_buffer *out;
    bool public_only;
};

static void encode_object(struct encoder *self, const struct bus_shape *shape, const void *object,
                          const struct wire_path *path);

static const void *items_of(const struct bus_field *field, const uint8_t *object)
{
    return *(const void *const *)(object + field->offset);
}

static size_t items_n_of(const struct bus_field *field, const uint8_t *object)
{
    return *(const size_t *)(object + field->n_offset);
}

static bool is_set(const struct bus_field *field, const uint8_t *object)
{
    const void *slot = object + field->offset;
    if (field->array)
        return items_of(field, object) || items_n_of(field, object) > 0;
    switch (field->kind) {
    case BUS_KIND_BOOL:
    case BUS_KIND_INT:
    case BUS_KIND_NUMBER:
        return field->has_offset == BUS_NO_OFFSET || *(const bool *)(object + field->has_offset);
    case BUS_KIND_TEXT:
    case BUS_KIND_DATE:
        return *(const char *const *)slot != NULL;
    case BUS_KIND_ID:
        return !bus_id_is_nil(*(const struct bus_id *)slot);
    case BUS_KIND_TIME:
        return *(const int64_t *)slot != 0;
    case BUS_KIND_ENUM:
        return *(const int *)slot != 0;
    case BUS_KIND_OBJECT:
        return field->required || *(const void *const *)slot != NULL;
    case BUS_KIND_ANY:
        return ((const struct bus_bytes *)slot)->size > 0;
    }
    return false;
}

static bool is_written(const struct encoder *self, const struct bus_field *field, const uint8_t *object)
{
    if (self->public_only && field->personal)
        return false;
    return field->required || is_set(field, object);
}

static void encode_text(struct encoder *self, const struct bus_field *field, const char *text,
                        const struct wire_path *path)
{
    size_t size = strlen(text);
    wire_check_text(&self->check, path, field, text, size);
    bus_pack_text_n(self->out, text, size);
}

static void encode_date(struct encoder *self, const char *text, const struct wire_path *path)
{
    int32_t days;
    if (!bus_date_parse(text, strlen(text), &days))
        wire_fault(&self->check, path, WIRE_DATE);
    bus_pack_text(self->out, text);
}

static void encode_time(struct encoder *self, int64_t time_us, const struct wire_path *path)
{
    if (time_us < BUS_TIME_FIRST_US || time_us > BUS_TIME_LAST_US)
        wire_fault(&self->check, path, "must be within the years 1900 to 2199");
    bus_pack_time(self->out, time_us);
}

static void encode_any(struct encoder *self, struct bus_bytes raw, const struct wire_path *path)
{
    struct bus_error err;
    if (bus_scan(raw, &bus_scan_batch, &err) != BUS_OK)
        wire_fault(&self->check, path, "must be one msgpack value: %s", err.text);
    bus_pack_raw(self->out, raw);
}

static void encode_plain(struct encoder *self, const struct bus_field *field, const void *slot,
                         const struct wire_path *path)
{
    const char *word;
    switch (field->kind) {
    case BUS_KIND_BOOL:
        bus_pack_bool(self->out, *(const bool *)slot);
        break;
    case BUS_KIND_INT:
        wire_check_int(&self->check, path, field, *(const int64_t *)slot);
        bus_pack_int(self->out, *(const int64_t *)slot);
        break;
    case BUS_KIND_NUMBER:
        wire_check_number(&self->check, path, field, *(const double *)slot);
        bus_pack_number(self->out, *(const double *)slot);
        break;
    case BUS_KIND_TEXT:
        encode_text(self, field, *(const char *const *)slot, path);
        break;
    case BUS_KIND_ID:
        bus_pack_id(self->out, *(const struct bus_id *)slot);
        break;
    case BUS_KIND_TIME:
        encode_time(self, *(const int64_t *)slot, path);
        break;
    case BUS_KIND_DATE:
        encode_date(self, *(const char *const *)slot, path);
        break;
    case BUS_KIND_ENUM:
        word = bus_word(field->words, *(const int *)slot);
        if (!*word)
            wire_fault(&self->check, path, "must be one of its words, not number %d", *(const int *)slot);
        bus_pack_text(self->out, word);
        break;
    case BUS_KIND_OBJECT:
        encode_object(self, field->shape, slot, path);
        break;
    case BUS_KIND_ANY:
        encode_any(self, *(const struct bus_bytes *)slot, path);
        break;
    }
}

/* An item has no way to be absent: what reads as "absent" in a field is a fault in an array. */
static bool is_item_set(const struct bus_field *field, const void *item)
{
    struct bus_field alone = *field;
    alone.array = false;
    alone.required = true;
    alone.offset = 0;
    alone.has_offset = BUS_NO_OFFSET;
    return is_set(&alone, item);
}

static void encode_array(struct encoder *self, const struct bus_field *field, const uint8_t *object,
                         const struct wire_path *path)
{
    const uint8_t *items = items_of(field, object);
    size_t n = items_n_of(field, object), size = wire_item_size(field);
    if (n > UINT32_MAX || (n > 0 && !items)) {
        wire_fault(&self->check, path, "has a number of items but no items");
        return;
    }
    wire_check_items_n(&self->check, path, field, n);
    bus_pack_array(self->out, (uint32_t)n);
    size_t found = self->check.found;
    for (size_t i = 0; i < n; i++) {
        struct wire_path item = {.up = path, .index = i};
        if (is_item_set(field, items + i * size))
            encode_plain(self, field, items + i * size, &item);
        else
            wire_fault(&self->check, &item, "is required");
    }
    if (field->unique_items && self->check.found == found)
        wire_check_unique(&self->check, path, field, items, n);
}

static void encode_field(struct encoder *self, const struct bus_field *field, const uint8_t *object,
                         const struct wire_path *path)
{
    size_t size = strlen(field->name);
    struct wire_path place = {.up = path, .name = field->name, .name_size = size};
    bus_pack_text_n(self->out, field->name, size);
    if (field->array)
        encode_array(self, field, object, &place);
    else if (!is_set(field, object))
        wire_fault(&self->check, &place, "is required");
    else if (field->kind == BUS_KIND_OBJECT && !field->required)
        encode_plain(self, field, items_of(field, object), &place);
    else
        encode_plain(self, field, object + field->offset, &place);
}

static void encode_object(struct encoder *self, const struct bus_shape *shape, const void *object,
                          const struct wire_path *path)
{
    uint32_t n = 0;
    for (size_t i = 0; i < shape->fields_n; i++)
        n += is_written(self, &shape->fields[i], object);
    bus_pack_map(self->out, n);
    for (size_t i = 0; i < shape->fields_n; i++)
        if (is_written(self, &shape->fields[i], object))
            encode_field(self, &shape->fields[i], object, path);
}

static enum bus_status encode(const struct bus_shape *shape, const void *value, bool public_only,
                              struct bus_buffer *out, struct bus_error *err)
{
    struct encoder self;
    self.check.arena = NULL;
    self.check.faults = NULL;
    self.check.found = 0;
    self.out = out;
    self.public_only = public_only;
    size_t before = out->size;
    encode_object(&self, shape, value, NULL);
    if (self.check.found == 0)
        return BUS_OK;
    out->size = before;
    return bus_fail(err, BUS_BUG, "%s: %s", shape->name, self.check.first);
}

enum bus_status bus_encode(const struct bus_shape *shape, const void *value, struct bus_buffer *out,
                           struct bus_error *err)
{
    return encode(shape, value, false, out, err);
}

enum bus_status bus_encode_public(const struct bus_shape *shape, const void *value, struct bus_buffer *out,
                                  struct bus_error *err)
{
    return encode(shape, value, true, out, err);
}
