/* How long duos last and people wait: days in groups, as the reply of the query. */
#ifndef REPORTING_DURATIONS_H
#define REPORTING_DURATIONS_H

#include "bus/service.h"
#include "period.h"
#include "schema/reporting.h"

/* `programme` and `nis` may be NULL: all of them. */
BUS_CHECKED enum bus_status durations_build(struct bus_context *ctx, const char *partnership,
                                            const struct period *period, const char *programme,
                                            const char *nis, bool published,
                                            struct reporting_durations_reply *ret);

#endif
