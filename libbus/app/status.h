/* STATUS: where this service stands; its fields are told in docs/protocol.md. */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app/loop.h"

void status_request(struct loop *loop, const struct net_request *request);

#endif
