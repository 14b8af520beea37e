/* From msgpack into the struct a table describes, in one pass; every fault is listed, none stops the walk. */
#include <math.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/codec.h"
#include "bus/cursor.h"
#include "bus/text.h"
#include "wire/check.h"

#define FIELDS_MAX     256
#define MUST_BE_ONE_OF "must be one of "
#define DID_YOU_MEAN   ": did you mean "
#define NEAR_BYTES     64                 /* of a name that is looked for among those there are, */
#define NEAR_FAULTS    32                 /* and for the first of them alone: it takes time */
#define INTEGER_EXACT  9007199254740992.0 /* up to here every double that is whole is exact */

struct decoder {
    struct wire_check check;
    struct bus_arena *arena;
    bool lenient;
    bus_rule_fn *fault; /* or NULL */
};

static void decode_object(struct decoder *self, struct bus_cursor *at, const struct bus_shape *shape,
                          void *object, const struct wire_path *path);

/* A JSON writer may well say 3.0 where it means 3. */
static bool take_integer(struct bus_cursor *at, int64_t *ret_value)
{
    struct bus_cursor next = *at;
    double number;
    if (bus_cursor_int(at, ret_value))
        return true;
    if (!bus_cursor_number(&next, &number) || fabs(number) > INTEGER_EXACT ||
        fabs(number - trunc(number)) > 0)
        return false;
    *ret_value = (int64_t)number;
    *at = next;
    return true;
}

static void tell_rule(struct decoder *self, const struct wire_path *path, const char *why)
{
    struct bus_faults *faults = self->check.faults;
    const size_t n = faults ? faults->n : 0;
    wire_fault(&self->check, path, "%s", why);
    if (faults && faults->n > n)
        faults->items[n].ruled = true;
}

static bool decode_text(struct decoder *self, struct bus_cursor *at, const struct bus_field *field,
                        void *slot, const struct wire_path *path)
{
    struct bus_bytes text;
    if (!bus_cursor_text(at, &text)) {
        wire_fault(&self->check, path, "must be text");
        return false;
    }
    char *copy = bus_alloc(self->arena, text.size + 1);
    memcpy(copy, text.data, text.size);
    *(const char **)slot = copy;
    bool fits = wire_check_text(&self->check, path, field, copy, text.size);
    const char *why = fits && field->rule && self->fault ? self->fault(field->rule, copy, self->arena) : NULL;
    if (why)
        tell_rule(self, path, why);
    return true;
}

static bool decode_date(struct decoder *self, struct bus_cursor *at, void *slot, const struct wire_path *path)
{
    struct bus_cursor next = *at;
    struct bus_bytes text;
    int32_t days;
    if (!bus_cursor_text(&next, &text) || !bus_date_parse((const char *)text.data, text.size, &days)) {
        wire_fault(&self->check, path, WIRE_DATE);
        return false;
    }
    *(const char **)slot = bus_strndup(self->arena, (const char *)text.data, text.size);
    *at = next;
    return true;
}

/* What it was probably meant to be, among the first faults; NULL: none. */
static const char *near_of(const struct decoder *self, struct bus_bytes given, const char *const *names,
                           size_t n)
{
    char name[NEAR_BYTES];
    if (given.size >= sizeof name || self->check.found >= NEAR_FAULTS)
        return NULL;
    memcpy(name, given.data, given.size);
    name[given.size] = '\0';
    return bus_text_near(name, names, n);
}

static void fault_words(struct decoder *self, const struct wire_path *path, struct bus_bytes given,
                        const char *const *words)
{
    char list[WIRE_WORDS_MAX - sizeof MUST_BE_ONE_OF - sizeof DID_YOU_MEAN - NEAR_BYTES];
    size_t n = 0;
    while (words[n] != NULL)
        n++;
    const char *near = given.size > 0 ? near_of(self, given, words, n) : NULL;
    bus_text_list(list, sizeof list, words, n);
    wire_fault(&self->check, path, MUST_BE_ONE_OF "%s%s%s%s", list, near ? DID_YOU_MEAN : "",
               near ? near : "", near ? "?" : "");
}

static bool decode_enum(struct decoder *self, struct bus_cursor *at, const struct bus_field *field,
                        void *slot, const struct wire_path *path)
{
    struct bus_cursor next = *at;
    struct bus_bytes text = {0};
    if (bus_cursor_text(&next, &text)) {
        for (int i = 0; field->words[i]; i++) {
            if (!bus_text_is(text, field->words[i]))
                continue;
            *(int *)slot = i + 1;
            *at = next;
            return true;
        }
    }
    fault_words(self, path, text, field->words);
    return false;
}

