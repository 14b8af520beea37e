/* Sends a volunteer to rest, whoever decides it. */
#ifndef REGISTRY_RESTING_H
#define REGISTRY_RESTING_H

#include "person_store.h"

/* `until` and `due_us`: the end of the rest, or NULL and 0. Says volunteer-rested. */
BUS_CHECKED enum bus_status volunteer_rest(struct bus_context *ctx, struct person *person, const char *until,
                                           int64_t due_us);

#endif
