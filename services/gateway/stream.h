/* GET /v1/events: a page of a service's log, or the log followed live. */
#ifndef GATEWAY_STREAM_H
#define GATEWAY_STREAM_H

#include "edge.h"

struct streams *streams_new(struct bus_client *client);
void streams_free(struct streams **self_p);
/* Takes live frames; false when there were none. */
bool streams_take(struct streams *self);
/* Heartbeats. */
void streams_tick(struct streams *self);
void streams_metrics(const struct streams *self, struct bus_buffer *out);

#endif
