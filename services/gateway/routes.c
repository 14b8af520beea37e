/* See routes.h. */
#include "routes.h"

#include <string.h>

#include "schema/all.h"

#define QUERY(at, type)                                                      \
    {                                                                        \
        .method = "GET", .path = at, .run = query_get, .query = &type##_type \
    }
#define QUERY_OF(at, type, f)                                                               \
    {                                                                                       \
        .method = "GET", .path = at, .run = query_get, .query = &type##_type, .argument = f \
    }

#define QUERY_COMMON(at, type)                                                               \
    {                                                                                        \
        .method = "GET", .path = at, .run = query_get, .query = &type##_type, .common = true \
    }

static const struct route routes[] = {
    {.method = "POST", .path = "/v1/events", .run = events_post},
    {.method = "GET", .path = "/v1/events", .run = events_get},
    {.method = "POST", .path = "/v1/commands/{}", .run = command_post, .deep = true},
    QUERY("/v1/waiting-list", matching_waiting_list),
    QUERY("/v1/proposals", matching_proposals),
    QUERY("/v1/duos", matching_duos),
    QUERY("/v1/current-matching", matching_current_matching),
    QUERY("/v1/explain", matching_explain),
    QUERY("/v1/help-requests", matching_help_requests),
    QUERY("/v1/people", registry_people),
    QUERY_OF("/v1/people/{}", registry_person, "person_id"),
    QUERY("/v1/duplicates", registry_duplicates),
    QUERY_COMMON("/v1/organisations", registry_organisations),
    QUERY_COMMON("/v1/partnerships", registry_partnerships),
    QUERY_COMMON("/v1/programmes", registry_programmes),
    QUERY("/v1/sessions", scheduling_sessions),
    QUERY("/v1/series", scheduling_series),
    QUERY("/v1/meetings", scheduling_meetings),
    QUERY("/v1/enrolments", scheduling_enrolments),
    QUERY("/v1/messages", notifications_messages),
    QUERY("/v1/message-counts", notifications_message_counts),
    QUERY_COMMON("/v1/quiet-hours", notifications_quiet_hours),
    QUERY("/v1/reports/report", reporting_report),
    QUERY("/v1/reports/durations", reporting_durations),
    QUERY("/v1/reports/trace", reporting_trace),
    QUERY("/v1/reports/targets", reporting_targets),
    QUERY_COMMON("/v1/reports/rates", reporting_rates),
    {.method = "GET", .path = "/v1/reports/export", .run = export_get, .query = &reporting_export_type},
    QUERY("/v1/tokens", gateway_tokens),
    {.method = "GET", .path = "/v1/calendar/{}.ics", .run = calendar_get, .open = true},
    {.method = "GET", .path = "/healthz", .run = health_get, .open = true},
    {.method = "GET", .path = "/readyz", .run = ready_get, .open = true},
    {.method = "GET", .path = "/metrics", .run = metrics_get, .open = true},
};
#define ROUTES_N (sizeof routes / sizeof *routes)

static bool matches(const struct route *route, const char *path, struct bus_arena *arena,
                    const char **ret_argument)
{
    const char *hole = strstr(route->path, "{}");
    if (hole == NULL) {
        *ret_argument = NULL;
        return strcmp(route->path, path) == 0;
    }
    size_t size = strlen(path), before = (size_t)(hole - route->path), after = strlen(hole + 2);
    if (size <= before + after || strncmp(path, route->path, before) != 0 ||
        strcmp(path + size - after, hole + 2) != 0)
        return false;
    const char *argument = bus_strndup(arena, path + before, size - before - after);
    if (!route->deep && strchr(argument, '/') != NULL)
        return false;
    *ret_argument = argument;
    return true;
}

const struct route *route_find(const char *method, const char *path, struct bus_arena *arena,
                               const char **ret_argument, const char **ret_allow)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    *ret_allow = NULL;
    for (size_t i = 0; i < ROUTES_N; i++) {
        if (!matches(&routes[i], path, arena, ret_argument))
            continue;
        if (strcmp(routes[i].method, wanted) == 0)
            return &routes[i];
        const char *methods = strcmp(routes[i].method, "GET") == 0 ? "GET, HEAD" : routes[i].method;
        *ret_allow = *ret_allow ? bus_printf(arena, "%s, %s", *ret_allow, methods) : methods;
    }
    return NULL;
}

const char *route_list(struct bus_arena *arena)
{
    const char *list = "";
    for (size_t i = 0; i < ROUTES_N; i++)
        list = bus_printf(arena, "%s%s%s %s", list, i ? ", " : "", routes[i].method, routes[i].path);
    return list;
}
