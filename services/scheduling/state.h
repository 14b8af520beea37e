/* What scheduling keeps in memory: the key of calendar links, which never changes, and what it read last of
 * series. */
#ifndef SCHEDULING_STATE_H
#define SCHEDULING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "kept.h"
#include "link.h"

struct scheduling_state {
    bool has_key;
    uint8_t link_key[LINK_BYTES];
    struct kept kept;
};

/* Of the state of a context. */
static inline struct kept *state_kept(void *state)
{
    return &((struct scheduling_state *)state)->kept;
}

#endif
