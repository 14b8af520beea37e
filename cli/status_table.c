/* The table of koppel status: a row per service, its lag per followed stream in the last column. */
#include "status.h"

#include <inttypes.h>
#include <string.h>

#include "bus/bytes.h"
#include "bus/status.h"

#define STATE_WIDTH 12

char *status_age(int64_t seconds, struct bus_arena *arena)
{
    int64_t minutes = seconds / 60, hours = minutes / 60;
    if (seconds < 60)
        return bus_printf(arena, "%" PRId64 " s", seconds);
    if (minutes < 60)
        return bus_printf(arena, "%" PRId64 " min", minutes);
    if (hours < 24)
        return bus_printf(arena, "%" PRId64 " h %" PRId64 " min", hours, minutes % 60);
    return bus_printf(arena, "%" PRId64 " d %" PRId64 " h", hours / 24, hours % 24);
}

static const char *text_of(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return json_is_string(value) ? json_string_value(value) : "-";
}

/* Seconds may come with a fraction. */
static const char *number_of(json_t *object, const char *name, struct bus_arena *arena)
{
    json_t *value = json_object_get(object, name);
    return json_is_number(value) ? bus_printf(arena, "%" PRId64, (int64_t)json_number_value(value)) : "-";
}

static const char *follows_of(json_t *service, struct bus_arena *arena)
{
    const char *text = "";
    size_t i;
    json_t *follow;
    json_array_foreach(json_object_get(service, "follows"), i, follow) text = bus_printf(
        arena, "%s%s%s %s", text, i ? ", " : "", text_of(follow, "stream"), number_of(follow, "lag", arena));
    return *text ? text : "-";
}

static const char *need_of(json_t *service)
{
    const char *need = json_string_value(json_object_get(service, "need"));
    return need ? need : "";
}

static const char *age_of(json_t *service, struct bus_arena *arena)
{
    json_t *value = json_object_get(service, "uptime_s");
    return json_is_number(value) ? status_age((int64_t)json_number_value(value), arena) : "-";
}

/* A state may be a few words: why a service is not ready. */
static int state_width(json_t *services)
{
    int width = STATE_WIDTH;
    size_t i;
    json_t *service;
    json_array_foreach(services, i, service) if ((int)strlen(text_of(service, "state")) > width) width =
        (int)strlen(text_of(service, "state"));
    return width;
}

char *status_table(json_t *report, struct bus_arena *arena)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    json_t *services = json_object_get(report, "services");
    int width = state_width(services);
    bus_buffer_printf(&out, "%-14s %-*s %10s %6s %-12s %s\n", "service", width, "state", "head", "dead",
                      "uptime", "lag");
    size_t i;
    json_t *service;
    json_array_foreach(services, i, service) bus_buffer_printf(
        &out, "%-14s %-*s %10s %6s %-12s %s\n", text_of(service, "service"), width, text_of(service, "state"),
        number_of(service, "head", arena), number_of(service, "dead", arena), age_of(service, arena),
        follows_of(service, arena));
    json_array_foreach(services, i, service) if (json_number_value(json_object_get(service, "dead")) > 0)
        bus_buffer_printf(
            &out,
            "%s: dead letters, which could not be handled or wait behind one: %s; koppel dead list --group "
            "says why\n",
            text_of(service, "service"), number_of(service, "dead", arena));
    json_array_foreach(services, i, service) if (*need_of(service))
        bus_buffer_printf(&out, "%s: %s\n", text_of(service, "service"), need_of(service));
    return bus_strndup(arena, (const char *)out.data, out.size);
}
