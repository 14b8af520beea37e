/* Generated from schemas/registry by tools/schema. */
#include "registry.h"

#include <float.h>

static const struct bus_field registry_name_it_fields[] = {
    {.name = "name", .kind = BUS_KIND_TEXT, .personal = true,
     .offset = offsetof(struct registry_name_it, name), .has_offset = BUS_NO_OFFSET,
     .n_offset = BUS_NO_OFFSET, .min_length = 1, .max_length = 9},
};
const struct bus_shape registry_name_it_shape = {.name = "registry_name_it",
                                                 .size = sizeof(struct registry_name_it),
                                                 .fields = registry_name_it_fields, .fields_n = 1};

const struct bus_shape registry_name_it_reply_shape = {.name = "registry_name_it_reply",
                                                       .size = sizeof(struct registry_name_it_reply),
                                                       .fields = NULL, .fields_n = 0};

static enum bus_status registry_name_it_call(bus_any_fn *handle, struct bus_context *ctx, const void *message)
{
    return ((__typeof__(&on_registry_name_it))handle)(ctx, message);
}
const struct bus_type registry_name_it_type = {.type = "koppel.registry.name-it.v1", .service = "registry",
                                               .name = "name-it", .version = 1, .kind = BUS_TYPE_QUERY,
                                               .shape = &registry_name_it_shape,
                                               .reply = &registry_name_it_reply_shape,
                                               .title = "Do something", .call = registry_name_it_call};

const struct bus_type *const registry_types[] = {
    &registry_name_it_type,
    NULL,
};
