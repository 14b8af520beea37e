/* See conducted.h. */
#include "replay/conducted.h"

#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"

#define STEP_TAG (UINT64_C(1) << 32) /* above the tags of commands */
#define HOLD_TAG (UINT64_C(2) << 32)
/* So far behind may be who passes over what was said, or has neither timers nor effects: what it makes of an
 * event does not depend on when. */
#define TRAIL_EVENTS     500
#define STEP_PATIENCE_US (120 * BUS_SECOND_US)

/* Events that it has not been stepped over yet. */
static int64_t behind(const struct conductor *self, const struct conducted *service)
{
    int64_t n = 0;
    for (size_t i = 0; i < self->services_n; i++)
        if (service->follows[i])
            n += self->services[i].head - service->upto[i];
    return n;
}

/* Something was said that it handles, or much that it passes over. */
static bool is_told(const struct conductor *self, const struct conducted *service)
{
    bool told = behind(self, service) >= TRAIL_EVENTS;
    for (size_t i = 0; i < self->services_n; i++)
        told = told || (service->follows[i] && service->last[i] > service->upto[i]);
    return told;
}

static bool has_to_do(const struct conductor *self, const struct conducted *service, int64_t now_us)
{
    if (!service->followed && !service->awaited)
        return service->commands > 0;
    return service->commands > 0 || service->pending > 0 || service->next_timer_us <= now_us ||
           is_told(self, service);
}

bool conducted_any_to_do(const struct conductor *self, int64_t now_us)
{
    for (size_t i = 0; i < self->services_n; i++)
        if (has_to_do(self, &self->services[i], now_us))
            return true;
    return false;
}

/* Until it is let go it answers questions from what stands now. */
static enum bus_status hold(struct conductor *self, size_t index, bool on, struct bus_error *err)
{
    struct conducted *service = &self->services[index];
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    bus_pack_map(&body, 1);
    bus_pack_text(&body, "on");
    bus_pack_bool(&body, on);
    struct bus_frames frames = {.verb = "HOLD", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    service->held = on;
    service->holds++;
    return bus_client_send(self->client, service->name, HOLD_TAG + index, &frames, err);
}

static enum bus_status let_asked_go(struct conductor *self, const struct conducted *asker,
                                    struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < self->services_n; i++)
        if (asker->asks[i] && self->services[i].held)
            status = hold(self, i, false, err);
    return status;
}

