/* Pages of a query: how many rows, where they begin, and the day they count from. */
#ifndef SCHEDULING_PAGE_H
#define SCHEDULING_PAGE_H

#include "bus/service.h"

#define PAGE_DEFAULT 50

/* How many rows a page of this query has. */
int64_t page_limit(bool has_limit, int64_t limit);
/* A cursor of rows ordered by time is "<microseconds>.<id>" of the last one. NULL leaves both zero. */
BUS_CHECKED enum bus_status page_read(struct bus_context *ctx, const char *cursor, int64_t *ret_at,
                                      struct bus_id *ret_id);
const char *page_next(struct bus_context *ctx, int64_t at, struct bus_id id);
BUS_CHECKED enum bus_status page_bad_cursor(struct bus_context *ctx);
/* `from` itself, or today in Belgium when it is NULL. */
BUS_CHECKED enum bus_status page_from(struct bus_context *ctx, const char *from, const char **ret_day);

#endif
