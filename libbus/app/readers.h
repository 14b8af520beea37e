/* Who reads our stream, and how far: told by each reader once a second (POS), kept for a restart when it
 * moved. For their lag and for what may be trimmed; whether they are right is proven when they greet. */
#ifndef APP_READERS_H
#define APP_READERS_H

#include "app/loop.h"
#include "bus/pack.h"

struct readers;

void readers_open(struct loop *loop);
void readers_close(struct readers **self_p);
/* A POS: nothing is answered. A reader is known by its key, whatever it calls itself. */
void readers_request(struct loop *loop, const struct net_request *request);
/* At every beat: keeps what has moved, and at the first learns who was known before. */
BUS_CHECKED enum bus_status readers_beat(struct loop *loop, struct bus_error *err);
/* The log is not kept for it any more; false when it is not known. */
bool readers_forget(struct loop *loop, const char *reader);
/* Tells the operator of those that are behind and have not moved on for long: the log is kept for them. */
void readers_report(const struct loop *loop);
/* A key and its value for STATUS, lines for /metrics. */
void readers_pack(const struct loop *loop, struct bus_buffer *out);
void readers_write(const struct loop *loop, struct bus_buffer *out);

#endif
