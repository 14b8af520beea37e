/* See page.h. */
#include "page.h"

#include <string.h>

size_t page_fit(size_t n, int64_t asked, bool *ret_more)
{
    *ret_more = (int64_t)n >= asked;
    return *ret_more ? (size_t)asked - 1 : n;
}

enum bus_status page_id(const char *cursor, struct bus_id *ret, struct bus_error *err)
{
    struct bus_id id = {{0}};
    if (cursor != NULL && !bus_id_parse(cursor, strlen(cursor), &id))
        return bus_fail(err, BUS_INVALID, "`cursor` is not one of this list; begin without it");
    *ret = id;
    return BUS_OK;
}
