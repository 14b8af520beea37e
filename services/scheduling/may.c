/* See may.h. */
#include "may.h"

enum bus_status may_touch(struct bus_context *ctx, const char *partnership, const char *nis)
{
    const struct bus_header whose = {.extensions = {{"partnership", partnership}, {"nis", nis}}};
    return bus_may(ctx, &whose);
}
