/* The faults that a handler finds in a command, besides those that its schema tells. */
#include "app/turn.h"

enum bus_status bus_fault_keep(struct bus_context *ctx, enum bus_status status)
{
    struct bus_faults *faults = ctx->turn->faults;
    if (status != BUS_INVALID || ctx->err->pointer[0] == '\0' || faults == NULL)
        return status;
    faults->found++;
    if (faults->n == BUS_FAULTS_MAX)
        return BUS_OK;
    if (faults->items == NULL)
        faults->items = bus_alloc_array(ctx->arena, BUS_FAULTS_MAX, sizeof *faults->items);
    faults->items[faults->n++] = (struct bus_fault){.pointer = bus_strdup(ctx->arena, ctx->err->pointer),
                                                    .text = bus_strdup(ctx->arena, ctx->err->text)};
    return BUS_OK;
}

enum bus_status bus_faults_judge(struct bus_context *ctx)
{
    const struct bus_faults *faults = ctx->turn->faults;
    if (faults == NULL || faults->n == 0)
        return BUS_OK;
    return bus_fail_at(ctx->err, BUS_INVALID, faults->items[0].pointer, "%s", faults->items[0].text);
}
