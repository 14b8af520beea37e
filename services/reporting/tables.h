/* The figures of a partnership as tables with totals, as the results give them: one for each programme,
 * action and figure. */
#ifndef REPORTING_TABLES_H
#define REPORTING_TABLES_H

#include "bus/service.h"
#include "period.h"
#include "schema/reporting.h"

/* A row for each reason, none where there are no reasons, and a row of totals; a column for each
 * municipality, and a column of totals. The arrays hold (rows + 1) × (columns + 1) values, row by row. */
struct table {
    const char *programme; /* NULL: the partnership as a whole */
    int64_t action;        /* 0: none */
    enum reporting_figure figure;
    enum common_stop_reason *reasons;
    const char **places; /* the NIS codes of the columns */
    size_t rows, columns;
    int64_t *amounts_e2;
    int64_t *parts; /* how many results an amount is of */
    bool *hidden;   /* from publication; see publish.h */
};

struct tables {
    struct table *tables; /* by programme, the partnership as a whole first, then by action */
    size_t n;
};

BUS_CHECKED enum bus_status tables_read(struct bus_context *ctx, const char *partnership,
                                        const struct period *period, struct tables *ret);

size_t table_at(const struct table *table, size_t row, size_t column);
/* Of the row of a reason, of all for none; the last place of it is its total. The number of rows + 1 when
 * there is no such row. */
size_t table_row(const struct table *table, enum common_stop_reason reason);
/* Both may be NULL. */
bool same_programme(const char *a, const char *b);

#endif
