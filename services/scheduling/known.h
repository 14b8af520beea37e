/* Names in a question: a list of a partnership or programme that does not exist is refused, as an empty one
 * would hide a slip of the pen. */
#ifndef SCHEDULING_KNOWN_H
#define SCHEDULING_KNOWN_H

#include "bus/service.h"

/* NULL for what was not asked. BUS_NOT_FOUND. */
BUS_CHECKED enum bus_status known_check(struct bus_context *ctx, const char *partnership,
                                        const char *programme);

#endif
