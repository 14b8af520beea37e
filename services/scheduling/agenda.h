/* What happens to a series and its dates, whoever asks: sessions come into being, are called off, are
 * reminded of. Rows, events and timers together. */
#ifndef SCHEDULING_AGENDA_H
#define SCHEDULING_AGENDA_H

#include "series_store.h"

#define TIMER_AHEAD      "schedule-ahead"
#define REMINDER_SESSION "session-reminder"
#define AHEAD_DAYS       42

/* Today in the time zone of the series. */
BUS_CHECKED enum bus_status agenda_today(struct bus_context *ctx, const struct series *series,
                                         int32_t *ret_day);
/* Schedules what is due in the next six weeks and sets the timer for what comes after. */
BUS_CHECKED enum bus_status agenda_schedule_ahead(struct bus_context *ctx, const struct series *series,
                                                  int64_t *ret_first_at);
/* The session of that day, made when only the rule knows it. BUS_CONFLICT when there is none. */
BUS_CHECKED enum bus_status agenda_session_on(struct bus_context *ctx, const struct series *series,
                                              int32_t day, struct session *ret, bool *ret_new);
BUS_CHECKED enum bus_status agenda_add(struct bus_context *ctx, const struct series *series,
                                       const struct session *session);
BUS_CHECKED enum bus_status agenda_call_off(struct bus_context *ctx, const struct series *series,
                                            const struct session *session,
                                            enum scheduling_session_cancel_reason reason,
                                            const struct bus_id *people, size_t people_n);

#endif
