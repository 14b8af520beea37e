/* The door to the table enrolment: who takes part in what. */
#ifndef SCHEDULING_ENROLMENT_STORE_H
#define SCHEDULING_ENROLMENT_STORE_H

#include <stdbool.h>

#include "bus/service.h"
#include "schema/scheduling.h"

struct waiter {
    struct bus_id person_id;
    int64_t since;
};

struct enrolment {
    struct bus_id series_id;
    enum scheduling_enrolment_state state;
    enum scheduling_enrolment_state other; /* of the second person asked for, 0: nothing */
    bool is_better;                        /* than the other: a place beats a wait, then who came first */
};

/* Who had a place by that moment (INT64_MAX: at any) and has it still, in the order they came; in the arena.
 */
BUS_CHECKED enum bus_status enrolled_people(struct bus_context *ctx, struct bus_id series_id, int64_t by_us,
                                            struct bus_id **ret, size_t *ret_n);
BUS_CHECKED enum bus_status waiting_first(struct bus_context *ctx, struct bus_id series_id, int64_t max,
                                          struct waiter **ret, size_t *ret_n);
BUS_CHECKED enum bus_status enrolments_of(struct bus_context *ctx, struct bus_id person_id,
                                          struct bus_id other_id, struct enrolment **ret, size_t *ret_n);

BUS_CHECKED enum bus_status enrolment_put(struct bus_context *ctx, struct bus_id series_id,
                                          struct bus_id person_id, enum scheduling_enrolment_state state,
                                          int64_t position);
BUS_CHECKED enum bus_status enrolment_promote(struct bus_context *ctx, struct bus_id series_id,
                                              struct bus_id person_id);
BUS_CHECKED enum bus_status enrolment_delete(struct bus_context *ctx, struct bus_id series_id,
                                             struct bus_id person_id);
BUS_CHECKED enum bus_status enrolment_rename(struct bus_context *ctx, struct bus_id series_id,
                                             struct bus_id from_id, struct bus_id to_id);

#endif
