/* Commands about places in a series: enrol, unenrol. */
#include <string.h>

#include "agenda.h"
#include "bus/service.h"
#include "may.h"
#include "people_store.h"
#include "places.h"
#include "schema/scheduling.h"

static enum bus_status say_enrolled(struct bus_context *ctx, const struct series *in, struct bus_id person_id)
{
    return bus_say(ctx, &scheduling_enrolled_type, bus_id_text(ctx, person_id),
                   &(struct scheduling_enrolled){.series_id = in->series_id,
                                                 .person_id = person_id,
                                                 .partnership = in->partnership,
                                                 .programme = in->programme,
                                                 .nis = in->nis});
}

static enum bus_status say_waitlisted(struct bus_context *ctx, const struct series *in,
                                      struct bus_id person_id, int64_t place)
{
    return bus_say(ctx, &scheduling_waitlisted_type, bus_id_text(ctx, person_id),
                   &(struct scheduling_waitlisted){.series_id = in->series_id,
                                                   .person_id = person_id,
                                                   .partnership = in->partnership,
                                                   .programme = in->programme,
                                                   .nis = in->nis,
                                                   .place = place});
}

static enum bus_status give_place(struct bus_context *ctx, struct series *in, struct bus_id person_id)
{
    bool has_place = enrolment_has_place(in->capacity, in->enrolled_n, in->waiting_n);
    in->own = has_place ? SCHEDULING_ENROLMENT_STATE_ENROLLED : SCHEDULING_ENROLMENT_STATE_WAITING;
    in->own_place = in->waiting_n + 1;
    enum bus_status status = enrolment_put(ctx, in->series_id, person_id, in->own, in->next_position);
    if (status != BUS_OK)
        return status;
    return has_place ? say_enrolled(ctx, in, person_id) : say_waitlisted(ctx, in, person_id, in->own_place);
}

enum bus_status on_scheduling_enrol(struct bus_context *ctx, const struct scheduling_enrol *in)
{
    struct person *person = NULL;
    struct series of;
    int32_t today = 0;
    enum bus_status status = people_current(ctx, &in->person_id, 1, &person);
    if (status == BUS_OK)
        status = series_get(ctx, in->series_id, person->id, &of);
    if (status == BUS_OK)
        status = may_touch(ctx, of.partnership, of.nis);
    if (status == BUS_OK)
        status = agenda_today(ctx, &of, &today);
    if (status != BUS_OK)
        return status;
    if (strcmp(person->partnership, of.partnership) != 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "this person is served by %s, and the series is run by %s",
                        person->partnership, of.partnership);
    if (today > of.until_day)
        return bus_fail(ctx->err, BUS_CONFLICT, "this series ended on %s", day_text(ctx, of.until_day));
    if (of.own == 0)
        status = give_place(ctx, &of, person->id);
    if (status != BUS_OK)
        return status;
    bool waits = of.own == SCHEDULING_ENROLMENT_STATE_WAITING;
    return bus_reply(ctx, &(struct scheduling_enrol_reply){
                              .state = of.own, .has_place = waits, .place = waits ? of.own_place : 0});
}

enum bus_status on_scheduling_unenrol(struct bus_context *ctx, const struct scheduling_unenrol *in)
{
    struct person *person = NULL;
    struct bus_id promoted = {0};
    struct series of;
    enum bus_status status = people_current(ctx, &in->person_id, 1, &person);
    if (status == BUS_OK)
        status = series_get(ctx, in->series_id, person->id, &of);
    if (status == BUS_OK)
        status = may_touch(ctx, of.partnership, of.nis);
    if (status != BUS_OK)
        return status;
    if (of.own == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "this person has no place in the series and waits for none");
    status = places_leave(ctx, &of, person->id, in->reason, &promoted);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_unenrol_reply){.promoted_id = promoted});
}
