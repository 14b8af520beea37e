/* The body of a POST, as the map of fields that it is to be. */
#ifndef GATEWAY_JSON_BODY_H
#define GATEWAY_JSON_BODY_H

#include "call.h"

/* Appended to `out` as msgpack; an empty body stands for {}. False when the call has been refused. */
bool json_body_read(struct call *call, struct bus_buffer *out);

#endif
