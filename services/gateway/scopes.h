/* What scopes there are: a token whose scope covers nothing would be refused everything, in silence. Pure. */
#ifndef GATEWAY_SCOPES_H
#define GATEWAY_SCOPES_H

#include <stddef.h>

#include "bus/status.h"

/* BUS_INVALID names the first that covers no event, command, query or stream, and what it was probably meant
 * to be. */
BUS_CHECKED enum bus_status scopes_check(const char *const *scopes, size_t n, struct bus_error *err);

#endif
