/* See intake_data.h. */
#include "intake_data.h"

#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "bus/text.h"
#include "national_number.h"
#include "places.h"
#include "schema/gateway.h"
#include "years.h"

#define PERSONAL "personal"
#define DEPOSIT  "deposit_id"

#define YEAR_DAYS 366

#define NEAR_FAULTS 32 /* for the first of them alone a name is looked for: it takes time */

struct work {
    struct intake_event *event;
    struct bus_arena *arena;
    struct bus_faults *faults;
    const char *place;
    int64_t latest_us;
};

static void *slot(void *value, const struct bus_field *field)
{
    return (char *)value + field->offset;
}

/* The same event always gets the same deposit, so that its repetition leaves nothing twice. */
static struct bus_id deposit_of(const struct bus_header *header, struct bus_arena *arena)
{
    const char *seed = bus_printf(arena, "deposit\n%s\n%s", header->source ? header->source : "",
                                  header->id ? header->id : "");
    return bus_id_derived(1, seed, strlen(seed), 0);
}

static void refuse_unknown(const struct work *self, const char *key, const char *place)
{
    const struct bus_shape *shape = &registry_deposit_batch_deposits_shape;
    const char **names = bus_alloc_array(self->arena, shape->fields_n, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < shape->fields_n; i++)
        if (shape->fields[i].personal)
            names[n++] = shape->fields[i].name;
    const char *near = self->faults->n < NEAR_FAULTS ? bus_text_near(key, names, n) : NULL;
    input_fault(self->faults, self->arena, input_place(self->arena, place, key), "is not known here%s%s%s",
                near != NULL ? ": did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
}

/* Only what is personal may come in it: the rest of the deposit is registry's to say. */
static bool personal_copy(const struct work *self, struct bus_bytes personal, const char *place,
                          struct bus_id id, struct bus_buffer *out)
{
    struct bus_cursor at = bus_cursor(personal);
    struct bus_bytes name, value;
    AUTO(bus_buffer_done) struct bus_buffer fields = {0};
    uint32_t n = 0, fields_n = 0;
    if (!bus_cursor_map(&at, &n)) {
        input_fault(self->faults, self->arena, place, "must be an object");
        return false;
    }
    for (; n > 0 && bus_cursor_text(&at, &name) && bus_cursor_raw(&at, &value); n--) {
        const char *key = bus_strndup(self->arena, (const char *)name.data, name.size);
        const struct bus_field *field = input_field_find(&registry_deposit_batch_deposits_shape, key);
        if (field == NULL || !field->personal) {
            refuse_unknown(self, key, place);
            continue;
        }
        bus_pack_text(&fields, key);
        bus_pack_raw(&fields, value);
        fields_n++;
    }
    bus_pack_map(out, fields_n + 1);
    bus_pack_text(out, DEPOSIT);
    bus_pack_id(out, id);
    bus_buffer_add(out, fields.data, fields.size);
    return true;
}

/* The personal data as a deposit, and its id. */
static void take_personal(const struct work *self, struct bus_bytes personal)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    const char *place = bus_printf(self->arena, "%s/" PERSONAL, self->place);
    struct bus_id id = deposit_of(&self->event->header, self->arena);
    const size_t from = self->faults->n;
    struct bus_error err;
    void *value = NULL;
    if (personal_copy(self, personal, place, id, &out) &&
        (input_check(&registry_deposit_batch_deposits_shape, bus_buffer_bytes(&out), place, self->arena,
                     &value, self->faults, &err) == BUS_OK ||
         input_only_ruled(self->faults, from)))
        self->event->deposit = value;
}

static const char *text_field(const struct bus_shape *shape, void *value, const char *name)
{
    const struct bus_field *field = input_field_find(shape, name);
    return field != NULL && field->kind == BUS_KIND_TEXT ? *(const char **)slot(value, field) : NULL;
}

static bool is_at_fault(const struct work *self, const char *field)
{
    return input_is_faulty(self->faults, bus_printf(self->arena, "%s/%s", self->place, field));
}

/* Events of one person keep their order, so the person comes before the referral. */
static void set_subject(const struct work *self, void *value)
{
    struct bus_header *header = &self->event->header;
    const struct bus_field *referral = input_field_find(self->event->type->shape, "referral_id");
    const char *subject = self->event->external_person, *name = "external_person";
    if (!is_at_fault(self, name) && subject == NULL && referral != NULL && referral->kind == BUS_KIND_ID) {
        char text[BUS_ID_TEXT];
        bus_id_format(*(struct bus_id *)slot(value, referral), text);
        subject = bus_strdup(self->arena, text);
        name = referral->name;
    }
    if (is_at_fault(self, name)) /* nothing to compare with */
        return;
    if (header->subject != NULL && subject != NULL && strcmp(header->subject, subject) != 0)
        input_fault(self->faults, self->arena, bus_printf(self->arena, "%s/subject", self->event->place),
                    "must be the %s of the data, or be left out", name);
    header->subject = subject;
}

