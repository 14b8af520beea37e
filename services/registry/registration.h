/* Making a person known, whichever way they came: by command, by import, or referred by a partner. */
#ifndef REGISTRY_REGISTRATION_H
#define REGISTRY_REGISTRATION_H

#include "person_store.h"

/* Completes a person from the spot where they live: place, partnership (asked for, or that of the
 * municipality). BUS_INVALID, BUS_NOT_FOUND or BUS_CONFLICT when they cannot be registered there. */
BUS_CHECKED enum bus_status registration_place(struct bus_context *ctx, const struct person_spot *spot,
                                               const char *partnership, struct person *person);
/* The year in which the command came: nobody is born after it. */
int64_t registration_year(const struct bus_context *ctx);
/* BUS_INVALID when somebody in the profile is yet to be born. */
BUS_CHECKED enum bus_status registration_years(struct bus_context *ctx, const struct common_profile *profile);
/* Writes the complete person and says person-registered. */
BUS_CHECKED enum bus_status registration_write(struct bus_context *ctx, const struct person *person,
                                               const struct person_spot *spot);

#endif
