/* Targets and rates, page by page. */
#include <stdio.h>
#include <string.h>

#include "bus/page.h"
#include "bus/service.h"
#include "schema/reporting.h"
#include "sql/reporting.h"

static struct reporting_targets_reply_targets read_target(struct bus_context *ctx,
                                                          const struct bus_rows *rows, int row)
{
    return (struct reporting_targets_reply_targets){
        .partnership = bus_row_text(rows, row, 0, ctx->arena),
        .project_year = bus_row_int(rows, row, 1),
        .action = bus_row_int(rows, row, 2),
        .unit = (enum reporting_unit)bus_row_word(rows, row, 3, reporting_unit_words),
        .requested = bus_row_int(rows, row, 4),
        .confirmed = bus_row_int(rows, row, 5),
        .existing_reach = bus_row_int(rows, row, 6)};
}

enum bus_status on_reporting_targets(struct bus_context *ctx, const struct reporting_targets *in)
{
    int64_t limit = bus_page_limit(in->has_limit, in->limit);
    char partnership[41] = "";
    long long year = 0, action = 0;
    if (in->cursor && sscanf(in->cursor, "%40[a-z0-9-].%lld.%lld", partnership, &year, &action) != 3)
        return bus_page_bad_cursor(ctx);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_targets_page, BUS_TEXT(in->partnership),
                  in->has_project_year ? BUS_INT(in->project_year) : BUS_NULL,
                  in->has_action ? BUS_INT(in->action) : BUS_NULL, BUS_TEXT(in->cursor ? partnership : NULL),
                  BUS_INT(year), BUS_INT(action), BUS_INT(limit + 1));
    if (status != BUS_OK)
        return status;
    struct reporting_targets_reply reply = {.targets_n = bus_page_rows(limit, rows.n)};
    struct reporting_targets_reply_targets *targets =
        bus_alloc_array(ctx->arena, reply.targets_n, sizeof *targets);
    for (size_t i = 0; i < reply.targets_n; i++)
        targets[i] = read_target(ctx, &rows, (int)i);
    reply.targets = targets;
    if (rows.n > limit) {
        const struct reporting_targets_reply_targets *last = &targets[limit - 1];
        reply.next = bus_printf(ctx->arena, "%s.%lld.%lld", last->partnership, (long long)last->project_year,
                                (long long)last->action);
    }
    return bus_reply(ctx, &reply);
}

static struct reporting_rates_reply_rates read_rate(struct bus_context *ctx, const struct bus_rows *rows,
                                                    int row)
{
    return (struct reporting_rates_reply_rates){
        .rate_id = bus_row_id(rows, row, 0),
        .action = bus_row_int(rows, row, 1),
        .unit = (enum reporting_unit)bus_row_word(rows, row, 2, reporting_unit_words),
        .cents_per_unit = bus_row_int(rows, row, 3),
        .has_maximum_cents = !bus_row_null(rows, row, 4),
        .maximum_cents = bus_row_int(rows, row, 4),
        .from = bus_row_text(rows, row, 5, ctx->arena),
        .to = bus_row_text(rows, row, 6, ctx->arena)};
}

enum bus_status on_reporting_rates(struct bus_context *ctx, const struct reporting_rates *in)
{
    int64_t limit = bus_page_limit(in->has_limit, in->limit);
    long long action = 0;
    char from[11] = "";
    int32_t day = 0;
    if (in->cursor &&
        (sscanf(in->cursor, "%lld.%10s", &action, from) != 2 || !bus_date_parse(from, strlen(from), &day)))
        return bus_page_bad_cursor(ctx);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(
        ctx->db, ctx->err, &rows, &reporting_rates_page, in->has_action ? BUS_INT(in->action) : BUS_NULL,
        BUS_TEXT(in->on_date), BUS_INT(action), BUS_TEXT(in->cursor ? from : NULL), BUS_INT(limit + 1));
    if (status != BUS_OK)
        return status;
    struct reporting_rates_reply reply = {.rates_n = bus_page_rows(limit, rows.n)};
    struct reporting_rates_reply_rates *rates = bus_alloc_array(ctx->arena, reply.rates_n, sizeof *rates);
    for (size_t i = 0; i < reply.rates_n; i++)
        rates[i] = read_rate(ctx, &rows, (int)i);
    reply.rates = rates;
    if (rows.n > limit)
        reply.next =
            bus_printf(ctx->arena, "%lld.%s", (long long)rates[limit - 1].action, rates[limit - 1].from);
    return bus_reply(ctx, &reply);
}
