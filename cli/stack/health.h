/* Asks the services of a stack, over loopback HTTP, whether they are ready. */
#ifndef CLI_STACK_HEALTH_H
#define CLI_STACK_HEALTH_H

#include "layout.h"
#include "services.h"

/* Waits until every service that is built is ready. BUS_RETRY: one dies again and again, or is not ready for
 * long; one that opens a database, which may be to migrate it, is waited for, and after a while told of.
 * BUS_INVALID: one refuses its settings. BUS_NOT_FOUND: the stack's supervisor has ended, so that nothing
 * more will come. The error names what it was, its log and the reason. */
BUS_CHECKED enum bus_status health_wait(const struct stack *stack, const struct services *services,
                                        void (*on_progress)(const char *text), struct bus_error *err);

#endif
