/* Series: created and ended by command, ended with their programme; and looking ahead. */
#include <string.h>

#include "agenda.h"
#include "bus/service.h"
#include "days/days.h"
#include "enrolment_store.h"
#include "may.h"
#include "recurrence.h"
#include "schema/registry.h"
#include "schema/scheduling.h"
#include "timers.h"

#define WAITING_TOLD 500 /* series-ended names no more */

static const struct bus_id nobody;

static enum bus_status check_programme(struct bus_context *ctx, const struct scheduling_create_series *in)
{
    struct programme_look look;
    enum bus_status status = programme_look(ctx, in->programme, in->nis, &look);
    if (status != BUS_OK)
        return status;
    if (look.runs == NULL)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s; configure it first",
                        in->programme);
    if (strcmp(look.runs, in->partnership) != 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "programme %s is run by %s, not by %s", in->programme,
                        look.runs, in->partnership);
    if (look.ended_on != NULL)
        return bus_fail(ctx->err, BUS_CONFLICT, "programme %s ended on %s: take one that goes on",
                        in->programme, look.ended_on);
    if (look.serves == NULL || strcmp(look.serves, look.runs) != 0)
        return bus_fail_at(ctx->err, BUS_INVALID, "/nis", "municipality %s is no member of %s: %s", in->nis,
                           look.runs, look.serves ? "another partnership serves it" : "none serves it");
    return BUS_OK;
}

static enum bus_status check_new(struct bus_context *ctx, struct bus_id series_id)
{
    struct series other;
    bool known = false;
    if (bus_id_is_nil(series_id))
        return BUS_OK;
    enum bus_status status = series_look(ctx, series_id, nobody, &other, &known);
    if (status == BUS_OK && known)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "there is a series with this id already; leave series_id out");
    return status;
}

/* Each by itself first: a refusal names all that is wrong. */
static enum bus_status check_rule(struct bus_context *ctx, const struct series *series,
                                  struct recurrence *ret_rule)
{
    icaltimezone *zone = NULL;
    enum bus_status status = bus_fault_keep(ctx, recurrence_check_rrule(series->rrule, ctx->err));
    if (status == BUS_OK)
        status = bus_fault_keep(ctx, zone_get(series->timezone, &zone, ctx->err));
    if (status == BUS_OK)
        status = bus_fault_keep(ctx, recurrence_check_starts(series->starts, ctx->err));
    if (status == BUS_OK)
        status = bus_faults_judge(ctx);
    return status != BUS_OK
               ? status
               : recurrence_check(ret_rule, series->rrule, series->timezone, series->starts, ctx->err);
}

static enum bus_status say_created(struct bus_context *ctx, const struct series *series)
{
    return bus_say(ctx, &scheduling_series_created_type, bus_id_text(ctx, series->series_id),
                   &(struct scheduling_series_created){.series_id = series->series_id,
                                                       .partnership = series->partnership,
                                                       .programme = series->programme,
                                                       .nis = series->nis,
                                                       .title = series->title,
                                                       .rrule = series->rrule,
                                                       .timezone = series->timezone,
                                                       .starts = series->starts,
                                                       .duration_minutes = series->duration_minutes,
                                                       .capacity = series->capacity,
                                                       .venue = series->venue});
}

enum bus_status on_scheduling_create_series(struct bus_context *ctx,
                                            const struct scheduling_create_series *in)
{
    struct series new = {
        .series_id = in->series_id,
        .partnership = in->partnership,
        .programme = in->programme,
        .nis = in->nis,
        .title = in->title,
        .rrule = in->rrule,
        .timezone = in->timezone ? in->timezone : ZONE_BELGIUM,
        .starts = in->starts,
        .duration_minutes = in->duration_minutes,
        .capacity = in->capacity,
        .venue = in->venue,
        .until_day = DAY_NEVER,
    };
    struct recurrence rule;
    int64_t first_at = 0;
    enum bus_status status = check_rule(ctx, &new, &rule);
    if (status == BUS_OK)
        status = may_touch(ctx, in->partnership, in->nis);
    if (status == BUS_OK)
        status = check_programme(ctx, in);
    if (status == BUS_OK)
        status = check_new(ctx, in->series_id);
    if (status != BUS_OK)
        return status;
    if (bus_id_is_nil(new.series_id))
        new.series_id = bus_new_id(ctx);
    new.scheduled_day = zone_wall(rule.zone, ctx->now_us).day - 1;
    status = series_put(ctx, &new);
    if (status == BUS_OK)
        status = say_created(ctx, &new);
    if (status == BUS_OK)
        status = agenda_schedule_ahead(ctx, &new, &first_at);
    if (status != BUS_OK)
        return status;
    return bus_reply(
        ctx, &(struct scheduling_create_series_reply){.series_id = new.series_id, .first_at = first_at});
}

enum bus_status on_schedule_ahead(struct bus_context *ctx, const char *key)
{
    struct bus_id series_id;
    struct series of;
    bool known = false;
    int64_t first_at = 0;
    if (!bus_id_parse(key, strlen(key), &series_id))
        return bus_fail(ctx->err, BUS_BUG, "the key of this timer is no id");
    enum bus_status status = series_look(ctx, series_id, nobody, &of, &known);
    if (status != BUS_OK || !known)
        return status;
    return agenda_schedule_ahead(ctx, &of, &first_at);
}

/* Who takes part in a series, or waits for it. */
struct takers {
    struct bus_id *people, *waiting;
    size_t people_n, waiting_n;
};

