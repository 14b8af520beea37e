/* Paging by key: a cursor names the last row that was seen, so nothing is skipped or doubled when rows come
 * and go. */
#ifndef MATCHING_PAGE_H
#define MATCHING_PAGE_H

#include "bus/service.h"

struct page {
    int64_t limit;
    int64_t at_us; /* 0: from the start */
    struct bus_id at_id;
};
BUS_CHECKED enum bus_status page_read(struct bus_context *ctx, bool has_limit, int64_t limit,
                                      const char *cursor, struct page *ret_page);
const char *page_cursor(struct bus_context *ctx, int64_t at_us, struct bus_id at_id);
/* How many of the rows belong to this page: one more was asked for, to know whether a page follows. */
static inline size_t page_rows(const struct page *page, int rows)
{
    return rows > page->limit ? (size_t)page->limit : (size_t)rows;
}

#endif
