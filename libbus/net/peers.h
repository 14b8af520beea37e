/* The handle that effects and a service's own threads ask other services by: every thread that uses it gets a
 * client of its own at its first question, closed when the thread ends. */
#ifndef NET_PEERS_H
#define NET_PEERS_H

#include "bus/client.h"
#include "bus/service.h" /* struct bus_peers, bus_ask */

/* Copies the configuration; opens nothing. */
struct bus_peers *bus_peers_new(const struct bus_client_config *config);
/* Closes the clients of threads that still run; none of them may be inside bus_ask. */
void bus_peers_free(struct bus_peers **self_p);
/* What bus_replaying() tells from now on; any thread. */
void bus_peers_replay(struct bus_peers *self, bool replaying);
/* How far bus_peers_now_us() is from the wall clock from now on; any thread. */
void bus_peers_clock(struct bus_peers *self, int64_t offset_us);
/* bus_stopping() is true from now on. */
void bus_peers_stop(struct bus_peers *self);

#endif
