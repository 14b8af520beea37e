/* What scheduling keeps in memory: the key of calendar links, which never changes, what it read last of
 * series, and whose people are who were looked up last. */
#ifndef SCHEDULING_STATE_H
#define SCHEDULING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "kept.h"
#include "link.h"

#define PEOPLE_ROOM 65536 /* a person has one place in it; who comes there later takes it */

/* Not of who was merged: a change of one person's row is then the change of one place. */
struct known_person {
    struct bus_id person_id; /* nil: nobody */
    char partnership[41];
    char nis[6]; /* "": not known */
};

struct scheduling_state {
    bool has_key;
    uint8_t link_key[LINK_BYTES];
    struct kept kept;
    struct known_person people[PEOPLE_ROOM];
};

static inline struct known_person *state_person(struct scheduling_state *state, struct bus_id person_id)
{
    return &state->people[bus_map_hash(person_id.bytes, sizeof person_id.bytes) % PEOPLE_ROOM];
}

/* Of the state of a context. */
static inline struct kept *state_kept(void *state)
{
    return &((struct scheduling_state *)state)->kept;
}

#endif
