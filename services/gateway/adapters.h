/* The ZeroMQ door of adapters: PUBLISH in, ACK or ERR out, by the same rules as POST /v1/events. */
#ifndef GATEWAY_ADAPTERS_H
#define GATEWAY_ADAPTERS_H

#include "bus/server.h"
#include "edge.h"

/* Takes the server over. */
struct adapters *adapters_new(struct bus_server *server, struct edge *edge);
/* After the last turn: nothing is answered any more. */
void adapters_free(struct adapters **self_p);
int adapters_fd(const struct adapters *self);
/* False when nothing had come. */
bool adapters_take(struct adapters *self);
void adapters_metrics(const struct adapters *self, struct bus_buffer *out);

#endif
