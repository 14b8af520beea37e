/* How long duos last and people wait: days in groups, as the reply of the query. */
#ifndef REPORTING_DURATIONS_H
#define REPORTING_DURATIONS_H

#include "bus/service.h"
#include "days.h"
#include "schema/reporting.h"

/* `published`: of all municipalities together, and nothing left out of the report of the same days can be
 * worked out from it; checked by report_check_published(). */
BUS_CHECKED enum bus_status durations_build(struct bus_context *ctx, const struct days_asked *asked,
                                            bool published, struct reporting_durations_reply *ret);

#endif