/* One value, not an array. False when it is of the wrong kind and still stands under the cursor. */
static bool decode_plain(struct decoder *self, struct bus_cursor *at, const struct bus_field *field,
                         void *slot, const struct wire_path *path)
{
    struct wire_check *check = &self->check;
    struct bus_bytes raw = {0};
    bool taken = false;
    switch (field->kind) {
    case BUS_KIND_BOOL:
        if (!(taken = bus_cursor_bool(at, slot)))
            wire_fault(check, path, "must be true or false");
        break;
    case BUS_KIND_INT:
        if ((taken = take_integer(at, slot)))
            wire_check_int(check, path, field, *(int64_t *)slot);
        else
            wire_fault(check, path, "must be an integer");
        break;
    case BUS_KIND_NUMBER:
        if ((taken = bus_cursor_number(at, slot)))
            wire_check_number(check, path, field, *(double *)slot);
        else
            wire_fault(check, path, "must be a number");
        break;
    case BUS_KIND_TEXT:
        return decode_text(self, at, field, slot, path);
    case BUS_KIND_ID:
        if (!(taken = bus_cursor_id(at, slot)))
            wire_fault(check, path, "must be a UUID in lower case, not all zeros");
        break;
    case BUS_KIND_TIME:
        if (!(taken = bus_cursor_time(at, slot)))
            wire_fault(check, path, BUS_FAULT_TIME);
        else if (*(int64_t *)slot == 0)
            wire_fault(check, path, "must not be the first instant of 1970");
        break;
    case BUS_KIND_DATE:
        return decode_date(self, at, slot, path);
    case BUS_KIND_ENUM:
        return decode_enum(self, at, field, slot, path);
    case BUS_KIND_ANY:
        taken = bus_cursor_raw(at, &raw);
        *(struct bus_bytes *)slot = bus_bytes(bus_copy(self->arena, raw.data, raw.size), raw.size);
        break;
    case BUS_KIND_OBJECT:
        if (!(taken = bus_cursor_peek(at) == BUS_WIRE_MAP))
            wire_fault(check, path, "must be an object");
        else
            decode_object(self, at, field->shape, slot, path);
        break;
    }
    return taken;
}

static void decode_value(struct decoder *self, struct bus_cursor *at, const struct bus_field *field,
                         void *slot, const struct wire_path *path)
{
    if (!decode_plain(self, at, field, slot, path))
        bus_cursor_skip(at);
}

static void decode_array(struct decoder *self, struct bus_cursor *at, const struct bus_field *field,
                         void *object, const struct wire_path *path)
{
    struct bus_cursor next = *at;
    uint32_t n;
    if (!bus_cursor_array(&next, &n)) {
        wire_fault(&self->check, path, "must be an array");
        bus_cursor_skip(at);
        return;
    }
    if (!wire_check_items_n(&self->check, path, field, n)) {
        bus_cursor_skip(at); /* nothing is reserved for an array that is too long */
        return;
    }
    *at = next;
    size_t size = wire_item_size(field), found = self->check.found;
    uint8_t *items = bus_alloc_array(self->arena, n, size);
    for (uint32_t i = 0; i < n; i++) {
        struct wire_path item = {.up = path, .index = i};
        decode_value(self, at, field, items + i * size, &item);
    }
    if (field->unique_items && self->check.found == found)
        wire_check_unique(&self->check, path, field, items, n);
    *(void **)((uint8_t *)object + field->offset) = items;
    *(size_t *)((uint8_t *)object + field->n_offset) = n;
}

static void decode_field(struct decoder *self, struct bus_cursor *at, const struct bus_field *field,
                         uint8_t *object, const struct wire_path *path)
{
    void *slot = object + field->offset;
    if (field->array) {
        decode_array(self, at, field, object, path);
        return;
    }
    if (field->kind == BUS_KIND_OBJECT && !field->required && bus_cursor_peek(at) == BUS_WIRE_MAP) {
        void *nested = bus_alloc(self->arena, field->shape->size);
        *(void **)slot = nested;
        slot = nested;
    }
    decode_value(self, at, field, slot, path);
    if (field->has_offset != BUS_NO_OFFSET)
        *(bool *)(object + field->has_offset) = true;
}

