/* See days.h. */
#include "days.h"

#include "calendar.h"
#include "figures.h"
#include "sql/reporting.h"

int64_t days_end_us(const struct bus_context *ctx, const struct period *period)
{
    int64_t end_us = belgian_midnight_us(period->last + 1);
    return end_us > ctx->now_us ? ctx->now_us : end_us;
}

struct days days_of_row(const struct bus_rows *rows, int row, int column)
{
    return (struct days){.n = bus_row_int(rows, row, column),
                         .sum = bus_row_int(rows, row, column + 1),
                         .median_halves = bus_row_int(rows, row, column + 2),
                         .p90 = bus_row_int(rows, row, column + 3)};
}

enum bus_status days_read(struct bus_context *ctx, const struct days_asked *asked, struct day_groups *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(
        ctx->db, ctx->err, &rows, &reporting_durations_duos, BUS_TEXT(asked->partnership),
        BUS_TIME(belgian_midnight_us(asked->period.first)), BUS_TIME(days_end_us(ctx, &asked->period)),
        BUS_TEXT(asked->programme), BUS_TEXT(asked->nis), BUS_INTS(distance_ends_m, distance_ends_n),
        BUS_INT(asked->period.project_year));
    if (status != BUS_OK)
        return status;
    struct day_groups groups = {.n = (size_t)rows.n};
    groups.groups = bus_alloc_array(ctx->arena, groups.n, sizeof *groups.groups);
    for (int i = 0; i < rows.n; i++)
        groups.groups[i] = (struct day_group){.programme = bus_row_text(&rows, i, 0, ctx->arena),
                                              .reason = bus_row_text(&rows, i, 1, ctx->arena),
                                              .band = bus_row_int(&rows, i, 2),
                                              .days = days_of_row(&rows, i, 3)};
    *ret = groups;
    return BUS_OK;
}
