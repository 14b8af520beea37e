/* What a turn said, told to whoever listens: to the services that follow, many events to a message; to others
 * one by one, under the topic of their type, where somebody subscribed to it. Only after the commit. */
#ifndef APP_PUBLISH_H
#define APP_PUBLISH_H

#include "app/loop.h"

void publish_said(const struct bus_turn *turn);
/* How far the stream goes: what reveals a lost tail. */
void publish_head(struct loop *loop);

#endif
