/* The door to the table attendance: who was at a session that was recorded, and who missed it. */
#ifndef SCHEDULING_ATTENDANCE_STORE_H
#define SCHEDULING_ATTENDANCE_STORE_H

#include <stdbool.h>

#include "bus/service.h"

struct attendance {
    struct bus_id person_id;
    bool present;
    bool enrolled; /* had a place in the series */
};

BUS_CHECKED enum bus_status attendance_put(struct bus_context *ctx, struct bus_id session_id,
                                           struct bus_id person_id, bool present, bool had_place);
/* Of a session that was held, how long it took, and whoever is known to have been there or to have missed it;
 * in the arena. */
BUS_CHECKED enum bus_status attendance_of(struct bus_context *ctx, struct bus_id session_id,
                                          double *ret_hours, struct attendance **ret, size_t *ret_n);
/* Was there after all, or was not; who had no place and was not there is not kept. */
BUS_CHECKED enum bus_status attendance_correct(struct bus_context *ctx, struct bus_id session_id,
                                               const struct attendance *right);
/* By how many more the session counts, or less. */
BUS_CHECKED enum bus_status attendance_recount(struct bus_context *ctx, struct bus_id session_id,
                                               int64_t attended_n, int64_t missed_n);

#endif
