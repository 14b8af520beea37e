/* See input.h. */
#include "log/input.h"

#include <string.h>

#include "schema/all.h"

bool input_is_command(const struct bus_header *header)
{
    const struct bus_type *type = schema_find(header->type);
    return type != NULL && type->kind == BUS_TYPE_COMMAND;
}

/* What the gateway says of its own accord bears its own name as source. */
bool input_is_event(const struct bus_header *header)
{
    const struct bus_type *type = schema_find(header->type);
    return type != NULL && type->kind == BUS_TYPE_EVENT && strcmp(type->service, "gateway") == 0 &&
           strcmp(header->source, "/gateway") != 0;
}
