/* See report.h. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "sql/reporting.h"
#include "suppression.h"

/* The cells of one programme, action and figure, before there are totals. */
struct part {
    const struct report_row *cells;
    size_t n;
};

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static struct report_row read_row(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    const char *reason = bus_row_text(rows, row, 3, ctx->arena);
    return (struct report_row){
        .programme = bus_row_text(rows, row, 0, ctx->arena),
        .action = bus_row_int(rows, row, 1),
        .figure = (enum reporting_figure)bus_row_word(rows, row, 2, reporting_figure_words),
        .reason = reason ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, reason) : 0,
        .nis = bus_row_text(rows, row, 4, ctx->arena),
        .amount_e2 = bus_row_int(rows, row, 5),
        .parts = bus_row_int(rows, row, 6)};
}

/* Where `!` comes before every character of the parts, the text order is the order of the report. */
static const char *key_of(struct bus_context *ctx, const struct report_row *row)
{
    return bus_printf(ctx->arena, "%s!%02d!%02d!%02d!%s", row->programme ? row->programme : "",
                      (int)row->figure, (int)row->action, (int)row->reason, row->nis ? row->nis : "");
}

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const struct report_row *)a)->key, ((const struct report_row *)b)->key);
}

static size_t index_of_nis(const char **names, size_t *n, const char *nis)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(names[i], nis) == 0)
            return i;
    names[*n] = nis;
    return (*n)++;
}

static size_t index_of_reason(enum common_stop_reason *reasons, size_t *n, enum common_stop_reason reason)
{
    for (size_t i = 0; i < *n; i++)
        if (reasons[i] == reason)
            return i;
    reasons[*n] = reason;
    return (*n)++;
}

/* A part as a table: a row for each reason, a column for each municipality, and totals. */
struct table {
    enum common_stop_reason *reasons;
    const char **names;
    struct grid grid;
    int64_t *amounts_e2, *parts;
};

static void table_add(struct table *table, size_t at, const struct report_row *cell)
{
    table->amounts_e2[at] += cell->amount_e2;
    table->parts[at] += cell->parts;
}

static struct table table_of(struct bus_context *ctx, const struct part *part)
{
    struct table table = {.reasons = bus_alloc_array(ctx->arena, part->n, sizeof *table.reasons),
                          .names = bus_alloc_array(ctx->arena, part->n, sizeof *table.names)};
    struct grid *grid = &table.grid;
    for (size_t i = 0; i < part->n; i++) {
        index_of_reason(table.reasons, &grid->rows, part->cells[i].reason);
        index_of_nis(table.names, &grid->columns, part->cells[i].nis);
    }
    size_t width = grid->columns + 1, all = (grid->rows + 1) * width;
    table.amounts_e2 = bus_alloc_array(ctx->arena, all, sizeof *table.amounts_e2);
    table.parts = bus_alloc_array(ctx->arena, all, sizeof *table.parts);
    grid->hidden = bus_alloc_array(ctx->arena, all, sizeof *grid->hidden);
    grid->amounts_e2 = table.amounts_e2;
    for (size_t i = 0; i < part->n; i++) {
        size_t rows_n = grid->rows, columns_n = grid->columns;
        size_t row = index_of_reason(table.reasons, &rows_n, part->cells[i].reason);
        size_t column = index_of_nis(table.names, &columns_n, part->cells[i].nis);
        table_add(&table, row * width + column, &part->cells[i]);
        table_add(&table, row * width + grid->columns, &part->cells[i]);
        table_add(&table, grid->rows * width + column, &part->cells[i]);
        table_add(&table, grid->rows * width + grid->columns, &part->cells[i]);
    }
    return table;
}

static void table_suppress(struct table *table, enum reporting_figure figure)
{
    size_t all = (table->grid.rows + 1) * (table->grid.columns + 1);
    bool by_parts = figure == REPORTING_FIGURE_HOURS;
    for (size_t i = 0; i < all; i++)
        table->grid.hidden[i] = cell_is_small(table->amounts_e2[i], by_parts ? table->parts[i] : 0);
    grid_suppress(&table->grid);
}

