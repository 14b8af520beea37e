/* Where every service is, as one line of text: "till=tcp://h:p,tcp://h:p;stock=…". */
#include <string.h>

#include "bus/client.h"

enum bus_status bus_endpoints_parse(const char *text, struct bus_arena *arena,
                                    struct bus_endpoint **ret_endpoints, size_t *ret_n, struct bus_error *err)
{
    char *copy = bus_strdup(arena, text), *rest = NULL;
    size_t most = 1, n = 0;
    for (const char *c = copy; *c != '\0'; c++)
        most += *c == ';';
    struct bus_endpoint *endpoints = bus_alloc_array(arena, most, sizeof *endpoints);
    for (char *entry = strtok_r(copy, ";", &rest); entry != NULL; entry = strtok_r(NULL, ";", &rest)) {
        char *equals = strchr(entry, '=');
        char *comma = equals ? strchr(equals, ',') : NULL;
        if (comma == NULL)
            return bus_fail(err, BUS_INVALID, "\"%s\" is not name=events,requests", entry);
        *equals = *comma = '\0';
        endpoints[n++] = (struct bus_endpoint){.service = entry, .events = equals + 1, .requests = comma + 1};
    }
    *ret_endpoints = endpoints;
    *ret_n = n;
    return BUS_OK;
}
