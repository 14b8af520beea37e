/* See report_rows.h. */
#include "report_rows.h"

#include <stdlib.h>
#include <string.h>

#include "publish.h"
#include "tables.h"

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

static size_t table_rows(struct bus_context *ctx, const struct table *table, struct report_row *out)
{
    size_t n = 0;
    for (size_t row = 0; row <= table->rows; row++) {
        for (size_t column = 0; column <= table->columns; column++) {
            size_t at = table_at(table, row, column);
            if (table->amounts_e2[at] == 0)
                continue;
            out[n] = (struct report_row){.programme = table->programme,
                                         .action = table->action,
                                         .figure = table->figure,
                                         .reason = row < table->rows ? table->reasons[row]
                                                                     : COMMON_STOP_REASON_NONE,
                                         .nis = column < table->columns ? table->places[column] : NULL,
                                         .amount_e2 = table->amounts_e2[at],
                                         .hidden = table->hidden[at]};
            out[n].key = key_of(ctx, &out[n]);
            n++;
        }
    }
    return n;
}

/* Left out together with the groups of days, which may be published beside it. */
static enum bus_status hide(struct bus_context *ctx, const char *partnership, const struct period *period,
                            struct tables *tables)
{
    struct day_groups groups = {0};
    struct days_asked asked = {.partnership = partnership, .period = *period};
    enum bus_status status = days_read(ctx, &asked, &groups);
    if (status == BUS_OK)
        publish(ctx->arena, tables, &groups);
    return status;
}

enum bus_status report_rows(struct bus_context *ctx, const char *partnership, const struct period *period,
                            bool published, struct report_row **ret_rows, size_t *ret_n)
{
    struct tables tables = {0};
    enum bus_status status = tables_read(ctx, partnership, period, &tables);
    if (status == BUS_OK && published)
        status = hide(ctx, partnership, period, &tables);
    if (status != BUS_OK)
        return status;
    size_t most = 0, n = 0;
    for (size_t i = 0; i < tables.n; i++)
        most += (tables.tables[i].rows + 1) * (tables.tables[i].columns + 1);
    struct report_row *rows = bus_alloc_array(ctx->arena, most, sizeof *rows);
    for (size_t i = 0; i < tables.n; i++)
        n += table_rows(ctx, &tables.tables[i], &rows[n]);
    qsort(rows, n, sizeof *rows, compare_rows);
    *ret_rows = rows;
    *ret_n = n;
    return BUS_OK;
}
