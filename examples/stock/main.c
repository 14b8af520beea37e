/* A shop's shelves, on libbus: what the till sells goes off the shelf, and an article that runs low is said.
 */
#include "bus/service.h"
#include "schema/stock.h"
#include "schema/till.h"
#include "sql/stock.h"

enum bus_status on_till_sold(struct bus_context *ctx, const struct till_sold *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &stock_take, BUS_TEXT(in->article), BUS_INT(in->pieces));
    if (status != BUS_OK || bus_row_int(&rows, 0, 0) >= 10)
        return status;
    struct stock_ran_low low = {.article = in->article, .left = bus_row_int(&rows, 0, 0)};
    return bus_say(ctx, &stock_ran_low_type, in->article, &low);
}

enum bus_status on_stock_shelf(struct bus_context *ctx, const struct stock_shelf *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &stock_see, BUS_TEXT(in->article));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "nobody ever sold %s", in->article);
    return bus_reply(ctx, &(struct stock_shelf_reply){.left = bus_row_int(&rows, 0, 0),
                                                      .sales = bus_row_int(&rows, 0, 1)});
}

int main(int argc, char **argv)
{
    static const char *const follows[] = {"till", NULL};
    static const struct bus_on events[] = {BUS_ON(till_sold), {0}};
    static const struct bus_on queries[] = {BUS_ON(stock_shelf), {0}};
    static const struct bus_service stock = {.name = "stock",
                                             .title = "keeps the shelves",
                                             .follows = follows,
                                             .events = events,
                                             .queries = queries,
                                             .statements = stock_sql,
                                             .migrations = stock_migrations};
    return bus_main(argc, argv, &stock);
}
