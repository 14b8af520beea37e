/* See intake.h. */
#include "intake.h"

#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "bus/text.h"
#include "intake_data.h"
#include "intake_header.h"
#include "schema/gateway.h"

static enum bus_status too_big(struct intake *self, struct bus_error *err, const char *text)
{
    self->too_big = true;
    return bus_fail(err, BUS_INVALID, "%s", text);
}

static bool is_map(struct bus_bytes value)
{
    struct bus_cursor at = bus_cursor(value);
    return bus_cursor_peek(&at) == BUS_WIRE_MAP;
}

/* One event: `attributes` is the map that holds them, beside `data` or apart from it. */
static void take_event(struct intake *self, struct bus_arena *arena, struct bus_bytes attributes,
                       struct bus_bytes data, const char *attributes_place, const char *data_place)
{
    struct intake_event *event = &self->events[self->n];
    event->place = attributes_place;
    event->data_place = data_place;
    event->faults_at = self->faults.n;
    intake_header_read(attributes, attributes_place, arena, event, &self->faults);
    event->header.actor = bus_strdup(arena, self->who->name);
    if (event->header.time_us > self->latest_us)
        input_fault(&self->faults, arena, bus_printf(arena, "%s/time", attributes_place),
                    "lies more than a day ahead: give the time at which it happened, or leave it out");
    if (event->type != NULL)
        intake_data_read(data, data_place, self->latest_us, arena, event, &self->faults);
    self->n++;
}

static void take_cloud_event(struct intake *self, struct bus_arena *arena, struct bus_bytes value,
                             const char *place)
{
    struct bus_cursor at;
    struct bus_bytes data = {0};
    const char *data_place = bus_printf(arena, "%s/data", place);
    if (!is_map(value)) {
        input_fault(&self->faults, arena, place, "must be an object: one CloudEvent");
        return;
    }
    if (bus_cursor_get(value, "data_base64", &at) && bus_cursor_peek(&at) != BUS_WIRE_NIL)
        input_fault(&self->faults, arena, bus_printf(arena, "%s/data_base64", place),
                    "is not taken: put the data in `data`, as an object");
    if (bus_cursor_get(value, "data", &at))
        bus_cursor_raw(&at, &data);
    take_event(self, arena, value, data, place, data_place);
}

/* What stands beside `header` and `data` would be lost without a word. */
static void refuse_others(struct intake *self, struct bus_arena *arena, struct bus_bytes pair,
                          const char *place)
{
    struct bus_cursor at = bus_cursor(pair);
    struct bus_bytes name;
    uint32_t n = 0;
    if (!bus_cursor_map(&at, &n))
        return;
    for (; n > 0 && bus_cursor_text(&at, &name) && bus_cursor_skip(&at); n--)
        if (!bus_text_is(name, "header") && !bus_text_is(name, "data"))
            input_fault(&self->faults, arena,
                        input_place(arena, place, bus_strndup(arena, (const char *)name.data, name.size)),
                        "is not known here; there are `header` and `data`");
}

static void take_pair(struct intake *self, struct bus_arena *arena, struct bus_bytes value, const char *place)
{
    struct bus_cursor at;
    struct bus_bytes header = {0}, data = {0};
    if (is_map(value) && bus_cursor_get(value, "header", &at))
        bus_cursor_raw(&at, &header);
    if (is_map(value) && bus_cursor_get(value, "data", &at))
        bus_cursor_raw(&at, &data);
    refuse_others(self, arena, value, place);
    if (header.size == 0 || !is_map(header))
        input_fault(&self->faults, arena, place, "must be a map with the maps `header` and `data`");
    else
        take_event(self, arena, header, data, bus_printf(arena, "%s/header", place),
                   bus_printf(arena, "%s/data", place));
}

const char *intake_words(const struct intake *self, struct bus_arena *arena)
{
    return bus_printf(arena, "%zu %s", self->faults.found,
                      self->faults.found == 1 ? "place is not as it must be"
                                              : "places are not as they must be");
}

/* `given` fits its field, and tells of nobody; NULL: none was. */
static const char *words_of_limit(struct bus_arena *arena, const char *given, const char *one,
                                  const char *several, const char *const *limits, size_t n)
{
    char list[160];
    bus_text_list(list, sizeof list, limits, n);
    return given == NULL
               ? bus_printf(arena, "name one of your %s here: %s", several, list)
               : bus_printf(arena, "you may not write for the %s %s: your %s: %s", one, given, several, list);
}

static void judge_event(const struct who *who, const struct intake_event *event, struct bus_arena *arena,
                        struct bus_faults *denied)
{
    const char *partnership = bus_header_extension_find(&event->header, "partnership");
    const char *nis = bus_header_extension_find(&event->header, "nis");
    const bool in_data = event->partnership_read || partnership == NULL;
    if (!who_may(who, event->type->name, event->type->type))
        input_fault(denied, arena, bus_printf(arena, "%s/type", event->place),
                    "your token lacks the scope %s", event->type->name);
    if (!who_may_say(who, event->header.source))
        input_fault(denied, arena, bus_printf(arena, "%s/source", event->place), "is not yours: use %s",
                    who_source(who, arena));
    if (!who_covers_partnership(who, partnership))
        input_fault(denied, arena,
                    bus_printf(arena, "%s/partnership", in_data ? event->data_place : event->place), "%s",
                    words_of_limit(arena, partnership, "partnership", "partnerships", who->partnerships,
                                   who->partnerships_n));
    if (!who_covers_nis(who, nis))
        input_fault(denied, arena, bus_printf(arena, "%s/nis", event->place), "%s",
                    words_of_limit(arena, nis, "municipality", "municipalities", who->nis, who->nis_n));
}

