/* See report.h. */
#include "report.h"

#include "sql/reporting.h"

static enum bus_status read_head(struct bus_context *ctx, struct report *report)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_report_head,
                                       BUS_TEXT(report->partnership), BUS_INT(report->period.project_year));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s", report->partnership);
    report->name = bus_row_text(&rows, 0, 0, ctx->arena);
    report->closed = bus_row_bool(&rows, 0, 1);
    return BUS_OK;
}

static enum bus_status check_published(struct bus_context *ctx, const struct report *report)
{
    if (report->period.project_year == 0)
        return bus_fail_at(ctx->err, BUS_INVALID, "/project_year",
                           "what is published is of one whole project year, as hidden figures follow from "
                           "periods that overlap: "
                           "give project_year");
    if (report->closed)
        return BUS_OK;
    return bus_fail(
        ctx->err, BUS_CONFLICT,
        "the report of %s for %lld is open: what is published of it must not change after, as the "
        "difference tells of single people; publish it once the year is over and it is closed "
        "(close-report)",
        report->partnership, (long long)report->period.project_year);
}

enum bus_status report_check_published(struct bus_context *ctx, const char *partnership,
                                       const struct period *period)
{
    struct report report = {.partnership = partnership, .period = *period};
    enum bus_status status = read_head(ctx, &report);
    return status == BUS_OK ? check_published(ctx, &report) : status;
}

/* A row says that there is somebody, so what is hidden has none: it looks as what is nothing. */
static void drop_hidden(struct report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->rows_n; i++)
        if (!report->rows[i].hidden)
            report->rows[n++] = report->rows[i];
    report->rows_n = n;
}

enum bus_status report_build(struct bus_context *ctx, const char *partnership, const struct period *period,
                             bool published, struct report *ret)
{
    struct report report = {.partnership = partnership, .period = *period, .published = published};
    enum bus_status status = read_head(ctx, &report);
    if (status == BUS_OK && published)
        status = check_published(ctx, &report);
    if (status == BUS_OK)
        status = report_rows(ctx, partnership, period, published, &report.rows, &report.rows_n);
    if (status == BUS_OK)
        status = targets_read(ctx,
                              &(struct targets_asked){.partnership = partnership,
                                                      .period = *period,
                                                      .published = published,
                                                      .rows = report.rows,
                                                      .rows_n = report.rows_n},
                              &report.targets, &report.targets_n);
    if (status != BUS_OK)
        return status;
    drop_hidden(&report);
    *ret = report;
    return status;
}
