/* /healthz, /readyz and /metrics, answered by the loop itself: an answer proves that the loop turns. */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "bus/status.h"

struct loop;
struct health;

/* `address` is "host:port". */
BUS_CHECKED enum bus_status health_open(const char *address, struct loop *loop, struct health **ret_health,
                                        struct bus_error *err);
void health_close(struct health **self_p);
int health_fd(const struct health *self); /* readable: call health_turn */
void health_turn(struct health *self);

#endif
