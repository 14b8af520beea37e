/* How much a stack's database holds: to show how far a dump is, and to ask for enough room before it is put
 * back. */
#ifndef CLI_STACK_INVENTORY_H
#define CLI_STACK_INVENTORY_H

#include <stdint.h>

#include "layout.h"

struct inventory {
    int64_t tables; /* with rows of their own */
    int64_t bytes;
};
/* Of a stack whose Postgres runs. */
BUS_CHECKED enum bus_status inventory_read(const struct stack *stack, struct inventory *ret,
                                           struct bus_error *err);

#endif
