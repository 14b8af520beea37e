/* See routes.h. */
#include "routes.h"

#include "schema/all.h"

#define QUERY(at, type)                                                      \
    {                                                                        \
        .method = "GET", .path = at, .run = query_ask, .query = &type##_type \
    }
#define QUERY_OF(at, type, f)                                                               \
    {                                                                                       \
        .method = "GET", .path = at, .run = query_ask, .query = &type##_type, .argument = f \
    }

#define QUERY_COMMON(at, type)                                                               \
    {                                                                                        \
        .method = "GET", .path = at, .run = query_ask, .query = &type##_type, .common = true \
    }

/* A query that may name somebody: its fields in a body, as an address is logged on its way. */
#define QUERY_POST(at, type)                                                  \
    {                                                                         \
        .method = "POST", .path = at, .run = query_ask, .query = &type##_type \
    }

static const struct route items[] = {
    {.method = "GET", .path = "/", .run = board_get, .open = true},
    {.method = "GET", .path = "/board/{}", .run = board_get, .open = true},
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
    QUERY_POST("/v1/people", registry_people),
    QUERY_OF("/v1/people/{}", registry_person, "person_id"),
    QUERY("/v1/arrivals", registry_arrivals),
    QUERY("/v1/away", registry_away),
    QUERY("/v1/duplicates", registry_duplicates),
    QUERY_COMMON("/v1/organisations", registry_organisations),
    QUERY_COMMON("/v1/partnerships", registry_partnerships),
    QUERY_COMMON("/v1/programmes", registry_programmes),
    QUERY_COMMON("/v1/municipalities", registry_municipalities),
    QUERY("/v1/sessions", scheduling_sessions),
    QUERY("/v1/series", scheduling_series),
    QUERY("/v1/meetings", scheduling_meetings),
    QUERY("/v1/enrolments", scheduling_enrolments),
    QUERY("/v1/attendances", scheduling_attendances),
    QUERY("/v1/messages", notifications_messages),
    QUERY("/v1/message-counts", notifications_message_counts),
    QUERY_COMMON("/v1/quiet-hours", notifications_quiet_hours),
    QUERY("/v1/reports/report", reporting_report),
    QUERY("/v1/reports/durations", reporting_durations),
    QUERY("/v1/reports/trace", reporting_trace),
    QUERY("/v1/reports/trace-durations", reporting_trace_durations),
    QUERY("/v1/reports/targets", reporting_targets),
    QUERY_COMMON("/v1/reports/rates", reporting_rates),
    {.method = "GET", .path = "/v1/reports/export", .run = export_get, .query = &reporting_export_type},
    {.method = "GET",
     .path = "/v1/own-referrals",
     .run = own_referrals_get,
     .query = &reporting_own_referrals_type},
    {.method = "GET",
     .path = "/v1/own-early-statuses",
     .run = own_early_statuses_get,
     .query = &registry_own_early_statuses_type},
    QUERY("/v1/tokens", gateway_tokens),
    {.method = "GET", .path = "/v1/openapi.json", .run = openapi_get, .open = true},
    {.method = "GET", .path = "/v1/import-template", .run = import_template_get, .open = true},
    {.method = "GET", .path = "/v1/own-token", .run = own_token_get},
    {.method = "GET", .path = "/v1/calendar/{}.ics", .run = calendar_get, .open = true},
    {.method = "GET", .path = "/healthz", .run = health_get, .open = true},
    {.method = "GET", .path = "/readyz", .run = ready_get, .open = true},
    {.method = "GET", .path = "/metrics", .run = metrics_get, .open = true},
};
const struct route_table routes = {.items = items, .n = sizeof items / sizeof *items};
