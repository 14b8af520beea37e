/* See said.h. */
#include "said.h"

enum bus_status may(struct bus_context *ctx, const char *partnership, const char *nis)
{
    const struct bus_header whose = {.extensions = {{"partnership", partnership}, {"nis", nis}}};
    return bus_may(ctx, &whose);
}

enum bus_status say(struct bus_context *ctx, const struct bus_type *type, const char *subject,
                    const char *partnership, const char *nis, const void *value)
{
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    enum bus_status status = may(ctx, partnership, nis);
    if (status != BUS_OK)
        return status;
    status = bus_encode(type->shape, value, &data, ctx->err);
    if (status != BUS_OK)
        return bus_fail_in(ctx->err, "%s", type->type);
    struct bus_header header = {
        .type = type->type, .subject = subject, .extensions = {{"partnership", partnership}, {"nis", nis}}};
    return bus_say_raw(ctx, &header, bus_buffer_bytes(&data), NULL);
}

enum bus_status record_as(struct bus_context *ctx, const struct bus_type *type, const void *value)
{
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    enum bus_status status = bus_encode_public(type->shape, value, &data, ctx->err);
    if (status != BUS_OK)
        return bus_fail_in(ctx->err, "%s", type->type);
    struct bus_header header = *ctx->header;
    header.command = true;
    header.time_us = ctx->now_us;
    return bus_say_raw(ctx, &header, bus_buffer_bytes(&data), NULL);
}
