/* What registry keeps in memory: the key under which national numbers are hashed. Nothing of it changes. */
#ifndef REGISTRY_STATE_H
#define REGISTRY_STATE_H

#include <stdint.h>

#include "insz.h"

struct registry_state {
    uint8_t insz_key[INSZ_HASH_BYTES];
};

#endif
