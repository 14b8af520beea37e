/* People: the only door to the tables `person`, `person_private` and `volunteer`. */
#ifndef REGISTRY_PERSON_STORE_H
#define REGISTRY_PERSON_STORE_H

#include "bus/service.h"
#include "personal.h"
#include "schema/registry.h"

struct person_volunteer {
    enum registry_volunteer_state state; /* 0: not a volunteer */
    int64_t capacity;
    const char *rest_until, *informed_on; /* dates, or NULL */
};

struct person {
    struct bus_id id;
    const char *partnership;
    bool known, erased;         /* neither: merged, which person_get never gives */
    const char *postcode, *nis; /* NULL when erased */
    struct common_profile profile;
    const char *preferred_language;
    enum common_channel channel;
    enum registry_found_through found_through;
    enum common_partner_status partner_status;
    int64_t told_away_us; /* when a partner told last that they are away; 0: never */
    int64_t registered_us;
    struct person_volunteer volunteer;
    struct personal personal;
};

/* The entry with this id, or the one it was merged into; BUS_NOT_FOUND when there is none. */
BUS_CHECKED enum bus_status person_get(struct bus_context *ctx, struct bus_id id, struct person *ret);
/* The same for a command that concerns someone still known: BUS_CONFLICT when they were erased, BUS_DENIED
 * when its sender may not touch them. */
BUS_CHECKED enum bus_status person_get_known(struct bus_context *ctx, struct bus_id id, struct person *ret);

/* How somebody known stands: in memory, or else as of person_get_known, whose answers it has. */
struct person_standing {
    struct bus_id id;
    const char *partnership, *nis;
    enum registry_volunteer_state volunteer; /* 0: not a volunteer */
    int64_t capacity;
};
BUS_CHECKED enum bus_status person_standing(struct bus_context *ctx, struct bus_id id,
                                            struct person_standing *ret);
/* The greatest id of all; nil: there is nobody yet. */
BUS_CHECKED enum bus_status person_youngest(struct bus_context *ctx, struct bus_id *ret);

/* Where people live and who serves it, before they are registered. */
struct person_spot {
    struct common_place place; /* nis NULL: there is no such postcode */
    const char *served_by;     /* the partnership of that municipality, or NULL */
    bool id_taken;
    bool partnership_exists; /* the one asked about */
};
/* One spot for each of the n postcodes; ids[i] may be nil, and ids NULL: none is asked about. */
BUS_CHECKED enum bus_status person_spots(struct bus_context *ctx, const char *partnership,
                                         const char *const *postcodes, const struct bus_id *ids, size_t n,
                                         struct person_spot **ret);

/* Somebody who may be the same as the line `n` (from 0). */
struct person_alike {
    size_t n;
    struct bus_id id;
    int64_t grounds;
};
/* Whom of those known each of the n may be, most likely first, at most 20 each. Asks nothing when nothing is
 * known. One who may not touch all is told of people of `partnership` alone. */
BUS_CHECKED enum bus_status person_alike(struct bus_context *ctx, const char *partnership,
                                         const struct person *people, size_t n, struct person_alike **ret,
                                         size_t *ret_n);

/* A new person, with what is private when there is any. */
BUS_CHECKED enum bus_status person_new(struct bus_context *ctx, const struct person *person);
BUS_CHECKED enum bus_status person_change(struct bus_context *ctx, const struct person *person);
/* A coordinator looked at them now, and found nothing to do. */
BUS_CHECKED enum bus_status person_review(struct bus_context *ctx, struct bus_id id);
BUS_CHECKED enum bus_status person_put_private(struct bus_context *ctx, const struct person *person);
BUS_CHECKED enum bus_status volunteer_put(struct bus_context *ctx, const struct person *person);
BUS_CHECKED enum bus_status person_merge(struct bus_context *ctx, struct bus_id keep, struct bus_id drop);
BUS_CHECKED enum bus_status person_erase(struct bus_context *ctx, struct bus_id id);

#endif