/* Writers write in the order of the table, so the field after the last one is nearly always it. */
static size_t field_get(const struct bus_shape *shape, struct bus_bytes name, size_t next)
{
    for (size_t i = 0; i < shape->fields_n; i++) {
        size_t at = next + i < shape->fields_n ? next + i : next + i - shape->fields_n;
        if (bus_text_is(name, shape->fields[at].name))
            return at;
    }
    return shape->fields_n;
}

static void fault_unknown(struct decoder *self, const struct wire_path *path, const struct bus_shape *shape)
{
    const char *names[FIELDS_MAX];
    for (size_t i = 0; i < shape->fields_n; i++)
        names[i] = shape->fields[i].name;
    const char *near = near_of(self, (struct bus_bytes){(const uint8_t *)path->name, path->name_size}, names,
                               shape->fields_n);
    wire_fault(&self->check, path, "is not known here%s%s%s", near ? DID_YOU_MEAN : "", near ? near : "",
               near ? "?" : "");
}

static void decode_object(struct decoder *self, struct bus_cursor *at, const struct bus_shape *shape,
                          void *object, const struct wire_path *path)
{
    if (shape->fields_n > FIELDS_MAX)
        bus_die("the shape %s has more than %d fields", shape->name, FIELDS_MAX);
    uint64_t seen[FIELDS_MAX / 64] = {0};
    uint32_t n = 0;
    size_t next = 0;
    bus_cursor_map(at, &n);
    for (uint32_t i = 0; i < n; i++) {
        struct bus_bytes name = {0};
        bus_cursor_text(at, &name);
        struct wire_path place = {.up = path, .name = (const char *)name.data, .name_size = name.size};
        size_t which = field_get(shape, name, next);
        if (which == shape->fields_n) {
            if (!self->lenient)
                fault_unknown(self, &place, shape);
            bus_cursor_skip(at);
            continue;
        }
        seen[which / 64] |= UINT64_C(1) << which % 64;
        next = which + 1;
        decode_field(self, at, &shape->fields[which], object, &place);
    }
    for (size_t i = 0; i < shape->fields_n; i++) {
        const struct bus_field *field = &shape->fields[i];
        if (!field->required || (seen[i / 64] >> i % 64 & 1))
            continue;
        struct wire_path place = {.up = path, .name = field->name, .name_size = strlen(field->name)};
        wire_fault(&self->check, &place, "is required");
    }
}

/* Not all of it: the words of the first fault are written when there is one. */
static void decoder_init(struct decoder *self, struct bus_arena *arena, struct bus_faults *faults)
{
    self->check.arena = self->arena = arena;
    self->check.faults = faults;
    self->check.found = 0;
    self->lenient = false;
    self->fault = NULL;
}

static enum bus_status decode(struct decoder *self, const struct bus_shape *shape, struct bus_bytes bytes,
                              void **ret_struct, struct bus_error *err)
{
    if (self->check.faults)
        *self->check.faults = (struct bus_faults){0};
    struct bus_cursor at = bus_cursor(bytes);
    void *object = bus_alloc(self->arena, shape->size);
    if (bus_cursor_peek(&at) == BUS_WIRE_MAP)
        decode_object(self, &at, shape, object, NULL);
    else
        wire_fault(&self->check, NULL, "must be an object");
    *ret_struct = object;
    if (self->check.found > 1)
        return bus_fail(err, BUS_INVALID, "%s (and %zu more)", self->check.first, self->check.found - 1);
    if (self->check.found == 1)
        return bus_fail(err, BUS_INVALID, "%s", self->check.first);
    return BUS_OK;
}

enum bus_status bus_decode(const struct bus_shape *shape, struct bus_bytes bytes, bool lenient,
                           struct bus_arena *arena, void **ret_struct, struct bus_faults *faults,
                           struct bus_error *err)
{
    struct decoder self;
    void *object;
    decoder_init(&self, arena, faults);
    self.lenient = lenient;
    enum bus_status status = decode(&self, shape, bytes, &object, err);
    if (status == BUS_OK)
        *ret_struct = object;
    return status;
}

enum bus_status bus_decode_outside(const struct bus_shape *shape, struct bus_bytes bytes, bus_rule_fn *fault,
                                   struct bus_arena *arena, void **ret_struct, struct bus_faults *faults,
                                   struct bus_error *err)
{
    struct decoder self;
    decoder_init(&self, arena, faults);
    self.fault = fault;
    return decode(&self, shape, bytes, ret_struct, err);
}
