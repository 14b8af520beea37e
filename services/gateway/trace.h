/* What of a traceparent is kept: a trace as W3C Trace Context writes one, and nothing else. Pure. */
#ifndef GATEWAY_TRACE_H
#define GATEWAY_TRACE_H

#include "bus/arena.h"
#include "bus/bytes.h"

/* Version, trace, span, flags: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01. NULL for what cannot
 * be read, which counts as none. A later version is read by these four parts, and kept as version 00. */
const char *trace_read(struct bus_bytes text, struct bus_arena *arena);

#endif
