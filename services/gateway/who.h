/* Who asks, and what they may. Pure. */
#ifndef GATEWAY_WHO_H
#define GATEWAY_WHO_H

#include "bus/arena.h"
#include "bus/codec.h"

struct who {
    const char *id;   /* of the token; NULL for a key */
    const char *name; /* becomes the actor: "coordinator:asse" */
    const char *const *scopes;
    size_t scopes_n;
    const char *const *nis; /* none: all municipalities */
    size_t nis_n;
    const char *const *partnerships; /* none: all */
    size_t partnerships_n;
    const char *const *sources; /* none: the one that the name makes */
    size_t sources_n;
};

void who_copy(struct bus_arena *arena, const struct who *from, struct who *to);
/* Whether a scope covers that message, by its name or its whole type. */
bool who_may(const struct who *self, const char *name, const char *type);
/* Whether an event may have that source: two senders never speak with one voice. */
bool who_may_say(const struct who *self, const char *source);
/* Those that a name makes, as a list would have them. */
const char *const *who_sources_of_name(const char *name, struct bus_arena *arena, size_t *ret_n);
/* One that it may use. */
const char *who_source(const struct who *self, struct bus_arena *arena);
/* What the file of a key grants its holder: words such as `source=urn:x:*`, `partnership=asse`, `nis=23002`.
 * False when it cannot be understood. */
bool who_grant(struct who *self, const char *grants, struct bus_arena *arena);
/* Limited to some partnerships or municipalities? */
bool who_limited(const struct who *self);
/* The limits as words for a header's `within`; NULL when there are none. */
const char *who_within(const struct who *self, struct bus_arena *arena);
/* A value that is absent (NULL) is not covered by one who is limited. */
bool who_covers_partnership(const struct who *self, const char *partnership);
bool who_covers_nis(const struct who *self, const char *nis);
/* The fields `partnership` and `nis` of a message must be covered; `needed`: also where they could have been
 * given and were not, because then they stand for all. BUS_DENIED says what is missing. */
BUS_CHECKED enum bus_status who_covers(const struct who *self, const struct bus_shape *shape,
                                       const void *value, bool needed, struct bus_error *err);

#endif
