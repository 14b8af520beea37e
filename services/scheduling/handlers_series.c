/* Commands about series: create, end; and looking ahead. */
#include <string.h>

#include "agenda.h"
#include "enrolment_store.h"
#include "handlers.h"
#include "recurrence.h"

static const struct bus_id nobody;

static enum bus_status check_programme(struct bus_context *ctx, const struct scheduling_create_series *in)
{
    const char *partnership = NULL;
    enum bus_status status = programme_look(ctx, in->programme, &partnership);
    if (status != BUS_OK)
        return status;
    if (partnership == NULL)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s; configure it first",
                        in->programme);
    if (strcmp(partnership, in->partnership) != 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "programme %s is run by %s, not by %s", in->programme,
                        partnership, in->partnership);
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

enum bus_status create_series(struct bus_context *ctx, const struct scheduling_create_series *in)
{
    struct series new = {
        .series_id = in->series_id,
        .partnership = in->partnership,
        .programme = in->programme,
        .nis = in->nis,
        .title = in->title,
        .rrule = in->rrule,
        .timezone = in->timezone ? in->timezone : ZONE_HOME,
        .starts = in->starts,
        .duration_minutes = in->duration_minutes,
        .capacity = in->capacity,
        .venue = in->venue,
        .until_day = DAY_NEVER,
    };
    struct recurrence rule;
    int64_t first_at = 0;
    enum bus_status status = recurrence_init(&rule, new.rrule, new.timezone, new.starts, ctx->err);
    if (status == BUS_OK)
        status = check_programme(ctx, in);
    if (status == BUS_OK)
        status = check_new(ctx, in->series_id);
    if (status != BUS_OK)
        return status;
    if (bus_id_is_nil(new.series_id))
        new.series_id = bus_new_id(ctx);
    new.scheduled_day = zone_to_wall(rule.zone, ctx->now_us).day - 1;
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

static enum bus_status cancel_all(struct bus_context *ctx, const struct series *of,
                                  const struct session *found, size_t n)
{
    struct bus_id *people = NULL;
    size_t people_n = 0;
    enum bus_status status = enrolled_people(ctx, of->series_id, INT64_MAX, &people, &people_n);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = agenda_call_off(ctx, of, &found[i], SCHEDULING_SESSION_CANCEL_REASON_SERIES_ENDED, people,
                                 people_n);
    return status;
}

enum bus_status end_series(struct bus_context *ctx, const struct scheduling_end_series *in)
{
    struct series of;
    struct session *found = NULL;
    size_t n = 0;
    int32_t until = 0;
    if (!bus_date_parse(in->until, strlen(in->until), &until))
        return bus_fail(ctx->err, BUS_INVALID, "until is not a day that exists");
    enum bus_status status = series_get(ctx, in->series_id, nobody, &of);
    if (status != BUS_OK)
        return status;
    if (until > of.until_day)
        return bus_fail(ctx->err, BUS_CONFLICT, "this series ends on %s already; make a new one to go on",
                        day_text(ctx, of.until_day));
    if (until < of.until_day) {
        status = sessions_after(ctx, of.series_id, in->until, &found, &n);
        if (status == BUS_OK)
            status = series_end(ctx, of.series_id, in->until);
        if (status == BUS_OK && of.scheduled_day >= until)
            status = bus_timer_clear(ctx, TIMER_AHEAD, bus_id_text(ctx, of.series_id));
        if (status == BUS_OK)
            status = bus_say(ctx, &scheduling_series_ended_type, bus_id_text(ctx, of.series_id),
                             &(struct scheduling_series_ended){.series_id = of.series_id,
                                                               .partnership = of.partnership,
                                                               .programme = of.programme,
                                                               .nis = of.nis,
                                                               .until = in->until});
        if (status == BUS_OK && n > 0)
            status = cancel_all(ctx, &of, found, n);
    }
    if (status != BUS_OK)
        return status;
    return bus_reply(
        ctx, &(struct scheduling_end_series_reply){.series_id = of.series_id, .cancelled_n = (int64_t)n});
}
