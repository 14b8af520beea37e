/* Finds a block of ports on loopback that nobody uses, and holds it: the guard port of a block is bound,
 * never listened on, by the stack that owns the block, so that two stacks starting at once cannot choose the
 * same. */
#ifndef CLI_STACK_PORTS_H
#define CLI_STACK_PORTS_H

#include "bus/status.h"

/* A socket that holds the block of `base`; close it to give the block back. BUS_CONFLICT: a port is taken,
 * named in the error. */
BUS_CHECKED enum bus_status ports_claim(int base, int *ret_guard_fd, struct bus_error *err);
/* The first free block from `base` on, by STACK_PORT_STEP; BUS_CONFLICT when there is none. */
BUS_CHECKED enum bus_status ports_claim_from(int base, int *ret_base, int *ret_guard_fd,
                                             struct bus_error *err);

#endif
