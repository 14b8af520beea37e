/* What is said of who was at a session. */
#ifndef SCHEDULING_ATTENDANCE_H
#define SCHEDULING_ATTENDANCE_H

#include "people_store.h"
#include "series_store.h"

BUS_CHECKED enum bus_status attendance_say_attended(struct bus_context *ctx, const struct series *series,
                                                    const struct session *session,
                                                    const struct person *person, double hours,
                                                    bool had_place);
BUS_CHECKED enum bus_status attendance_say_missed(struct bus_context *ctx, const struct series *series,
                                                  const struct session *session, struct bus_id person_id);
/* The `attended` that was said of them holds no longer. */
BUS_CHECKED enum bus_status attendance_say_withdrawn(struct bus_context *ctx, const struct series *series,
                                                     const struct session *session, struct bus_id person_id,
                                                     double hours);

#endif
