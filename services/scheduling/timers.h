/* What comes due in scheduling; by the key of what it is about. */
#ifndef SCHEDULING_TIMERS_H
#define SCHEDULING_TIMERS_H

#include "bus/service.h"

enum bus_status on_schedule_ahead(struct bus_context *ctx, const char *key);
enum bus_status on_meeting_reminder(struct bus_context *ctx, const char *key);
enum bus_status on_session_reminder(struct bus_context *ctx, const char *key);

#endif
