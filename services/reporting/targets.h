/* Targets in a report: what was reached of them, and what that is worth. */
#ifndef REPORTING_TARGETS_H
#define REPORTING_TARGETS_H

#include "report_rows.h"

struct report_target {
    int64_t action, project_year, requested, confirmed, existing_reach;
    enum reporting_unit unit;
    bool hidden;
    int64_t counted_e2;    /* without the existing reach */
    int64_t subsidy_cents; /* below 0: no rate holds */
};

struct targets_asked {
    const char *partnership;
    struct period period;
    bool published;
    const struct report_row *rows; /* of the report they stand in */
    size_t rows_n;
};

/* Those of the project years that the period touches. */
BUS_CHECKED enum bus_status targets_read(struct bus_context *ctx, const struct targets_asked *asked,
                                         struct report_target **ret_targets, size_t *ret_n);

#endif
