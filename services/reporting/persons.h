/* Who counts as a person of practice: once in a project year for an action, over all its programmes, and once
 * for a programme, whatever action it counts for by then. */
#ifndef REPORTING_PERSONS_H
#define REPORTING_PERSONS_H

#include "tally.h"

/* `tally`: of the attendance at hand; counts the person unless they were. */
BUS_CHECKED enum bus_status persons_count(struct bus_context *ctx, struct person *person, struct tally tally);
/* A result of this figure is about to be corrected. Taken out, its person counts when they come again; back
 * in, they do not. BUS_CONFLICT when they were counted anew meanwhile. */
BUS_CHECKED enum bus_status persons_correct(struct bus_context *ctx, const struct counted *counted,
                                            int64_t amount_e2);
/* The attendance that this result of the figure was counted from was none. Whoever was there another time in
 * the year counts from the first such time on. */
BUS_CHECKED enum bus_status persons_withdraw(struct bus_context *ctx, struct bus_id result_id);

#endif
