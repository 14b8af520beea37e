/* Pages of a query: how long, and where the next begins. A cursor holds ids, never a name. Pure. */
#ifndef REGISTRY_PAGE_H
#define REGISTRY_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/id.h"
#include "bus/status.h"

#define PAGE_DEFAULT 50

/* One row more is asked for than fits: it tells whether there is another page. */
static inline int64_t page_rows(bool has_limit, int64_t limit)
{
    return (has_limit ? limit : PAGE_DEFAULT) + 1;
}
/* How many of the `n` rows that came are on the page; *ret_more whether more follow. */
size_t page_fit(size_t n, int64_t asked, bool *ret_more);

/* An id from a cursor; nil for NULL. */
BUS_CHECKED enum bus_status page_id(const char *cursor, struct bus_id *ret, struct bus_error *err);

#endif
