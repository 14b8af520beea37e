/* Reminders come due a day before. What was moved or called off meanwhile, or a talk that was held early, has
 * no timer any more; a reminder that comes too late, after the beginning, is not said. */
#include <string.h>

#include "agenda.h"
#include "bus/service.h"
#include "enrolment_store.h"
#include "meeting.h"
#include "schema/scheduling.h"
#include "timers.h"

static const struct bus_id nobody;

static enum bus_status read_key(struct bus_context *ctx, const char *key, struct bus_id *ret)
{
    if (bus_id_parse(key, strlen(key), ret))
        return BUS_OK;
    return bus_fail(ctx->err, BUS_BUG, "the key of this timer is no id");
}

enum bus_status on_meeting_reminder(struct bus_context *ctx, const char *key)
{
    struct bus_id meeting_id = {0};
    struct talk talk;
    bool known = false;
    enum bus_status status = read_key(ctx, key, &meeting_id);
    if (status == BUS_OK)
        status = talk_look_meeting(ctx, meeting_id, &talk, &known);
    if (status != BUS_OK || !known || !bus_id_equal(talk.meeting_id, meeting_id) || talk.at <= ctx->now_us)
        return status;
    struct bus_id people[] = {talk.newcomer_id, talk.volunteer_id};
    return bus_say(ctx, &scheduling_reminder_due_type, key,
                   &(struct scheduling_reminder_due){.kind = SCHEDULING_REMINDER_KIND_MEETING,
                                                     .meeting_id = meeting_id,
                                                     .proposal_id = talk.proposal_id,
                                                     .partnership = talk.partnership,
                                                     .programme = talk.programme,
                                                     .nis = talk.nis,
                                                     .at = talk.at,
                                                     .person_ids = people,
                                                     .person_ids_n = 2});
}

enum bus_status on_session_reminder(struct bus_context *ctx, const char *key)
{
    struct bus_id session_id = {0}, *people = NULL;
    struct session session;
    struct series of;
    size_t people_n = 0;
    bool known = false;
    enum bus_status status = read_key(ctx, key, &session_id);
    if (status == BUS_OK)
        status = session_look(ctx, session_id, &session, &known);
    if (status != BUS_OK || !known || session.state != SCHEDULING_SESSION_STATE_SCHEDULED ||
        session.at <= ctx->now_us)
        return status;
    status = series_get(ctx, session.series_id, nobody, &of);
    if (status == BUS_OK)
        status = enrolled_people(ctx, session.series_id, INT64_MAX, &people, &people_n);
    if (status != BUS_OK || people_n == 0)
        return status;
    return bus_say(ctx, &scheduling_reminder_due_type, key,
                   &(struct scheduling_reminder_due){.kind = SCHEDULING_REMINDER_KIND_SESSION,
                                                     .session_id = session_id,
                                                     .series_id = of.series_id,
                                                     .partnership = of.partnership,
                                                     .programme = of.programme,
                                                     .nis = of.nis,
                                                     .at = session.at,
                                                     .person_ids = people,
                                                     .person_ids_n = people_n});
}
