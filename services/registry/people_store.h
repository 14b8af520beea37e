/* Lists of people for those who ask: history of one, pages of many, pairs that may be one. Only reads. */
#ifndef REGISTRY_PEOPLE_STORE_H
#define REGISTRY_PEOPLE_STORE_H

#include "person_store.h"

/* Fills intakes, referrals, consents, merged ids of a reply; also whether they are a newcomer. */
BUS_CHECKED enum bus_status people_history(struct bus_context *ctx, struct bus_id person,
                                           struct registry_person_reply *ret, bool *ret_newcomer);
/* How to reach them; one that is not there is left out. */
BUS_CHECKED enum bus_status people_contacts(struct bus_context *ctx, const struct bus_id *people,
                                            size_t people_n,
                                            const struct registry_contacts_reply_contacts **ret,
                                            size_t *ret_n);

BUS_CHECKED enum bus_status people_list(struct bus_context *ctx, const struct registry_people *query,
                                        struct bus_id after, int64_t limit,
                                        const struct registry_people_reply_people **ret, size_t *ret_n);

struct people_pair {
    struct bus_id one, other;
    const char *partnership;
    int64_t grounds;
};
/* After the pair `after` (grounds 16: from the beginning); `ground` one bit, or 0 for any. */
BUS_CHECKED enum bus_status people_pairs(struct bus_context *ctx, const char *partnership, int64_t ground,
                                         bool dismissed, const struct people_pair *after, int64_t limit,
                                         struct people_pair **ret, size_t *ret_n);

/* The roles of a reply, in the arena. */
const int *people_roles(struct bus_arena *arena, bool newcomer, bool volunteer, size_t *ret_n);

#endif
