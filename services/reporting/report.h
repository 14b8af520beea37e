/* The report of a partnership, whole: the figures and the targets. Built from the results each time it is
 * asked, so it never differs from what `trace` shows. */
#ifndef REPORTING_REPORT_H
#define REPORTING_REPORT_H

#include "report_rows.h"
#include "targets.h"

struct report {
    const char *partnership, *name;
    struct period period;
    bool published, closed;
    struct report_row *rows; /* none that is hidden */
    size_t rows_n;
    struct report_target *targets;
    size_t targets_n;
};

/* What is published is of a project year whose report is closed: between two periods that overlap, or two
 * reports of one that is open, a hidden figure is a subtraction. BUS_INVALID or BUS_CONFLICT for any other.
 */
BUS_CHECKED enum bus_status report_check_published(struct bus_context *ctx, const char *partnership,
                                                   const struct period *period);
/* BUS_NOT_FOUND without such a partnership; what is published is checked as above. */
BUS_CHECKED enum bus_status report_build(struct bus_context *ctx, const char *partnership,
                                         const struct period *period, bool published, struct report *ret);

#endif
