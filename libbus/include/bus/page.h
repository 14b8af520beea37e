/* Pages of a list: how long one is and where it begins. A cursor names the last row that was seen, so nothing
 * is skipped or doubled when rows come and go. A query asks for `limit + 1` rows: the one too many tells that
 * a page follows. */
#ifndef BUS_PAGE_H
#define BUS_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/id.h"
#include "bus/service.h"
#include "bus/status.h"

struct bus_page {
    int64_t limit;
    int64_t at_us; /* 0 from the start, as for BUS_TIME */
    struct bus_id at_id;
};

/* How many rows a page has, as asked or as usual. */
int64_t bus_page_limit(bool has_limit, int64_t limit);

/* Of rows in order of time: the cursor is what bus_page_next() made of the last one, NULL for the first page.
 */
BUS_CHECKED enum bus_status bus_page_read(struct bus_context *ctx, bool has_limit, int64_t limit,
                                          const char *cursor, struct bus_page *ret_page);
const char *bus_page_next(struct bus_context *ctx, int64_t at_us, struct bus_id at_id);

/* Of rows that are found again by id alone: the cursor is the id of the last one; `at_us` stays 0. */
BUS_CHECKED enum bus_status bus_page_read_id(struct bus_context *ctx, bool has_limit, int64_t limit,
                                             const char *cursor, struct bus_page *ret_page);

/* What those two say of a cursor they cannot read; for lists with cursors of their own. */
BUS_CHECKED enum bus_status bus_page_bad_cursor(struct bus_context *ctx);

/* How many of the rows that came belong to the page. */
static inline size_t bus_page_rows(int64_t limit, size_t came)
{
    return (int64_t)came > limit ? (size_t)limit : came;
}

#endif
