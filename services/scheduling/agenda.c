/* See agenda.h. */
#include "agenda.h"

#include "meeting.h"
#include "recurrence.h"

/* All series look ahead at the same moment of the week, in the quiet of a Monday night. */
#define WEEK_US       (7 * BUS_DAY_US)
#define WEEK_PHASE_US (4 * BUS_DAY_US + 2 * BUS_HOUR_US)

static int64_t next_monday_us(int64_t after_us)
{
    int64_t weeks = (after_us - WEEK_PHASE_US + WEEK_US - 1) / WEEK_US;
    return weeks * WEEK_US + WEEK_PHASE_US;
}

enum bus_status agenda_today(struct bus_context *ctx, const struct series *series, int32_t *ret_day)
{
    icaltimezone *zone = NULL;
    enum bus_status status = zone_get(series->timezone, &zone, ctx->err);
    if (status == BUS_OK)
        *ret_day = zone_wall(zone, ctx->now_us).day;
    return status;
}

enum bus_status agenda_add(struct bus_context *ctx, const struct series *series,
                           const struct session *session)
{
    const char *id = bus_id_text(ctx, session->session_id);
    enum bus_status status = session_add(ctx, session);
    if (status == BUS_OK)
        status = bus_say(ctx, &scheduling_session_scheduled_type, id,
                         &(struct scheduling_session_scheduled){.session_id = session->session_id,
                                                                .series_id = series->series_id,
                                                                .partnership = series->partnership,
                                                                .programme = series->programme,
                                                                .nis = series->nis,
                                                                .at = session->at,
                                                                .duration_minutes = series->duration_minutes,
                                                                .capacity = series->capacity});
    if (status != BUS_OK || session->at <= ctx->now_us)
        return status;
    int64_t due_us = session->at - REMINDER_BEFORE_US;
    return bus_timer_set(ctx, REMINDER_SESSION, id, due_us > ctx->now_us ? due_us : ctx->now_us);
}

static bool exists(const struct series *series, int32_t day)
{
    for (size_t i = 0; i < series->later_n; i++)
        if (series->later[i] == day)
            return true;
    return false;
}

static enum bus_status set_timer(struct bus_context *ctx, const struct series *series,
                                 const struct recurrence *rule, int32_t from_day)
{
    const char *key = bus_id_text(ctx, series->series_id);
    struct occurrence next;
    if (!recurrence_next(rule, from_day, &next) || next.day > series->until_day)
        return bus_timer_clear(ctx, TIMER_AHEAD, key);
    int64_t due_us = next.at_us - AHEAD_DAYS * BUS_DAY_US;
    return bus_timer_set(ctx, TIMER_AHEAD, key,
                         next_monday_us(due_us > ctx->now_us ? due_us : ctx->now_us + 1));
}

enum bus_status agenda_schedule_ahead(struct bus_context *ctx, const struct series *series,
                                      int64_t *ret_first_at)
{
    struct recurrence rule;
    enum bus_status status =
        recurrence_init(&rule, series->rrule, series->timezone, series->starts, ctx->err);
    if (status != BUS_OK)
        return status;
    int32_t today = zone_wall(rule.zone, ctx->now_us).day, last = today + AHEAD_DAYS;
    int32_t first = series->scheduled_day + 1 > today ? series->scheduled_day + 1 : today;
    struct occurrence found[AHEAD_DAYS + 1];
    size_t n = recurrence_between(&rule, first, last < series->until_day ? last : series->until_day, found,
                                  AHEAD_DAYS + 1);
    *ret_first_at = 0;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        if (found[i].at_us < ctx->now_us || exists(series, found[i].day))
            continue;
        struct session session = {.session_id = bus_new_id(ctx),
                                  .series_id = series->series_id,
                                  .day = found[i].day,
                                  .at = found[i].at_us};
        *ret_first_at = *ret_first_at ? *ret_first_at : session.at;
        status = agenda_add(ctx, series, &session);
    }
    if (status == BUS_OK && last > series->scheduled_day)
        status = series_scheduled(ctx, series->series_id, last);
    return status == BUS_OK ? set_timer(ctx, series, &rule, last + 1) : status;
}

enum bus_status agenda_session_on(struct bus_context *ctx, const struct series *series, int32_t day,
                                  struct session *ret, bool *ret_new)
{
    struct recurrence rule;
    struct occurrence found;
    bool known = false;
    enum bus_status status = session_look_day(ctx, series->series_id, day, ret, &known);
    *ret_new = !known;
    if (status != BUS_OK || known)
        return status;
    status = recurrence_init(&rule, series->rrule, series->timezone, series->starts, ctx->err);
    if (status != BUS_OK)
        return status;
    if (day > series->until_day || recurrence_between(&rule, day, day, &found, 1) == 0)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "the series has no session on %s; see its dates with the query sessions",
                        day_text(ctx, day));
    *ret = (struct session){.session_id = bus_new_id(ctx),
                            .series_id = series->series_id,
                            .day = day,
                            .at = found.at_us,
                            .state = SCHEDULING_SESSION_STATE_SCHEDULED};
    return BUS_OK;
}

enum bus_status agenda_call_off(struct bus_context *ctx, const struct series *series,
                                const struct session *session, enum scheduling_session_cancel_reason reason,
                                const struct bus_id *people, size_t people_n)
{
    const char *id = bus_id_text(ctx, session->session_id);
    enum bus_status status = session_cancel(ctx, session->session_id, reason);
    if (status == BUS_OK)
        status = bus_timer_clear(ctx, REMINDER_SESSION, id);
    if (status != BUS_OK)
        return status;
    return bus_say(ctx, &scheduling_session_cancelled_type, id,
                   &(struct scheduling_session_cancelled){.session_id = session->session_id,
                                                          .series_id = series->series_id,
                                                          .partnership = series->partnership,
                                                          .programme = series->programme,
                                                          .nis = series->nis,
                                                          .at = session->at,
                                                          .reason = reason,
                                                          .person_ids = people,
                                                          .person_ids_n = people_n});
}
