/* A path of the HTTP interface, and how a request finds its own. */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "call.h"

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

struct route_table {
    const struct route *items;
    size_t n;
};

/* NULL: *ret_allow tells the methods the path has, or is NULL where there is no such path. */
const struct route *route_find(const struct route_table *table, const char *method, const char *path,
                               struct bus_arena *arena, const char **ret_argument, const char **ret_allow);
/* The path of the table that was probably meant; NULL: none is near. */
const char *route_near(const struct route_table *table, const char *path, struct bus_arena *arena);

#endif
