/* What a service tells its conductor: whom it follows and asks, what it handles, and what it said in a step.
 * See conducted.h. */
#include "bus/cursor.h"
#include "bus/scan.h"
#include "replay/conducted.h"
#include "schema/all.h"

#include <string.h>

static size_t index_of(const struct conductor *self, struct bus_bytes name)
{
    size_t i = 0;
    while (i < self->services_n && !bus_text_is(name, self->services[i].name))
        i++;
    return i;
}

static bool read_follows(struct conductor *self, struct conducted *service, struct bus_bytes body)
{
    struct bus_cursor at;
    uint32_t n = 0;
    if (!bus_cursor_get(body, "follows", &at) || !bus_cursor_array(&at, &n))
        return false;
    for (; n > 0; n--) {
        struct bus_bytes one, name;
        struct bus_cursor stream;
        if (!bus_cursor_raw(&at, &one) || !bus_cursor_get(one, "stream", &stream) ||
            !bus_cursor_text(&stream, &name))
            return false;
        size_t i = index_of(self, name);
        if (i == self->services_n)
            return false;
        service->follows[i] = true;
        if (!bus_cursor_get_int(one, "seq", &service->upto[i]))
            return false;
    }
    return true;
}

static bool read_asks(struct conductor *self, struct conducted *service, struct bus_bytes body)
{
    struct bus_cursor at;
    struct bus_bytes name;
    uint32_t n = 0;
    if (!bus_cursor_get(body, "asks", &at) || !bus_cursor_array(&at, &n))
        return false;
    for (; n > 0; n--) {
        if (!bus_cursor_text(&at, &name))
            return false;
        size_t i = index_of(self, name);
        if (i < self->services_n)
            service->asks[i] = true;
    }
    return bus_cursor_get(body, "timeless", &at) && bus_cursor_bool(&at, &service->timeless);
}

static bool read_heeds(struct conductor *self, struct conducted *service, struct bus_bytes body)
{
    struct bus_cursor at;
    const char *name = NULL;
    uint32_t n = 0;
    if (!bus_cursor_get(body, "heeds", &at) || !bus_cursor_array(&at, &n) || n > HEEDED_MAX)
        return false;
    for (; n > 0; n--) {
        if (!bus_cursor_strdup(&at, self->arena, &name))
            return false;
        service->heeds[service->heeds_n++] = schema_find(name);
    }
    return true;
}

enum bus_status conducted_learn(struct conductor *self, struct conducted *service, struct bus_error *err)
{
    static const uint8_t empty_map = 0x80;
    struct bus_frames request = {.verb = "STATUS", .body = {bus_bytes(&empty_map, 1)}, .body_n = 1}, answer;
    enum bus_status status =
        bus_client_ask(self->client, service->name, &request, 10000, self->arena, &answer, err);
    if (status != BUS_OK)
        return status;
    struct bus_cursor at, now;
    struct bus_bytes clock;
    int64_t now_us = 0;
    if (strcmp(answer.verb, "STATUS") != 0 || answer.body_n < 1 ||
        bus_scan_map(answer.body[0], &bus_scan_data, err) != BUS_OK ||
        !bus_cursor_get(answer.body[0], "clock", &at) || !bus_cursor_text(&at, &clock) ||
        !bus_cursor_get_int(answer.body[0], "head", &service->head) ||
        !bus_cursor_get(answer.body[0], "now", &now) || !bus_cursor_time(&now, &now_us) ||
        !read_follows(self, service, answer.body[0]) || !read_asks(self, service, answer.body[0]) ||
        !read_heeds(self, service, answer.body[0]))
        return bus_fail(err, BUS_BUG, "%s answers STATUS in words we do not know", service->name);
    if (!bus_text_is(clock, "conducted"))
        return bus_fail(err, BUS_CONFLICT,
                        "the clock of %s is not conducted: play into a stack started with "
                        "koppel up --conducted, or into a new one with --fresh DIR",
                        service->name);
    if (now_us > self->now_us)
        self->now_us = now_us;
    for (size_t i = 0; i < self->services_n; i++)
        self->services[i].followed |= service->follows[i];
    /* Its timers are not known yet: the first step tells. */
    service->next_timer_us = INT64_MIN;
    return BUS_OK;
}

/* What we do not know may be for anybody. */
static bool heeds(const struct conducted *service, const struct bus_type *type)
{
    bool found = type == NULL;
    for (size_t i = 0; i < service->heeds_n; i++)
        found = found || service->heeds[i] == type;
    return found;
}

bool conducted_said(struct conductor *self, size_t index, struct bus_bytes body)
{
    struct bus_cursor at;
    const char *name = NULL;
    uint32_t n = 0;
    if (!bus_cursor_get(body, "said", &at) || !bus_cursor_array(&at, &n))
        return false;
    for (; n > 0; n--) {
        if (!bus_cursor_strdup(&at, self->arena, &name))
            return false;
        const struct bus_type *type = schema_find(name);
        for (size_t i = 0; i < self->services_n; i++)
            if (heeds(&self->services[i], type))
                self->services[i].last[index] = self->services[index].head;
    }
    return true;
}
