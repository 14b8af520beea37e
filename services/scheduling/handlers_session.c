/* Commands about one date of a series: hold it, call it off. */
#include <string.h>

#include "agenda.h"
#include "attendance.h"
#include "bus/service.h"
#include "days/zone.h"
#include "enrolment_store.h"
#include "may.h"
#include "people_store.h"
#include "schema/scheduling.h"

static const struct bus_id nobody;

struct target {
    struct series series;
    struct session session;
    bool is_new; /* only the rule knows it yet */
};

static enum bus_status find_by_id(struct bus_context *ctx, struct bus_id session_id, struct target *ret)
{
    bool known = false;
    enum bus_status status = session_look(ctx, session_id, &ret->session, &known);
    if (status != BUS_OK)
        return status;
    if (!known)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no session %s", bus_id_text(ctx, session_id));
    status = series_get(ctx, ret->session.series_id, nobody, &ret->series);
    return status == BUS_OK ? may_touch(ctx, ret->series.partnership, ret->series.nis) : status;
}

static enum bus_status find_by_day(struct bus_context *ctx, struct bus_id series_id, const char *on_date,
                                   struct target *ret)
{
    int32_t day = 0;
    if (!bus_date_parse(on_date, strlen(on_date), &day))
        return bus_fail_at(ctx->err, BUS_INVALID, "/on_date", "on_date is not a day that exists");
    enum bus_status status = series_get(ctx, series_id, nobody, &ret->series);
    if (status == BUS_OK)
        status = may_touch(ctx, ret->series.partnership, ret->series.nis);
    if (status != BUS_OK)
        return status;
    return agenda_session_on(ctx, &ret->series, day, &ret->session, &ret->is_new);
}

/* The session that is meant, still to be held. */
static enum bus_status find(struct bus_context *ctx, struct bus_id session_id, struct bus_id series_id,
                            const char *on_date, struct target *ret)
{
    *ret = (struct target){0};
    enum bus_status status = BUS_OK;
    if (!bus_id_is_nil(session_id))
        status = find_by_id(ctx, session_id, ret);
    else if (!bus_id_is_nil(series_id) && on_date != NULL)
        status = find_by_day(ctx, series_id, on_date, ret);
    else
        return bus_fail_at(ctx->err, BUS_INVALID, "/session_id",
                           "say which session: by session_id, or by series_id and on_date");
    if (status != BUS_OK)
        return status;
    if (ret->session.state == SCHEDULING_SESSION_STATE_HELD)
        return bus_fail(ctx->err, BUS_CONFLICT, "this session was held and recorded already");
    if (ret->session.state == SCHEDULING_SESSION_STATE_CANCELLED)
        return bus_fail(ctx->err, BUS_CONFLICT, "this session was called off");
    return BUS_OK;
}

/* Who came, as they were named: each of the roll is there. */
static const struct person *named_as(const struct person *people, struct bus_id person_id)
{
    while (!bus_id_equal(people->id, person_id))
        people++;
    return people;
}

static enum bus_status say_held(struct bus_context *ctx, const struct target *at, const struct roll *roll,
                                const struct person *people, int64_t guests, double hours)
{
    enum bus_status status =
        bus_say(ctx, &scheduling_session_held_type, bus_id_text(ctx, at->session.session_id),
                &(struct scheduling_session_held){.session_id = at->session.session_id,
                                                  .series_id = at->series.series_id,
                                                  .partnership = at->series.partnership,
                                                  .programme = at->series.programme,
                                                  .nis = at->series.nis,
                                                  .at = at->session.at,
                                                  .attended_n = (int64_t)roll->attended_n,
                                                  .missed_n = (int64_t)roll->missed_n,
                                                  .guests = guests,
                                                  .hours = hours});
    for (size_t i = 0; status == BUS_OK && i < roll->attended_n; i++)
        status = attendance_say_attended(ctx, &at->series, &at->session, named_as(people, roll->attended[i]),
                                         hours, roll->had_place[i]);
    for (size_t i = 0; status == BUS_OK && i < roll->missed_n; i++)
        status = attendance_say_missed(ctx, &at->series, &at->session, roll->missed[i]);
    return status;
}

