/* The life of a volunteer: who may do what, from which state. Pure.
 *
 *     recruited → available ⇄ resting;  any of them → stopped → recruited again */
#ifndef REGISTRY_VOLUNTEER_H
#define REGISTRY_VOLUNTEER_H

#include <stdint.h>

#include "bus/status.h"
#include "schema/registry.h"

enum volunteer_step {
    VOLUNTEER_RECRUIT,
    VOLUNTEER_AVAILABLE,
    VOLUNTEER_REST,
    VOLUNTEER_STOP,
    VOLUNTEER_INTAKE
};

/* BUS_OK, or BUS_CONFLICT with what to do instead. State 0: not a volunteer. */
BUS_CHECKED enum bus_status volunteer_may(enum registry_volunteer_state state, enum volunteer_step step,
                                          struct bus_error *err);

/* When a rest ends that lasts until this day: early in its morning (04:00 UTC). BUS_INVALID when it is no
 * day, or not after today. */
BUS_CHECKED enum bus_status volunteer_rest_end(const char *until, int64_t now_us, int64_t *ret_due_us,
                                               struct bus_error *err);

#endif
