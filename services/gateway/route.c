/* See route.h. */
#include "route.h"

#include <string.h>

#include "bus/text.h"

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

const struct route *route_find(const struct route_table *table, const char *method, const char *path,
                               struct bus_arena *arena, const char **ret_argument, const char **ret_allow)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    *ret_allow = NULL;
    for (size_t i = 0; i < table->n; i++) {
        if (!matches(&table->items[i], path, arena, ret_argument))
            continue;
        if (strcmp(table->items[i].method, wanted) == 0)
            return &table->items[i];
        const char *methods =
            strcmp(table->items[i].method, "GET") == 0 ? "GET, HEAD" : table->items[i].method;
        *ret_allow = *ret_allow ? bus_printf(arena, "%s, %s", *ret_allow, methods) : methods;
    }
    return NULL;
}

const char *route_near(const struct route_table *table, const char *path, struct bus_arena *arena)
{
    const char **paths = bus_alloc_array(arena, table->n, sizeof *paths);
    for (size_t i = 0; i < table->n; i++)
        paths[i] = table->items[i].path;
    return bus_text_near(path, paths, table->n);
}