static enum bus_status find_takers(struct bus_context *ctx, struct bus_id series_id, struct takers *ret)
{
    struct waiter *waiters = NULL;
    enum bus_status status = enrolled_people(ctx, series_id, INT64_MAX, &ret->people, &ret->people_n);
    if (status == BUS_OK)
        status = waiting_first(ctx, series_id, WAITING_TOLD, &waiters, &ret->waiting_n);
    if (status != BUS_OK)
        return status;
    ret->waiting = bus_alloc_array(ctx->arena, ret->waiting_n, sizeof *ret->waiting);
    for (size_t i = 0; i < ret->waiting_n; i++)
        ret->waiting[i] = waiters[i].person_id;
    return BUS_OK;
}

/* The first session after `until` that is still to come, scheduled or not; 0: there is none. */
static enum bus_status first_falling(struct bus_context *ctx, const struct series *of, int32_t until,
                                     int64_t *ret_at_us)
{
    struct recurrence rule;
    struct occurrence next;
    enum bus_status status = recurrence_init(&rule, of->rrule, of->timezone, of->starts, ctx->err);
    if (status != BUS_OK)
        return status;
    int32_t today = zone_wall(rule.zone, ctx->now_us).day;
    int32_t day = until >= today ? until + 1 : today;
    bool falls = recurrence_next(&rule, day, &next);
    if (falls && next.at_us <= ctx->now_us)
        falls = recurrence_next(&rule, day + 1, &next);
    *ret_at_us = falls && next.day <= of->until_day ? next.at_us : 0;
    return BUS_OK;
}

static enum bus_status say_ended(struct bus_context *ctx, const struct series *of, const char *until,
                                 int64_t from_us, const struct takers *takers)
{
    return bus_say(ctx, &scheduling_series_ended_type, bus_id_text(ctx, of->series_id),
                   &(struct scheduling_series_ended){.series_id = of->series_id,
                                                     .partnership = of->partnership,
                                                     .programme = of->programme,
                                                     .nis = of->nis,
                                                     .until = until,
                                                     .from = from_us,
                                                     .person_ids = takers->people,
                                                     .person_ids_n = takers->people_n,
                                                     .waiting_ids = takers->waiting,
                                                     .waiting_ids_n = takers->waiting_n});
}

/* Ends it earlier than it would; *ret_n: so many sessions were scheduled after that. */
static enum bus_status end_at(struct bus_context *ctx, const struct series *of, int32_t until, size_t *ret_n)
{
    const char *day = day_text(ctx, until);
    struct session *found = NULL;
    struct takers takers = {0};
    int64_t from_us = 0;
    size_t n = 0;
    enum bus_status status = sessions_after(ctx, of->series_id, day, &found, &n);
    if (status == BUS_OK)
        status = find_takers(ctx, of->series_id, &takers);
    if (status == BUS_OK)
        status = first_falling(ctx, of, until, &from_us);
    if (status == BUS_OK)
        status = series_end(ctx, of->series_id, day);
    if (status == BUS_OK && of->scheduled_day >= until)
        status = bus_timer_clear(ctx, TIMER_AHEAD, bus_id_text(ctx, of->series_id));
    if (status == BUS_OK)
        status = say_ended(ctx, of, day, from_us, &takers);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = agenda_call_off(ctx, of, &found[i], SCHEDULING_SESSION_CANCEL_REASON_SERIES_ENDED,
                                 takers.people, takers.people_n);
    if (status == BUS_OK)
        *ret_n = n;
    return status;
}

enum bus_status on_scheduling_end_series(struct bus_context *ctx, const struct scheduling_end_series *in)
{
    struct series of;
    size_t n = 0;
    int32_t until = 0;
    if (!bus_date_parse(in->until, strlen(in->until), &until))
        return bus_fail_at(ctx->err, BUS_INVALID, "/until", "until is not a day that exists");
    enum bus_status status = series_get(ctx, in->series_id, nobody, &of);
    if (status == BUS_OK)
        status = may_touch(ctx, of.partnership, of.nis);
    if (status != BUS_OK)
        return status;
    if (until > of.until_day)
        return bus_fail(ctx->err, BUS_CONFLICT, "this series ends on %s already; make a new one to go on",
                        day_text(ctx, of.until_day));
    if (until < of.until_day)
        status = end_at(ctx, &of, until, &n);
    if (status != BUS_OK)
        return status;
    return bus_reply(
        ctx, &(struct scheduling_end_series_reply){.series_id = of.series_id, .cancelled_n = (int64_t)n});
}

/* A programme that ended meets no more. What had ended before by itself stays as it ended. */
enum bus_status on_registry_programme_ended(struct bus_context *ctx,
                                            const struct registry_programme_ended *in)
{
    struct bus_id *found = NULL;
    size_t n = 0, cancelled_n = 0;
    int32_t until = 0;
    if (!bus_date_parse(in->on_date, strlen(in->on_date), &until))
        return bus_fail(ctx->err, BUS_INVALID, "on_date is not a day that exists");
    enum bus_status status = programme_end(ctx, in->programme, in->on_date);
    if (status != BUS_OK)
        return status;
    int32_t yesterday = belgian_day(ctx->now_us) - 1;
    status = programme_series(ctx, in->programme, day_text(ctx, until > yesterday ? until : yesterday),
                              &found, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        struct series of;
        status = series_get(ctx, found[i], nobody, &of);
        if (status == BUS_OK)
            status = end_at(ctx, &of, until, &cancelled_n);
    }
    return status;
}
