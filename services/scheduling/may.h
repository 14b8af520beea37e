/* Whether the sender of a command may touch what it names: asked before anything is told of it. */
#ifndef SCHEDULING_MAY_H
#define SCHEDULING_MAY_H

#include "bus/service.h"

/* Of what belongs to this partnership and municipality. BUS_DENIED. */
BUS_CHECKED enum bus_status may_touch(struct bus_context *ctx, const char *partnership, const char *nis);

#endif
