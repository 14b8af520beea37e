/* See conductor.h. */
#include "replay/conductor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "log/input.h"
#include "replay/conducted.h"
#include "schema/all.h"

#define GROUP_EVENTS 200
#define GROUP_BYTES  (128 * 1024)

static struct conducted *find(struct conductor *self, const char *name)
{
    for (size_t i = 0; i < self->services_n; i++)
        if (strcmp(self->services[i].name, name) == 0)
            return &self->services[i];
    return NULL;
}

enum bus_status conductor_open(struct bus_client *client, const char *const *services, size_t services_n,
                               struct conductor **ret_conductor, struct bus_error *err)
{
    struct conductor *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->client = client;
    self->arena = bus_arena_new();
    self->tick_arena = bus_arena_new();
    self->services_n = services_n;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < services_n; i++)
        self->services[i].name = services[i];
    for (size_t i = 0; status == BUS_OK && i < services_n; i++)
        status = conducted_learn(self, &self->services[i], err);
    for (size_t i = 0; i < services_n; i++)
        for (size_t k = 0; k < services_n; k++)
            self->services[i].last[k] = self->services[k].head; /* of what kind that is nobody has told */
    if (status != BUS_OK) {
        conductor_close(&self);
        return status;
    }
    *ret_conductor = self;
    return BUS_OK;
}

void conductor_close(struct conductor **self_p)
{
    struct conductor *self = *self_p;
    if (self == NULL)
        return;
    *self_p = NULL;
    bus_arena_free(&self->arena);
    bus_arena_free(&self->tick_arena);
    free(self->inputs);
    free(self);
}

/* ---- inputs */

static struct bus_bytes keep(struct bus_arena *arena, struct bus_bytes bytes)
{
    return bus_bytes(bus_copy(arena, bytes.data, bytes.size), bytes.size);
}

static struct input *input_new(struct conductor *self, struct conducted *service)
{
    if (self->inputs_n == self->inputs_capacity) {
        self->inputs_capacity = self->inputs_capacity ? 2 * self->inputs_capacity : 256;
        self->inputs = realloc(self->inputs, self->inputs_capacity * sizeof *self->inputs);
        if (self->inputs == NULL)
            bus_die("out of memory for the inputs of a tick");
    }
    struct input *input = &self->inputs[self->inputs_n++];
    *input = (struct input){.service = service};
    return input;
}

/* Events for the gateway travel in groups, as its edge would send them. */
static void close_group(struct conductor *self)
{
    struct group *group = &self->group;
    if (group->n == 0)
        return;
    struct input *input = input_new(self, find(self, "gateway"));
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_map(&data, 1);
    bus_pack_text(&data, "events");
    bus_pack_array(&data, (uint32_t)group->n);
    bus_buffer_add(&data, group->events.data, group->events.size);
    struct bus_header header = {.id = group->id,
                                .source = "/replay",
                                .type = "koppel.gateway.accept-events.v1",
                                .time_us = group->time_us};
    AUTO(bus_buffer_done) struct bus_buffer packed = {0};
    struct bus_error err;
    if (bus_header_encode(&header, &packed, &err) != BUS_OK)
        bus_die("%s", err.text);
    input->header = keep(self->tick_arena, bus_buffer_bytes(&packed));
    input->data = keep(self->tick_arena, bus_buffer_bytes(&data));
    input->type = "accept-events";
    input->number = group->number;
    input->events = group->n;
    bus_buffer_clear(&group->events);
    group->n = 0;
}

static void add_event(struct conductor *self, const struct logfile_record *record)
{
    struct group *group = &self->group;
    if (group->n > 0 && (group->n == GROUP_EVENTS || group->events.size > GROUP_BYTES ||
                         group->time_us != bus_header_moment_us(&record->header)))
        close_group(self);
    if (group->n == 0) {
        group->time_us = bus_header_moment_us(&record->header);
        group->number = record->number;
        group->id = bus_printf(self->tick_arena, "events-from-%s", record->header.id);
    }
    bus_pack_map(&group->events, 2);
    bus_pack_text(&group->events, "header");
    bus_pack_raw(&group->events, record->raw_header);
    bus_pack_text(&group->events, "data");
    bus_pack_raw(&group->events, record->data);
    group->n++;
}

