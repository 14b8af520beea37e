/* See bus/page.h: cursors are "<microseconds>.<id>" or "<id>". Time 0 and the nil id are refused: they stand
 * for the start, and pages would go round for ever. */
#include "bus/page.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_LIMIT 50

int64_t bus_page_limit(bool has_limit, int64_t limit)
{
    return has_limit ? limit : PAGE_LIMIT;
}

enum bus_status bus_page_bad_cursor(struct bus_context *ctx)
{
    return bus_fail_at(
        ctx->err, BUS_INVALID, "/cursor",
        "the cursor is not of this list; give `next` of the page before, or begin without one");
}

enum bus_status bus_page_read_id(struct bus_context *ctx, bool has_limit, int64_t limit, const char *cursor,
                                 struct bus_page *ret_page)
{
    struct bus_page page = {.limit = bus_page_limit(has_limit, limit)};
    if (cursor != NULL && (!bus_id_parse(cursor, strlen(cursor), &page.at_id) || bus_id_is_nil(page.at_id)))
        return bus_page_bad_cursor(ctx);
    *ret_page = page;
    return BUS_OK;
}

enum bus_status bus_page_read(struct bus_context *ctx, bool has_limit, int64_t limit, const char *cursor,
                              struct bus_page *ret_page)
{
    int64_t at_us = 0;
    struct bus_page page;
    if (cursor != NULL) {
        char *dot = NULL;
        at_us = strtoll(cursor, &dot, 10);
        if (dot == cursor || *dot != '.' || at_us == 0 || at_us < BUS_TIME_FIRST_US ||
            at_us > BUS_TIME_LAST_US)
            return bus_page_bad_cursor(ctx);
        cursor = dot + 1;
    }
    enum bus_status status = bus_page_read_id(ctx, has_limit, limit, cursor, &page);
    if (status != BUS_OK)
        return status;
    page.at_us = at_us;
    *ret_page = page;
    return BUS_OK;
}

const char *bus_page_next(struct bus_context *ctx, int64_t at_us, struct bus_id at_id)
{
    return bus_printf(ctx->arena, "%lld.%s", (long long)at_us, bus_id_text(ctx, at_id));
}
