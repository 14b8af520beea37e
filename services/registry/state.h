/* What registry keeps in memory: the key under which national numbers are hashed, which never changes;
 * places, partnerships and programmes; and how those stand who were registered or asked about last. */
#ifndef REGISTRY_STATE_H
#define REGISTRY_STATE_H

#include <stdint.h>

#include "atlas.h"
#include "insz.h"
#include "person_store.h"

#define PEOPLE_ROOM 16384 /* a person has one place in it; who comes there later takes it */

struct kept_standing {
    struct bus_id person_id; /* nil: nobody */
    char partnership[41], nis[6];
    enum registry_volunteer_state volunteer;
    int64_t capacity;
};

struct registry_state {
    uint8_t insz_key[INSZ_HASH_BYTES];
    struct atlas atlas;
    bool erase_again;              /* who was erased and is known again may still need a timer */
    struct bus_id youngest;        /* of all people the greatest id: a greater one is not taken */
    struct bus_id youngest_intake; /* the same of all intakes */
    struct kept_standing people[PEOPLE_ROOM];
};

#endif
