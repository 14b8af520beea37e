/* The postcodes there are, who serves which municipality, partnerships and programmes: all of them in memory,
 * as every registration and intake asks for some. Pure: no rows. */
#ifndef REGISTRY_ATLAS_H
#define REGISTRY_ATLAS_H

#include <stdbool.h>

#include "bus/map.h"

enum atlas_kind { ATLAS_POSTCODE, ATLAS_MEMBER, ATLAS_PARTNERSHIP, ATLAS_PROGRAMME, ATLAS_ENDED };

struct atlas_entry {
    const char *of; /* the municipality of a postcode; the last day of a programme that ended; else the
                       partnership */
    int64_t lat_e4, lon_e4;
};

struct atlas {
    struct bus_map entries;
    bool grown; /* since it was loaded: a turn that is rolled back may have put something */
};

/* NULL: there is none. Borrowed; an entry stays until atlas_done. */
const struct atlas_entry *atlas_find(const struct atlas *self, enum atlas_kind kind, const char *key);
/* What was put before stays: none of these is ever another's. */
void atlas_put(struct atlas *self, enum atlas_kind kind, const char *key, const struct atlas_entry *entry);
void atlas_done(struct atlas *self);

#endif
