/* The data of an event from outside: personal data taken off, the rest checked against its schema. Pure. */
#ifndef GATEWAY_INTAKE_DATA_H
#define GATEWAY_INTAKE_DATA_H

#include "input.h"
#include "intake.h"

/* Fills data and deposit, and the header's subject and partnership from the data. event->type and
 * event->header.id and source have been read (the latter NULL where they were at fault). Who was born after
 * `latest_us`, and what began more than a year after it, is at fault. */
void intake_data_read(struct bus_bytes data, const char *place, int64_t latest_us, struct bus_arena *arena,
                      struct intake_event *event, struct bus_faults *faults);

#endif
