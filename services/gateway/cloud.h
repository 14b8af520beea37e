/* An event of a log as a CloudEvent in JSON. Pure. */
#ifndef GATEWAY_CLOUD_H
#define GATEWAY_CLOUD_H

#include "bus/bytes.h"
#include "bus/status.h"

/* Appends it; both come scanned. Attributes of CloudEvents are plain values, so `after` is written as text:
 * "registry=12 gateway=40". */
BUS_CHECKED enum bus_status cloud_write(struct bus_bytes header, struct bus_bytes data,
                                        struct bus_buffer *out, struct bus_error *err);

#endif
