/* Which recurrence rules of RFC 5545 we take: the text of one, before libical reads it. Those that people
 * use, and no more: odd ones would make libical search day by day for centuries, give days out of order, or
 * leak. */
#ifndef SCHEDULING_RRULE_H
#define SCHEDULING_RRULE_H

#include "bus/status.h"

/* BUS_INVALID, with what to change, where the grammar is not kept; what the numbers mean is not looked at. */
BUS_CHECKED enum bus_status rrule_check(const char *rrule, struct bus_error *err);

#endif
