/* Whether an event lies within what the sender of a command may touch. Pure. */
#ifndef WIRE_WITHIN_H
#define WIRE_WITHIN_H

#include "bus/header.h"

/* `within` is words name=value: for every name in it the event must have one of its values, as a field of its
 * data or an extension of its own header. The name of the first that it has not, or NULL. */
const char *wire_within_fault(const char *within, const struct bus_header *header, struct bus_bytes data,
                              struct bus_arena *arena);

#endif
