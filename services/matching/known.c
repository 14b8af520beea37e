/* See known.h. */
#include "known.h"

#include "sql/matching.h"

enum bus_status known_check(struct bus_context *ctx, const char *partnership, const char *programme)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &matching_known_look, BUS_TEXT(partnership), BUS_TEXT(programme));
    if (status != BUS_OK)
        return status;
    if (!bus_row_bool(&rows, 0, 0))
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s that runs a programme",
                        partnership);
    if (!bus_row_bool(&rows, 0, 1))
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", programme);
    return BUS_OK;
}
