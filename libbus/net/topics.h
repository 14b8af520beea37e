/* The topics that somebody subscribed to, as an XPUB reports them: what matches none of them need not be
 * sent. A topic stays when its subscribers leave: any peer can take back what it never asked for, and XPUB
 * reports that too. */
#ifndef NET_TOPICS_H
#define NET_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/bytes.h"

/* Ours subscribe to a few. After more of them everything matches: the list stays short, and nothing is
 * withheld. */
#define NET_TOPICS_MAX 64

struct net_topics {
    struct bus_bytes items[NET_TOPICS_MAX]; /* owned */
    size_t n;
    bool all;
};

void net_topics_done(struct net_topics *self);
/* One message of the XPUB: a byte 1 and a topic is a subscription; true when it was one. */
bool net_topics_note(struct net_topics *self, struct bus_bytes message);
/* Whether a subscribed topic is the beginning of this one. */
bool net_topics_match(const struct net_topics *self, const char *topic);

#endif