const char *intake_denied_words(const struct bus_faults *denied, struct bus_arena *arena)
{
    const char *first = bus_printf(arena, "%s: %s", denied->items[0].pointer, denied->items[0].text);
    return denied->found == 1 ? first : bus_printf(arena, "%s; and %zu more", first, denied->found - 1);
}

typedef void take_fn(struct intake *self, struct bus_arena *arena, struct bus_bytes value, const char *place);

static enum bus_status take_array(struct intake *self, struct bus_bytes array, take_fn *take,
                                  struct bus_arena *arena, struct bus_error *err)
{
    struct bus_cursor at = bus_cursor(array);
    uint32_t n = 0;
    if (!bus_cursor_array(&at, &n) || n == 0) {
        input_fault(&self->faults, arena, "", "must be an array of at least one event");
        return BUS_OK;
    }
    if (n > INTAKE_EVENTS_MAX)
        return too_big(self, err, "a batch holds at most 256 events: send several");
    self->events = bus_alloc_array(arena, n, sizeof *self->events);
    struct bus_bytes value;
    for (uint32_t i = 0; i < n && bus_cursor_raw(&at, &value); i++)
        take(self, arena, value, bus_printf(arena, "/%u", i));
    return BUS_OK;
}

/* Nobody learns by a repetition what others sent: who may not send it is told of its faults, and of what is
 * denied where there are none. */
static enum bus_status finish(struct intake *self, struct bus_arena *arena, struct bus_error *err)
{
    const bool can_be_written = input_only_ruled(&self->faults, 0);
    struct bus_faults denied = {0};
    for (size_t i = 0; can_be_written && i < self->n; i++)
        judge_event(self->who, &self->events[i], arena, &denied);
    if (self->faults.found > 0) {
        self->doubtful = can_be_written && denied.found == 0;
        return bus_fail(err, BUS_INVALID, "%s", intake_words(self, arena));
    }
    if (denied.found == 0)
        return BUS_OK;
    self->faults = denied;
    return bus_fail(err, BUS_DENIED, "%s", intake_denied_words(&denied, arena));
}

void intake_settle(struct intake *self, const int64_t *known, size_t known_n)
{
    struct bus_faults left = {.items = self->faults.items};
    for (size_t i = 0, k = 0; i < self->n; i++) {
        const bool is_known = k < known_n && known[k] == (int64_t)i;
        const size_t end = i + 1 < self->n ? self->events[i + 1].faults_at : self->faults.n;
        k += is_known;
        for (size_t at = self->events[i].faults_at; !is_known && at < end; at++)
            left.items[left.n++] = self->faults.items[at];
    }
    left.found = left.n;
    self->faults = left;
    self->doubtful = false;
}

enum bus_status intake_json(struct bus_bytes json, bool batch, const struct who *who, int64_t latest_us,
                            struct bus_arena *arena, struct intake *ret, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    *ret = (struct intake){.who = who, .latest_us = latest_us};
    if (json.size > INTAKE_BODY_BYTES)
        return too_big(ret, err, "the body is over 1 MiB: send fewer events at a time");
    enum bus_status status = json.size > 0
                                 ? bus_json_to_msgpack(json, &bus_scan_batch, &out, err)
                                 : bus_fail(err, BUS_INVALID, "the body is empty: send %s in JSON",
                                            batch ? "an array of CloudEvents" : "a CloudEvent, an object");
    if (status != BUS_OK) {
        ret->malformed = true;
        return status;
    }
    struct bus_bytes value = bus_bytes(bus_copy(arena, out.data, out.size), out.size);
    if (batch) {
        status = take_array(ret, value, take_cloud_event, arena, err);
    } else {
        ret->events = bus_alloc(arena, sizeof *ret->events);
        take_cloud_event(ret, arena, value, "");
    }
    return status != BUS_OK ? status : finish(ret, arena, err);
}

enum bus_status intake_msgpack(struct bus_bytes array, const struct who *who, int64_t latest_us,
                               struct bus_arena *arena, struct intake *ret, struct bus_error *err)
{
    *ret = (struct intake){.who = who, .latest_us = latest_us};
    if (array.size > bus_scan_command.max_bytes)
        return too_big(ret, err, "the request is over 256 KiB: send fewer events at a time");
    enum bus_status status = bus_scan(array, &bus_scan_command, err);
    if (status != BUS_OK) {
        ret->malformed = true;
        return bus_fail(err, status, "the frame is not one value in msgpack as is taken here (%s)",
                        bus_strdup(arena, err->text));
    }
    status = take_array(ret, array, take_pair, arena, err);
    return status != BUS_OK ? status : finish(ret, arena, err);
}

enum bus_status intake_command(struct intake *self, struct bus_arena *arena, struct bus_bytes *ret_data,
                               struct bus_error *err)
{
    struct gateway_accept_events_events *events = bus_alloc_array(arena, self->n, sizeof *events);
    for (size_t i = 0; i < self->n; i++) {
        AUTO(bus_buffer_done) struct bus_buffer header = {0};
        enum bus_status status = bus_header_encode(&self->events[i].header, &header, err);
        if (status != BUS_OK)
            return status;
        events[i].header = bus_bytes(bus_copy(arena, header.data, header.size), header.size);
        events[i].data = self->events[i].data;
    }
    struct gateway_accept_events command = {.events = events, .events_n = self->n};
    struct bus_bytes data = {0};
    enum bus_status status = input_encode(&gateway_accept_events_shape, &command, arena, &data, err);
    if (status != BUS_OK)
        return status;
    if (bus_scan_map(data, &bus_scan_command, err) != BUS_OK)
        return too_big(self, err, "the events of this batch are too large together: send fewer at a time");
    *ret_data = data;
    return BUS_OK;
}
