/* How registry writes to its stream: events with the partnership and municipality they concern in the header,
 * and commands as they must be repeated. */
#ifndef REGISTRY_SAID_H
#define REGISTRY_SAID_H

#include "bus/service.h"

/* Whether the sender of the command at hand may touch what belongs to this partnership and municipality (each
 * may be NULL): BUS_DENIED when not. Handlers ask before they write. */
BUS_CHECKED enum bus_status may(struct bus_context *ctx, const char *partnership, const char *nis);

/* As bus_say; `partnership` and `nis` (each may be NULL) go into the header. Every event is judged by them,
 * not the first alone: a command of registry does what it was asked and nothing that follows from it. */
BUS_CHECKED enum bus_status say(struct bus_context *ctx, const struct bus_type *type, const char *subject,
                                const char *partnership, const char *nis, const void *value);

/* Records the command at hand as `value`: what was decided by personal data is filled in, so that a replay,
 * which has no personal data, decides the same. For commands that are `unrecorded`; before anything is
 * said. */
BUS_CHECKED enum bus_status record_as(struct bus_context *ctx, const struct bus_type *type,
                                      const void *value);

#endif
