/* The demonstration: the history of three partnerships, made by the simulation, played into a fresh stack. */
#ifndef CLI_DEMO_DEMO_H
#define CLI_DEMO_DEMO_H

#include "replay/play.h"
#include "session.h"
#include "stack/layout.h"

/* Makes the log, plays it and lets the clocks go on, unless that was done here before; tells what happened.
 */
BUS_CHECKED enum bus_status demo_show(const struct stack *stack, struct bus_error *err);

struct demo_history { /* of a partnership; what is known of some ends before the log does */
    const char *partnership;
    const char *from, *to; /* days */
};
/* What a coordinator would want to know of it, asked of the services. */
BUS_CHECKED enum bus_status demo_report(struct session *session, const struct demo_history *histories,
                                        size_t n, struct bus_error *err);

#endif