/* The clock shown is that of the series. */
static enum bus_status check_begun(struct bus_context *ctx, const struct target *at)
{
    if (at->session.at <= ctx->now_us)
        return BUS_OK;
    icaltimezone *zone = NULL;
    enum bus_status status = zone_get(at->series.timezone, &zone, ctx->err);
    if (status != BUS_OK)
        return status;
    int32_t minute = zone_wall(zone, at->session.at).minute;
    return bus_fail(ctx->err, BUS_CONFLICT,
                    "this session begins on %s at %02d:%02d: record it once it has begun",
                    day_text(ctx, at->session.day), (int)(minute / 60), (int)(minute % 60));
}

/* Whoever has a place was taken once, even if they moved away since. */
static enum bus_status name_people(struct bus_context *ctx, const struct scheduling_hold_session *in,
                                   const struct target *at, const struct bus_id *enrolled, size_t enrolled_n,
                                   struct person **ret_people)
{
    struct person *people = NULL;
    enum bus_status status = people_current(ctx, in->attended, in->attended_n, &people);
    if (status != BUS_OK)
        return status;
    for (size_t i = 0; i < in->attended_n; i++) {
        if (strcmp(people[i].partnership, at->series.partnership) != 0 &&
            !enrolment_names(enrolled, enrolled_n, people[i].id))
            return bus_fail(
                ctx->err, BUS_CONFLICT,
                "person %s is served by %s, and the series is run by %s; count them among the guests",
                bus_id_text(ctx, in->attended[i]), people[i].partnership, at->series.partnership);
    }
    *ret_people = people;
    return BUS_OK;
}

enum bus_status on_scheduling_hold_session(struct bus_context *ctx, const struct scheduling_hold_session *in)
{
    struct target at;
    struct person *people = NULL;
    struct bus_id *enrolled = NULL;
    size_t enrolled_n = 0;
    enum bus_status status = find(ctx, in->session_id, in->series_id, in->on_date, &at);
    if (status == BUS_OK)
        status = check_begun(ctx, &at);
    if (status == BUS_OK)
        status = enrolled_people(ctx, at.series.series_id, at.session.at, &enrolled, &enrolled_n);
    if (status == BUS_OK)
        status = name_people(ctx, in, &at, enrolled, enrolled_n, &people);
    if (status == BUS_OK && at.is_new)
        status = agenda_add(ctx, &at.series, &at.session);
    if (status != BUS_OK)
        return status;
    struct bus_id *named = bus_alloc_array(ctx->arena, in->attended_n, sizeof *named);
    for (size_t i = 0; i < in->attended_n; i++)
        named[i] = people[i].id;
    struct roll roll = enrolment_roll(ctx->arena, enrolled, enrolled_n, named, in->attended_n);
    int64_t guests = in->has_guests ? in->guests : 0;
    double hours = in->has_hours ? in->hours : (double)at.series.duration_minutes / 60;
    status = session_hold(ctx, at.session.session_id, &roll, guests, hours);
    if (status == BUS_OK)
        status = say_held(ctx, &at, &roll, people, guests, hours);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_hold_session_reply){.session_id = at.session.session_id,
                                                                  .attended_n = (int64_t)roll.attended_n,
                                                                  .missed_n = (int64_t)roll.missed_n});
}

enum bus_status on_scheduling_cancel_session(struct bus_context *ctx,
                                             const struct scheduling_cancel_session *in)
{
    struct target at;
    struct bus_id *enrolled = NULL;
    size_t enrolled_n = 0;
    enum bus_status status = find(ctx, in->session_id, in->series_id, in->on_date, &at);
    if (status == BUS_OK)
        status = enrolled_people(ctx, at.series.series_id, INT64_MAX, &enrolled, &enrolled_n);
    if (status == BUS_OK && at.is_new)
        status = agenda_add(ctx, &at.series, &at.session);
    if (status == BUS_OK)
        status = agenda_call_off(ctx, &at.series, &at.session, in->reason, enrolled, enrolled_n);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_cancel_session_reply){.session_id = at.session.session_id,
                                                                    .enrolled_n = (int64_t)enrolled_n});
}