/* The rows of a table into `out`; figures without reasons have them in the totals alone. */
static size_t table_rows(struct bus_context *ctx, const struct table *table, const struct report_row *like,
                         struct report_row *out)
{
    const struct grid *grid = &table->grid;
    size_t n = 0;
    for (size_t row = like->reason ? 0 : grid->rows; row <= grid->rows; row++) {
        for (size_t column = 0; column <= grid->columns; column++) {
            size_t at = row * (grid->columns + 1) + column;
            if (table->amounts_e2[at] == 0)
                continue;
            out[n] = *like;
            out[n].reason = row < grid->rows ? table->reasons[row] : COMMON_STOP_REASON_NONE;
            out[n].nis = column < grid->columns ? table->names[column] : NULL;
            out[n].amount_e2 = table->amounts_e2[at];
            out[n].parts = table->parts[at];
            out[n].hidden = grid->hidden[at];
            out[n].key = key_of(ctx, &out[n]);
            n++;
        }
    }
    return n;
}

static struct part next_part(const struct report_row *cells, size_t n)
{
    size_t end = 1;
    while (end < n && cells[end].figure == cells[0].figure && cells[end].action == cells[0].action &&
           same(cells[end].programme, cells[0].programme))
        end++;
    return (struct part){cells, end};
}

/* The words of the figures that stand at the end of a period, or of those that happen in it. */
static size_t figure_words(bool standing, const char **words)
{
    size_t n = 0;
    for (int figure = 1; figure <= FIGURES_LAST; figure++)
        if (figure_stands((enum reporting_figure)figure) == standing)
            words[n++] = bus_word(reporting_figure_words, figure);
    return n;
}

enum bus_status report_rows(struct bus_context *ctx, const char *partnership, const struct period *period,
                            bool published, struct report_row **ret_rows, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char *happening[FIGURES_LAST], *standing[FIGURES_LAST];
    size_t happening_n = figure_words(false, happening), standing_n = figure_words(true, standing);
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_report_cells, BUS_TEXT(partnership),
                  BUS_TEXT(day_text(ctx, period->first)), BUS_TEXT(day_text(ctx, period->last)),
                  BUS_TEXTS(happening, happening_n), BUS_TEXTS(standing, standing_n));
    if (status != BUS_OK)
        return status;
    size_t cells_n = (size_t)rows.n, n = 0;
    struct report_row *cells = bus_alloc_array(ctx->arena, cells_n, sizeof *cells);
    for (size_t i = 0; i < cells_n; i++)
        cells[i] = read_row(ctx, &rows, (int)i);
    /* No part has more rows than its cells, a total beside and below each, and one of all. */
    struct report_row *out = bus_alloc_array(ctx->arena, cells_n * 4, sizeof *out);
    for (size_t i = 0; i < cells_n;) {
        struct part part = next_part(&cells[i], cells_n - i);
        struct table table = table_of(ctx, &part);
        if (published)
            table_suppress(&table, cells[i].figure);
        n += table_rows(ctx, &table, &cells[i], &out[n]);
        i += part.n;
    }
    qsort(out, n, sizeof *out, compare_rows);
    *ret_rows = out;
    *ret_n = n;
    return BUS_OK;
}

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

enum bus_status report_build(struct bus_context *ctx, const char *partnership, const struct period *period,
                             bool published, struct report *ret)
{
    struct report report = {.partnership = partnership, .period = *period, .published = published};
    enum bus_status status = read_head(ctx, &report);
    if (status == BUS_OK)
        status = report_rows(ctx, partnership, period, published, &report.rows, &report.rows_n);
    if (status == BUS_OK)
        status = report_targets(ctx, &report);
    if (status == BUS_OK)
        *ret = report;
    return status;
}