enum bus_status conductor_add(struct conductor *self, const struct logfile_record *record,
                              struct bus_error *err)
{
    const struct bus_type *type = schema_find(record->header.type);
    if (type == NULL)
        return bus_fail(err, BUS_INVALID, "record %lld: there is no message %s", (long long)record->number,
                        record->header.type);
    if (input_is_event(&record->header)) {
        add_event(self, record);
        return BUS_OK;
    }
    if (!input_is_command(&record->header))
        return BUS_OK;
    close_group(self);
    struct conducted *service = find(self, type->service);
    if (service == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "record %lld is for %s, which does not run",
                        (long long)record->number, type->service);
    struct input *input = input_new(self, service);
    input->header = keep(self->tick_arena, record->raw_header);
    input->data = keep(self->tick_arena, record->data);
    input->type = type->name;
    input->number = record->number;
    input->events = 1;
    return BUS_OK;
}

/* ---- a tick */

static enum bus_status send_inputs(struct conductor *self, struct bus_error *err)
{
    for (size_t i = 0; i < self->inputs_n; i++) {
        struct input *input = &self->inputs[i];
        if (input->state != INPUT_TO_SEND)
            continue;
        struct bus_frames frames = {.verb = "COMMAND", .body = {input->header, input->data}, .body_n = 2};
        enum bus_status status = bus_client_send(self->client, input->service->name, i + 1, &frames, err);
        if (status != BUS_OK)
            return status;
        input->state = INPUT_SENT;
        input->service->commands++;
    }
    return BUS_OK;
}

/* What was refused may have come before its cause: it is tried again when its service has moved since. */
static bool try_refused_again(struct conductor *self)
{
    bool any = false;
    for (size_t i = 0; i < self->inputs_n; i++)
        if (self->inputs[i].state == INPUT_REFUSED &&
            self->inputs[i].refused_at < self->inputs[i].service->moved_at) {
            self->inputs[i].state = INPUT_TO_SEND;
            any = true;
        }
    return any;
}

static void count_inputs(struct conductor *self)
{
    for (size_t i = 0; i < self->inputs_n; i++) {
        const struct input *input = &self->inputs[i];
        self->counts.inputs += input->events;
        if (input->state != INPUT_REFUSED)
            continue;
        self->counts.refused++;
        if (self->counts.refusal[0] == '\0')
            snprintf(self->counts.refusal, sizeof self->counts.refusal, "record %lld, %s: %s",
                     (long long)input->number, input->type, input->refusal);
    }
    self->inputs_n = 0;
    bus_arena_reset(self->tick_arena);
}

enum bus_status conductor_tick(struct conductor *self, int64_t now_us, struct bus_error *err)
{
    close_group(self);
    enum bus_status status = BUS_OK;
    do {
        status = send_inputs(self, err);
        while (status == BUS_OK && conducted_any_to_do(self, now_us))
            status = conducted_superstep(self, now_us, err);
    } while (status == BUS_OK && try_refused_again(self));
    if (status == BUS_OK)
        count_inputs(self);
    return status == BUS_OK ? conducted_trail(self, now_us, err) : status;
}

enum bus_status conductor_settle(struct conductor *self, int64_t now_us, struct bus_error *err)
{
    return conducted_settle(self, now_us, err);
}

int64_t conductor_began_us(const struct conductor *self)
{
    return self->now_us;
}

int64_t conductor_next_timer(const struct conductor *self)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < self->services_n; i++)
        if (self->services[i].followed && self->services[i].next_timer_us < next)
            next = self->services[i].next_timer_us;
    return next;
}

const struct conductor_counts *conductor_counts(const struct conductor *self)
{
    return &self->counts;
}

enum bus_status conductor_release(struct conductor *self, int64_t now_us, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    bus_pack_map(&body, 1);
    bus_pack_text(&body, "now");
    bus_pack_int(&body, now_us);
    struct bus_frames request = {.verb = "RELEASE", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    for (size_t i = 0; i < self->services_n; i++) {
        struct bus_frames answer;
        enum bus_status status =
            bus_client_ask(self->client, self->services[i].name, &request, 10000, self->arena, &answer, err);
        if (status != BUS_OK)
            return status;
        if (strcmp(answer.verb, "RELEASED") != 0)
            return bus_fail(err, BUS_CONFLICT, "%s does not let its clock go", self->services[i].name);
    }
    return BUS_OK;
}
