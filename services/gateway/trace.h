/* Whether a text is a trace, as W3C Trace Context writes one: anything else has no place in a header. Pure.
 */
#ifndef GATEWAY_TRACE_H
#define GATEWAY_TRACE_H

#include <stdbool.h>

#include "bus/bytes.h"

/* Version, trace, span, flags: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01. */
bool trace_is(struct bus_bytes text);

#endif
