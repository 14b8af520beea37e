/* The figures of a report, by programme and municipality with their totals, as rows in order. */
#ifndef REPORTING_REPORT_ROWS_H
#define REPORTING_REPORT_ROWS_H

#include "bus/service.h"
#include "period.h"
#include "schema/reporting.h"

struct report_row {
    const char *programme; /* NULL: the partnership as a whole */
    const char *nis;       /* NULL: all together */
    int64_t action;        /* 0: none */
    enum reporting_figure figure;
    enum common_stop_reason reason; /* 0: all together */
    int64_t amount_e2;
    bool hidden;
    const char *key; /* the order of rows, and their place in a cursor */
};

BUS_CHECKED enum bus_status report_rows(struct bus_context *ctx, const char *partnership,
                                        const struct period *period, bool published,
                                        struct report_row **ret_rows, size_t *ret_n);

#endif