/* The partnership of the data is the event's; a header that says another is at fault. */
static void set_header(const struct work *self, void *value)
{
    const struct bus_shape *shape = self->event->type->shape;
    struct bus_header *header = &self->event->header;
    const char *partnership = text_field(shape, value, "partnership");
    const char *said = bus_header_extension_find(header, "partnership");
    if (partnership != NULL && said != NULL && strcmp(partnership, said) != 0)
        input_fault(self->faults, self->arena, bus_printf(self->arena, "%s/partnership", self->event->place),
                    "must be the partnership that the data names, or be left out");
    self->event->partnership_read = partnership != NULL && !is_at_fault(self, "partnership");
    if (self->event->partnership_read)
        (void)bus_header_extend(header, "partnership", partnership);
    self->event->external_person = text_field(shape, value, "external_person");
    set_subject(self, value);
}

/* What a status tells is where they moved to, which may be anywhere. */
static void check_place(const struct work *self, void *value)
{
    const char *postcode = text_field(self->event->type->shape, value, "postcode");
    const char *said = bus_header_extension_find(&self->event->header, "nis");
    const char *nis = postcode != NULL ? places_nis(postcode) : NULL;
    const size_t from = self->faults->n;
    if (nis != NULL && said != NULL && self->event->type == &gateway_referral_received_type &&
        strcmp(nis, said) != 0)
        input_fault(self->faults, self->arena, bus_printf(self->arena, "%s/nis", self->event->place),
                    "must be %s (%s), where the postcode lies, or be left out", nis, places_name(nis));
    input_ruled(self->faults, from);
}

/* A status may begin soon, as a contract does. */
static void check_since(const struct work *self, const void *value)
{
    int32_t since = 0;
    if (self->event->type != &gateway_status_changed_type)
        return;
    const char *text = ((const struct gateway_status_changed *)value)->since;
    if (text != NULL && bus_date_parse(text, strlen(text), &since) &&
        since - YEAR_DAYS > (int32_t)(self->latest_us / BUS_DAY_US))
        input_fault(self->faults, self->arena, bus_printf(self->arena, "%s/since", self->place),
                    "lies more than a year ahead: give the first day of the status, or leave it out");
}

/* What can be told of data that may be at fault in other places. */
static void check_across(const struct work *self, void *value)
{
    const struct bus_shape *shape = self->event->type->shape;
    national_number_refuse_all(self->faults, self->arena, self->place, shape, value);
    set_header(self, value);
    check_place(self, value);
    years_refuse(shape, value, self->place, self->latest_us, self->arena, self->faults);
    check_since(self, value);
}

static void finish(const struct work *self, void *value)
{
    const struct bus_shape *shape = self->event->type->shape;
    const struct bus_field *deposit = input_field_find(shape, DEPOSIT);
    struct bus_error err;
    if (deposit != NULL && self->event->deposit != NULL)
        *(struct bus_id *)slot(value, deposit) = self->event->deposit->deposit_id;
    if (input_encode(shape, value, self->arena, &self->event->data, &err) != BUS_OK)
        input_fault(self->faults, self->arena, self->place, "cannot be written as an event");
}

void intake_data_read(struct bus_bytes data, const char *place, int64_t latest_us, struct bus_arena *arena,
                      struct intake_event *event, struct bus_faults *faults)
{
    struct work self = {
        .event = event, .arena = arena, .faults = faults, .place = place, .latest_us = latest_us};
    struct bus_error err;
    struct bus_cursor at;
    struct bus_bytes personal = {0};
    void *value = NULL;
    if (data.size == 0) {
        input_fault(faults, arena, place, "is required");
        return;
    }
    if (bus_scan_map(data, &bus_scan_data, &err) != BUS_OK) {
        input_fault(faults, arena, place, "%s", err.text);
        return;
    }
    bool deposits = input_field_find(event->type->shape, DEPOSIT) != NULL;
    if (deposits && bus_cursor_get(data, DEPOSIT, &at))
        input_fault(faults, arena, bus_printf(arena, "%s/" DEPOSIT, place),
                    "is set by the gateway alone: leave it out");
    if (deposits && bus_cursor_get(data, PERSONAL, &at) && bus_cursor_raw(&at, &personal)) {
        AUTO(bus_buffer_done) struct bus_buffer rest = {0};
        bus_pack_map_without(&rest, data, PERSONAL);
        data = bus_bytes(bus_copy(arena, rest.data, rest.size), rest.size);
        if (personal.data[0] != 0x80) /* an empty one leaves nothing to deposit */
            take_personal(&self, personal);
    }
    const size_t from = faults->n;
    bool written = input_check(event->type->shape, data, place, arena, &value, faults, &err) == BUS_OK ||
                   input_only_ruled(faults, from);
    check_across(&self, value);
    if (written)
        finish(&self, value);
}