static enum bus_status send_step(struct conductor *self, size_t index, const int64_t *heads, int64_t now_us,
                                 bool settle, struct bus_error *err)
{
    struct conducted *service = &self->services[index];
    uint32_t follows_n = 0;
    for (size_t i = 0; i < self->services_n; i++)
        follows_n += service->follows[i];
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    bus_pack_map(&body, 3);
    bus_pack_text(&body, "now");
    bus_pack_int(&body, now_us);
    bus_pack_text(&body, "settle");
    bus_pack_bool(&body, settle);
    bus_pack_text(&body, "upto");
    bus_pack_map(&body, follows_n);
    for (size_t i = 0; i < self->services_n; i++) {
        if (!service->follows[i])
            continue;
        bus_pack_text(&body, self->services[i].name);
        bus_pack_int(&body, heads[i]);
        service->upto[i] = heads[i];
    }
    struct bus_frames frames = {.verb = "STEP", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    service->stepping = true;
    service->trailing = false;
    service->commands = 0;
    return bus_client_send(self->client, service->name, STEP_TAG + index, &frames, err);
}

static enum bus_status take_stepped(struct conductor *self, size_t index, const struct bus_frames *answer,
                                    struct bus_error *err)
{
    struct conducted *service = &self->services[index];
    int64_t head = 0, handled = 0;
    struct bus_error why;
    if (answer->body_n < 1 || bus_scan_map(answer->body[0], &bus_scan_data, &why) != BUS_OK ||
        strcmp(answer->verb, "STEPPED") != 0 || !bus_cursor_get_int(answer->body[0], "head", &head) ||
        !bus_cursor_get_int(answer->body[0], "handled", &handled) ||
        !bus_cursor_get_int(answer->body[0], "pending", &service->pending) ||
        !bus_cursor_get_int(answer->body[0], "next_timer", &service->next_timer_us))
        return bus_fail(err, BUS_CONFLICT, "%s did not take its step: look at its log", service->name);
    if (handled > 0)
        service->moved_at = self->counts.supersteps;
    self->counts.said += head - service->head;
    self->counts.handled += handled;
    service->head = head;
    service->stepping = false;
    if (!conducted_said(self, index, answer->body[0]))
        return bus_fail(err, BUS_BUG, "%s answers STEP in words we do not know", service->name);
    return let_asked_go(self, service, err);
}

static enum bus_status take_held(struct conductor *self, size_t index, const struct bus_frames *answer,
                                 struct bus_error *err)
{
    struct conducted *service = &self->services[index];
    if (strcmp(answer->verb, "HELD") != 0)
        return bus_fail(err, BUS_CONFLICT, "%s does not hold its answers: look at its log", service->name);
    service->holds--;
    return BUS_OK;
}

static void take_reply(struct conductor *self, size_t index, const struct bus_frames *answer)
{
    struct input *input = &self->inputs[index];
    struct bus_cursor at;
    struct bus_bytes word;
    struct bus_error err;
    if (answer->body_n >= 1 && bus_scan_map(answer->body[0], &bus_scan_batch, &err) == BUS_OK &&
        bus_cursor_get(answer->body[0], "status", &at) && bus_cursor_text(&at, &word) &&
        bus_text_is(word, "ok")) {
        input->state = INPUT_DONE;
        return;
    }
    input->state = INPUT_REFUSED;
    input->service->awaited = true;
    input->refused_at = self->counts.supersteps;
    input->refusal = "refused";
    if (answer->body_n >= 1 && bus_cursor_get(answer->body[0], "text", &at))
        (void)bus_cursor_strdup(&at, self->tick_arena, &input->refusal);
}

/* Whom that tag was sent to; NULL: nobody. */
static const struct conducted *asked_with(const struct conductor *self, uint64_t tag)
{
    if (tag == 0 || (tag < STEP_TAG && tag > self->inputs_n))
        return NULL;
    if (tag < STEP_TAG)
        return self->inputs[tag - 1].service;
    size_t index = (size_t)(tag >= HOLD_TAG ? tag - HOLD_TAG : tag - STEP_TAG);
    return index < self->services_n ? &self->services[index] : NULL;
}

/* Until those steps and inputs are answered that `waits` tells. */
static enum bus_status receive_while(struct conductor *self, bool (*waits)(const struct conductor *, size_t),
                                     size_t index, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    int64_t until_us = bus_clock_monotonic_us() + STEP_PATIENCE_US;
    while (status == BUS_OK && waits(self, index)) {
        const char *service;
        uint64_t tag = 0;
        struct bus_frames answer;
        bus_arena_reset(self->arena);
        status = bus_client_receive(self->client, 1000, self->arena, &service, &tag, &answer, err);
        const struct conducted *asked = status == BUS_OK ? asked_with(self, tag) : NULL;
        if (status == BUS_RETRY && bus_clock_monotonic_us() < until_us)
            status = BUS_OK;
        else if (status == BUS_OK && (asked == NULL || strcmp(asked->name, service) != 0))
            continue;
        else if (status == BUS_OK && tag >= HOLD_TAG)
            status = take_held(self, (size_t)(tag - HOLD_TAG), &answer, err);
        else if (status == BUS_OK && tag >= STEP_TAG)
            status = take_stepped(self, (size_t)(tag - STEP_TAG), &answer, err);
        else if (status == BUS_OK)
            take_reply(self, (size_t)(tag - 1), &answer);
    }
    return status;
}

static bool superstep_lasts(const struct conductor *self, size_t index)
{
    (void)index;
    for (size_t i = 0; i < self->services_n; i++)
        if (self->services[i].stepping && !self->services[i].trailing)
            return true;
    for (size_t i = 0; i < self->inputs_n; i++)
        if (self->inputs[i].state == INPUT_SENT)
            return true;
    return false;
}

/* Two that are never stepped at the same time: both ask the same one, or they are the same. */
static bool exclude(const struct conductor *self, size_t a, size_t b)
{
    bool both = a == b;
    for (size_t i = 0; i < self->services_n; i++)
        both = both || (self->services[a].asks[i] && self->services[b].asks[i]);
    return both;
}

/* Whom it asks must be at rest when it begins, and is told to hold before it moves again. */
static bool step_must_wait(const struct conductor *self, size_t index)
{
    for (size_t i = 0; i < self->services_n; i++)
        if (self->services[i].stepping && (exclude(self, i, index) || self->services[index].asks[i]))
            return true;
    return false;
}

/* One that is still in its step may ask it. */
static bool is_asked(const struct conductor *self, size_t index)
{
    bool asked = false;
    for (size_t i = 0; i < self->services_n; i++)
        asked = asked || (self->services[i].stepping && self->services[i].asks[index]);
    return asked;
}

static bool hold_lasts(const struct conductor *self, size_t index)
{
    bool lasts = self->services[index].holds > 0;
    for (size_t i = 0; i < self->services_n; i++)
        lasts = lasts || (self->services[index].asks[i] && self->services[i].holds > 0);
    return lasts;
}

static enum bus_status step_one(struct conductor *self, size_t index, const int64_t *heads, int64_t now_us,
                                bool settle, struct bus_error *err)
{
    enum bus_status status = receive_while(self, step_must_wait, index, err);
    if (status == BUS_OK && !self->services[index].held && is_asked(self, index))
        status = hold(self, index, true, err);
    if (status == BUS_OK)
        status = receive_while(self, hold_lasts, index, err);
    return status == BUS_OK ? send_step(self, index, heads, now_us, settle, err) : status;
}

/* Whether it can begin at once: where one asks the other, or both the same, the first in the list begins
 * first. */
static bool step_can_begin(const struct conductor *self, const bool *step, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (step[i] &&
            (exclude(self, i, index) || self->services[i].asks[index] || self->services[index].asks[i]))
            return false;
    return step[index] && !step_must_wait(self, index);
}

enum bus_status conducted_superstep(struct conductor *self, int64_t now_us, struct bus_error *err)
{
    int64_t heads[CONDUCTED_MAX];
    bool step[CONDUCTED_MAX];
    for (size_t i = 0; i < self->services_n; i++) {
        heads[i] = self->services[i].head;
        step[i] = has_to_do(self, &self->services[i], now_us);
    }
    enum bus_status status = BUS_OK;
    self->counts.supersteps++;
    for (size_t i = 0; status == BUS_OK && i < self->services_n; i++) {
        if (!step_can_begin(self, step, i))
            continue;
        status = step_one(self, i, heads, now_us, false, err);
        step[i] = false;
    }
    for (size_t i = 0; status == BUS_OK && i < self->services_n; i++)
        if (step[i])
            status = step_one(self, i, heads, now_us, false, err);
    return status == BUS_OK ? receive_while(self, superstep_lasts, 0, err) : status;
}

static enum bus_status trail_one(struct conductor *self, size_t index, int64_t now_us, bool settle,
                                 struct bus_error *err)
{
    int64_t heads[CONDUCTED_MAX];
    const struct conducted *service = &self->services[index];
    enum bus_status status = receive_while(self, step_must_wait, index, err);
    bool due = service->next_timer_us <= now_us || service->pending > 0;
    bool told = service->timeless ? behind(self, service) >= TRAIL_EVENTS : is_told(self, service);
    if (status != BUS_OK || (!settle && !due && !told))
        return status;
    for (size_t i = 0; i < self->services_n; i++)
        heads[i] = self->services[i].head;
    status = step_one(self, index, heads, now_us, settle, err);
    self->services[index].trailing = true;
    return status;
}

enum bus_status conducted_trail(struct conductor *self, int64_t now_us, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < self->services_n; i++) {
        self->services[i].awaited = false;
        if (!self->services[i].followed)
            status = trail_one(self, i, now_us, false, err);
    }
    return status;
}

static bool any_stepping(const struct conductor *self, size_t index)
{
    (void)index;
    for (size_t i = 0; i < self->services_n; i++)
        if (self->services[i].stepping || self->services[i].holds > 0)
            return true;
    return false;
}

enum bus_status conducted_settle(struct conductor *self, int64_t now_us, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < self->services_n; i++)
        status = trail_one(self, i, now_us, true, err);
    return status == BUS_OK ? receive_while(self, any_stepping, 0, err) : status;
}
