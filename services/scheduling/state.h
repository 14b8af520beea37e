/* What scheduling keeps in memory: the key of calendar links. Nothing of it changes. */
#ifndef SCHEDULING_STATE_H
#define SCHEDULING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"

struct scheduling_state {
    bool has_key;
    uint8_t link_key[LINK_BYTES];
};

#endif
