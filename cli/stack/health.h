/* Asks the services of a stack, over loopback HTTP, whether they are ready. */
#ifndef CLI_STACK_HEALTH_H
#define CLI_STACK_HEALTH_H

#include "layout.h"
#include "services.h"

/* Waits until every service that is built is ready. BUS_RETRY: one is not within `patience_ms`, or dies again
 * and again; BUS_INVALID: one refuses its settings. The error names it and has the reason from its log. */
BUS_CHECKED enum bus_status health_wait(const struct stack *stack, const struct services *services,
                                        int patience_ms, struct bus_error *err);

#endif
