/* Opens a client of a running stack with the command line's own key. */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include "bus/client.h"
#include "stack/layout.h"

/* BUS_RETRY when no stack runs there. Close it with bus_client_close. */
BUS_CHECKED enum bus_status connect_stack(const struct stack *stack, struct bus_client **ret_client,
                                          struct bus_error *err);

#endif
