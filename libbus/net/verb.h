/* The verb frame of a request or an answer: 1 to 16 upper-case letters, with hyphens between. */
#ifndef NET_VERB_H
#define NET_VERB_H

#include "bus/arena.h"
#include "bus/bytes.h"

/* As text in the arena; NULL when it is no verb. */
const char *net_verb_read(struct bus_bytes frame, struct bus_arena *arena);

#endif
