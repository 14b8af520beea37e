/* The report of a partnership, whole: figures by programme and municipality with their totals, and the
 * targets. Built from the results each time it is asked, so it never differs from what `trace` shows. */
#ifndef REPORTING_REPORT_H
#define REPORTING_REPORT_H

#include "bus/service.h"
#include "period.h"
#include "schema/reporting.h"

struct report_row {
    const char *programme; /* NULL: the partnership as a whole */
    const char *nis;       /* NULL: all together */
    int64_t action;        /* 0: none */
    enum reporting_figure figure;
    enum common_stop_reason reason; /* 0: all together */
    int64_t amount_e2, parts;
    bool hidden;
    const char *key; /* the order of rows, and their place in a cursor */
};

struct report_target {
    int64_t action, project_year, requested, confirmed, existing_reach;
    enum reporting_unit unit;
    bool hidden;
    int64_t counted_e2;    /* without the existing reach */
    int64_t subsidy_cents; /* below 0: no rate holds */
};

struct report {
    const char *partnership, *name;
    struct period period;
    bool published, closed;
    struct report_row *rows;
    size_t rows_n;
    struct report_target *targets;
    size_t targets_n;
};

/* BUS_NOT_FOUND without such a partnership. */
BUS_CHECKED enum bus_status report_build(struct bus_context *ctx, const char *partnership,
                                         const struct period *period, bool published, struct report *ret);
/* The figures alone. */
BUS_CHECKED enum bus_status report_rows(struct bus_context *ctx, const char *partnership,
                                        const struct period *period, bool published,
                                        struct report_row **ret_rows, size_t *ret_n);
/* The targets, filled in; in targets.c. */
BUS_CHECKED enum bus_status report_targets(struct bus_context *ctx, struct report *report);

#endif
