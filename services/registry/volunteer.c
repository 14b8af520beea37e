/* See volunteer.h. */
#include "volunteer.h"

#include <stdbool.h>
#include <string.h>

#include "bus/clock.h"

#define MORNING_US (4 * BUS_HOUR_US)

enum bus_status volunteer_may(enum registry_volunteer_state state, enum volunteer_step step,
                              struct bus_error *err)
{
    bool active = state != REGISTRY_VOLUNTEER_STATE_NONE && state != REGISTRY_VOLUNTEER_STATE_STOPPED;
    if (step == VOLUNTEER_RECRUIT)
        return active ? bus_fail(err, BUS_CONFLICT,
                                 "this person is a volunteer already; use make-volunteer-available for "
                                 "another capacity")
                      : BUS_OK;
    if (state == REGISTRY_VOLUNTEER_STATE_NONE)
        return bus_fail(err, BUS_CONFLICT, "this person is not a volunteer; use recruit-volunteer first");
    if (!active && step != VOLUNTEER_STOP)
        return bus_fail(err, BUS_CONFLICT, "this volunteer has stopped; use recruit-volunteer first");
    return BUS_OK;
}

enum bus_status volunteer_rest_end(const char *until, int64_t now_us, int64_t *ret_due_us,
                                   struct bus_error *err)
{
    int32_t day = 0;
    if (!bus_date_parse(until, strlen(until), &day))
        return bus_fail_at(err, BUS_INVALID, "/until", "`until` is not a date, such as 2026-11-22");
    int64_t due_us = (int64_t)day * BUS_DAY_US + MORNING_US;
    if (due_us <= now_us)
        return bus_fail_at(err, BUS_INVALID, "/until",
                           "`until` is past: give a later day, or use make-volunteer-available");
    *ret_due_us = due_us;
    return BUS_OK;
}
