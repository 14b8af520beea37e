/* Waits as they are counted: on a list for a partner, or with a request for a buddy. */
#ifndef REPORTING_WAITS_H
#define REPORTING_WAITS_H

#include "bus/service.h"
#include "schema/common.h"

#define WAIT_HELP "help" /* it ended as a buddy has the request, beside the outcomes of matching */

struct wait {
    struct bus_id id;
    const char *partnership, *programme, *nis;
    enum common_side side;
};

/* Begun and ended with the event at hand. A wait that does not run is not ended. */
BUS_CHECKED enum bus_status wait_begin(struct bus_context *ctx, const struct wait *wait, int64_t since_us);
BUS_CHECKED enum bus_status wait_end(struct bus_context *ctx, const struct wait *wait, int64_t until_us,
                                     const char *outcome);

/* Makes the waits of a volunteer in a programme agree with the help they give. */
BUS_CHECKED enum bus_status volunteer_look(struct bus_context *ctx, struct bus_id person_id,
                                           const char *programme);

#endif
