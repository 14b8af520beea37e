/* /healthz, /readyz and /metrics, answered by the loop itself: an answer proves that the loop turns. Until
 * there is a loop, as the database is away or another process has the lease, a thread answers. */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "bus/status.h"

struct loop;
struct health;

/* `address` is "host:port". The thread's, until health_hand_over. BUS_CONFLICT: somebody else listens there.
 */
BUS_CHECKED enum bus_status health_open(const char *address, struct loop *loop, struct health **ret_health,
                                        struct bus_error *err);
/* What /readyz says before there is a loop; health may be NULL. `state` is a word that a program may judge
 * by: "starting", as it waits for the database or the lease; "opening", as it opens the database, which takes
 * long only where it is migrated. */
void health_waits(struct health *self, const char *state, const char *why);
/* From now on the caller answers, by health_turn. */
void health_hand_over(struct health *self);
void health_close(struct health **self_p);
int health_fd(const struct health *self); /* readable: call health_turn */
void health_turn(struct health *self);

#endif
