/* The door to the tables series, session, attendance, programme and member. Days are counted since 1970. */
#ifndef SCHEDULING_SERIES_STORE_H
#define SCHEDULING_SERIES_STORE_H

#include <stdbool.h>

#include "bus/service.h"
#include "enrolment.h"
#include "schema/scheduling.h"
#include "session.h"

#define DAY_NEVER INT32_MAX

struct series {
    struct bus_id series_id;
    const char *partnership;
    const char *programme;
    const char *nis;
    const char *title;
    const char *rrule;
    const char *timezone;
    const char *starts;
    int64_t duration_minutes;
    int64_t capacity;
    const char *venue;
    int32_t until_day; /* DAY_NEVER: no end */
    int32_t scheduled_day;
    int64_t next_position;
    int64_t enrolled_n;
    int64_t waiting_n;
    const int32_t *later; /* days that exist beyond scheduled_day */
    size_t later_n;
    enum scheduling_enrolment_state own; /* of the person asked for, 0: nothing */
    int64_t own_place;
};

/* BUS_NOT_FOUND when there is none. `person_id` may be nil. */
BUS_CHECKED enum bus_status series_get(struct bus_context *ctx, struct bus_id series_id,
                                       struct bus_id person_id, struct series *ret);
BUS_CHECKED enum bus_status series_look(struct bus_context *ctx, struct bus_id series_id,
                                        struct bus_id person_id, struct series *ret, bool *ret_known);
BUS_CHECKED enum bus_status series_put(struct bus_context *ctx, const struct series *series);
BUS_CHECKED enum bus_status series_scheduled(struct bus_context *ctx, struct bus_id series_id, int32_t day);
BUS_CHECKED enum bus_status series_end(struct bus_context *ctx, struct bus_id series_id, const char *until);

BUS_CHECKED enum bus_status session_look(struct bus_context *ctx, struct bus_id session_id,
                                         struct session *ret, bool *ret_known);
BUS_CHECKED enum bus_status session_look_day(struct bus_context *ctx, struct bus_id series_id, int32_t day,
                                             struct session *ret, bool *ret_known);
BUS_CHECKED enum bus_status session_add(struct bus_context *ctx, const struct session *session);
BUS_CHECKED enum bus_status session_hold(struct bus_context *ctx, struct bus_id session_id,
                                         const struct roll *roll, int64_t guests, double hours);
BUS_CHECKED enum bus_status session_cancel(struct bus_context *ctx, struct bus_id session_id,
                                           enum scheduling_session_cancel_reason reason);
/* The scheduled ones after a day, in the arena. */
BUS_CHECKED enum bus_status sessions_after(struct bus_context *ctx, struct bus_id series_id, const char *day,
                                           struct session **ret, size_t *ret_n);

BUS_CHECKED enum bus_status programme_put(struct bus_context *ctx, const char *programme,
                                          const char *partnership);
BUS_CHECKED enum bus_status member_put(struct bus_context *ctx, const char *nis, const char *partnership);
BUS_CHECKED enum bus_status programme_end(struct bus_context *ctx, const char *programme,
                                          const char *on_date);
/* Its series that go on after a day, in the arena. */
BUS_CHECKED enum bus_status programme_series(struct bus_context *ctx, const char *programme, const char *day,
                                             struct bus_id **ret, size_t *ret_n);
/* Who runs a programme and when it ended, and who serves a municipality: NULL when it was never configured,
 * goes on, or never joined. */
struct programme_look {
    const char *runs, *serves, *ended_on;
};
BUS_CHECKED enum bus_status programme_look(struct bus_context *ctx, const char *programme, const char *nis,
                                           struct programme_look *ret);

/* "2024-09-03", in the arena. */
const char *day_text(struct bus_context *ctx, int32_t day);

#endif
