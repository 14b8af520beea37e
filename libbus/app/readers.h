/* Who reads our stream, and how far: told by each reader once a second (POS), kept for a restart when it moved. For
 * their lag and for what may be trimmed; whether they are right is proven when they greet. */
#ifndef APP_READERS_H
#define APP_READERS_H

#include "app/loop.h"
#include "bus/pack.h"

struct readers;

/* With those that were known before. */
BUS_CHECKED enum bus_status readers_open(struct loop *loop, struct bus_error *err);
void readers_close(struct readers **self_p);
/* A POS: nothing is answered. A reader is known by its key, whatever it calls itself. */
void readers_request(struct loop *loop, const struct net_request *request);
/* Keeps what has moved; at every beat. */
BUS_CHECKED enum bus_status readers_beat(struct loop *loop, struct bus_error *err);
/* A key and its value for STATUS, lines for /metrics. */
void readers_pack(const struct loop *loop, struct bus_buffer *out);
void readers_write(const struct loop *loop, struct bus_buffer *out);

#endif
