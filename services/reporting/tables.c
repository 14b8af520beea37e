/* See tables.h. */
#include "tables.h"

#include <string.h>

#include "calendar.h"
#include "figures.h"
#include "sql/reporting.h"
#include "tally.h"

struct cell {
    const char *programme, *nis;
    int64_t action;
    enum reporting_figure figure;
    enum common_stop_reason reason;
    int64_t amount_e2, parts;
};

bool same_programme(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

size_t table_at(const struct table *table, size_t row, size_t column)
{
    return row * (table->columns + 1) + column;
}

size_t table_row(const struct table *table, enum common_stop_reason reason)
{
    for (size_t row = 0; reason && row < table->rows; row++)
        if (table->reasons[row] == reason)
            return row;
    return reason ? table->rows + 1 : table->rows;
}

static struct cell read_cell(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    const char *reason = bus_row_text(rows, row, 3, ctx->arena);
    return (struct cell){
        .programme = bus_row_text(rows, row, 0, ctx->arena),
        .action = bus_row_int(rows, row, 1),
        .figure = (enum reporting_figure)bus_row_word(rows, row, 2, reporting_figure_words),
        .reason = reason ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, reason) : 0,
        .nis = bus_row_text(rows, row, 4, ctx->arena),
        .amount_e2 = bus_row_int(rows, row, 5),
        .parts = bus_row_int(rows, row, 6)};
}

/* The column of a municipality, a new one when there is none. */
static size_t column_of(struct table *table, const char *nis)
{
    for (size_t column = 0; column < table->columns; column++)
        if (strcmp(table->places[column], nis) == 0)
            return column;
    table->places[table->columns] = nis;
    return table->columns++;
}

static size_t row_of(struct table *table, enum common_stop_reason reason)
{
    size_t row = table_row(table, reason);
    if (row <= table->rows)
        return row;
    table->reasons[table->rows] = reason;
    return table->rows++;
}

static void add(struct table *table, size_t at, const struct cell *cell)
{
    table->amounts_e2[at] += cell->amount_e2;
    table->parts[at] += cell->parts;
}

static struct table table_of(struct bus_context *ctx, const struct cell *cells, size_t n)
{
    struct table table = {.programme = cells->programme,
                          .action = cells->action,
                          .figure = cells->figure,
                          .reasons = bus_alloc_array(ctx->arena, n, sizeof *table.reasons),
                          .places = bus_alloc_array(ctx->arena, n, sizeof *table.places)};
    for (size_t i = 0; i < n; i++) {
        row_of(&table, cells[i].reason);
        column_of(&table, cells[i].nis);
    }
    size_t all = (table.rows + 1) * (table.columns + 1);
    table.amounts_e2 = bus_alloc_array(ctx->arena, all, sizeof *table.amounts_e2);
    table.parts = bus_alloc_array(ctx->arena, all, sizeof *table.parts);
    table.hidden = bus_alloc_array(ctx->arena, all, sizeof *table.hidden);
    for (size_t i = 0; i < n; i++) {
        size_t row = row_of(&table, cells[i].reason), column = column_of(&table, cells[i].nis);
        add(&table, table_at(&table, table.rows, column), &cells[i]);
        add(&table, table_at(&table, table.rows, table.columns), &cells[i]);
        if (row == table.rows)
            continue;
        add(&table, table_at(&table, row, column), &cells[i]);
        add(&table, table_at(&table, row, table.columns), &cells[i]);
    }
    return table;
}

static size_t count_same(const struct cell *cells, size_t n)
{
    size_t end = 1;
    while (end < n && cells[end].figure == cells[0].figure && cells[end].action == cells[0].action &&
           same_programme(cells[end].programme, cells[0].programme))
        end++;
    return end;
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

enum bus_status tables_read(struct bus_context *ctx, const char *partnership, const struct period *period,
                            struct tables *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char *happening[FIGURES_LAST], *standing[FIGURES_LAST];
    size_t happening_n = figure_words(false, happening), standing_n = figure_words(true, standing);
    int month = tally_first_month();
    int64_t last_year = project_year_of(period->last, month);
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_report_cells, BUS_TEXT(partnership),
                  BUS_TEXT(day_text(ctx, period->first)), BUS_TEXT(day_text(ctx, period->last)),
                  BUS_TEXTS(happening, happening_n), BUS_TEXTS(standing, standing_n), BUS_INT(last_year),
                  BUS_TEXT(day_text(ctx, project_year_first(last_year, month))));
    if (status != BUS_OK)
        return status;
    size_t n = (size_t)rows.n;
    struct cell *cells = bus_alloc_array(ctx->arena, n, sizeof *cells);
    for (size_t i = 0; i < n; i++)
        cells[i] = read_cell(ctx, &rows, (int)i);
    struct tables tables = {.tables = bus_alloc_array(ctx->arena, n, sizeof *tables.tables)};
    for (size_t i = 0, same; i < n; i += same) {
        same = count_same(&cells[i], n - i);
        tables.tables[tables.n++] = table_of(ctx, &cells[i], same);
    }
    *ret = tables;
    return BUS_OK;
}
