/* STATUS {} → {service, state, epoch, head, first, turn, uptime_s, dead, clock, now, timeless, asks, readers,
 * follows} */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app/loop.h"

void status_request(struct loop *loop, const struct net_request *request);

#endif
