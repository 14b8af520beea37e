/* The attributes of a CloudEvent become a header. Pure. */
#ifndef GATEWAY_INTAKE_HEADER_H
#define GATEWAY_INTAKE_HEADER_H

#include "input.h"
#include "intake.h"

/* Fills event->type and event->header; the type stays NULL when it is none that comes from outside.
 * Attributes that are ours to set (actor, stream, seq, …) and those we do not know are passed over. */
void intake_header_read(struct bus_bytes attributes, const char *place, struct bus_arena *arena,
                        struct intake_event *event, struct bus_faults *faults);

#endif
