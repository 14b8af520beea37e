/* See page.h. */
#include "page.h"

#include <stdio.h>
#include <string.h>

#include "series_store.h"
#include "zone.h"

int64_t page_limit(bool has_limit, int64_t limit)
{
    return has_limit ? limit : PAGE_DEFAULT;
}

enum bus_status page_bad_cursor(struct bus_context *ctx)
{
    return bus_fail(ctx->err, BUS_INVALID, "this cursor is not one of ours; begin without a cursor");
}

enum bus_status page_read(struct bus_context *ctx, const char *cursor, int64_t *ret_at, struct bus_id *ret_id)
{
    char id[BUS_ID_TEXT];
    long long at = 0;
    if (cursor == NULL)
        return BUS_OK;
    if (sscanf(cursor, "%lld.%36s", &at, id) != 2 || at < BUS_TIME_FIRST_US || at > BUS_TIME_LAST_US ||
        !bus_id_parse(id, strlen(id), ret_id))
        return page_bad_cursor(ctx);
    *ret_at = at;
    return BUS_OK;
}

const char *page_next(struct bus_context *ctx, int64_t at, struct bus_id id)
{
    return bus_printf(ctx->arena, "%lld.%s", (long long)at, bus_id_text(ctx, id));
}

enum bus_status page_from(struct bus_context *ctx, const char *from, const char **ret_day)
{
    icaltimezone *zone = NULL;
    *ret_day = from;
    if (from != NULL)
        return BUS_OK;
    enum bus_status status = zone_get(ZONE_HOME, &zone, ctx->err);
    if (status == BUS_OK)
        *ret_day = day_text(ctx, zone_to_wall(zone, ctx->now_us).day);
    return status;
}
