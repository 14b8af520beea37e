/* Every path there is: method and path → function. */
#ifndef GATEWAY_ROUTES_H
#define GATEWAY_ROUTES_H

#include "http.h"

struct route {
    const char *method;
    const char *path; /* one {} at most stands for an argument */
    route_fn *run;
    bool open;                    /* needs no token */
    bool deep;                    /* the argument may hold slashes */
    const struct bus_type *query; /* of routes that forward one */
    const char *argument;         /* the query's field that {} is */
    bool common;                  /* what it shows is nobody's in particular */
};

/* NULL: *ret_allow tells the methods the path has, or is NULL where there is no such path. */
const struct route *route_find(const char *method, const char *path, struct bus_arena *arena,
                               const char **ret_argument, const char **ret_allow);
/* The paths, for people who look for one: "GET /v1/duos, …". */
const char *route_list(struct bus_arena *arena);

route_fn events_post, events_get, command_post, query_get, export_get, calendar_get, health_get, ready_get,
    metrics_get;

#endif
