/* See page.h: "<microseconds>.<id>". */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_LIMIT 50

enum bus_status page_read(struct bus_context *ctx, bool has_limit, int64_t limit, const char *cursor,
                          struct page *ret_page)
{
    struct page page = {.limit = has_limit ? limit : PAGE_LIMIT};
    if (cursor) {
        char *dot = NULL;
        page.at_us = strtoll(cursor, &dot, 10);
        if (dot == cursor || *dot != '.' || page.at_us == 0 ||
            !bus_id_parse(dot + 1, strlen(dot + 1), &page.at_id))
            return bus_fail(ctx->err, BUS_INVALID, "cursor must be `next` of the page before, unchanged");
    }
    *ret_page = page;
    return BUS_OK;
}

const char *page_cursor(struct bus_context *ctx, int64_t at_us, struct bus_id at_id)
{
    return bus_printf(ctx->arena, "%lld.%s", (long long)at_us, bus_id_text(ctx, at_id));
}
