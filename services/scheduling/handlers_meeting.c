/* Commands about acquaintance talks: plan, move, cancel, hold. */
#include <string.h>

#include "bus/service.h"
#include "days/days.h"
#include "meeting.h"
#include "schema/scheduling.h"
#include "talk.h"

/* Every one of these commands names its talk by the same fields. */
#define KEY_OF(in)                                       \
    ((struct talk_key){.meeting_id = (in)->meeting_id,   \
                       .proposal_id = (in)->proposal_id, \
                       .programme = (in)->programme,     \
                       .newcomer_id = (in)->newcomer_id, \
                       .volunteer_id = (in)->volunteer_id})

static enum bus_status get_planned(struct bus_context *ctx, const struct talk_key *key, struct talk *ret)
{
    enum bus_status status = talk_get(ctx, key, ret);
    if (status != BUS_OK)
        return status;
    bool other = !bus_id_is_nil(key->meeting_id) && !bus_id_equal(key->meeting_id, ret->meeting_id);
    if (other || bus_id_is_nil(ret->meeting_id))
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this talk is not planned any more: it was held or cancelled; plan "
                        "another with plan-meeting");
    return BUS_OK;
}

static enum bus_status check_future(struct bus_context *ctx, int64_t at)
{
    if (at >= ctx->now_us)
        return BUS_OK;
    return bus_fail_at(ctx->err, BUS_INVALID, "/at",
                       "at is in the past; for a talk that took place use hold-meeting");
}

enum bus_status on_scheduling_plan_meeting(struct bus_context *ctx, const struct scheduling_plan_meeting *in)
{
    struct talk_key key = KEY_OF(in);
    key.meeting_id = (struct bus_id){0};
    struct talk talk;
    bool taken = false;
    enum bus_status status = check_future(ctx, in->at);
    if (status == BUS_OK)
        status = talk_get(ctx, &key, &talk);
    if (status == BUS_OK && !bus_id_is_nil(in->meeting_id))
        status = meeting_look(ctx, in->meeting_id, &taken);
    if (status != BUS_OK)
        return status;
    if (!talk.accepted)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this proposal is not open any more: the duo started, or it ended");
    if (!bus_id_is_nil(talk.meeting_id))
        return bus_fail(ctx->err, BUS_CONFLICT, "a talk is planned already; use move-meeting");
    if (taken)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "there is a meeting with this id already; leave meeting_id out");
    talk.meeting_id = bus_id_is_nil(in->meeting_id) ? bus_new_id(ctx) : in->meeting_id;
    talk.at = in->at;
    talk.duration_minutes = in->has_duration_minutes ? in->duration_minutes : TALK_MINUTES;
    talk.place_kind = in->place_kind;
    status = talk_plan(ctx, &talk);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_plan_meeting_reply){.meeting_id = talk.meeting_id,
                                                                  .newcomer_id = talk.newcomer_id,
                                                                  .volunteer_id = talk.volunteer_id,
                                                                  .at = talk.at});
}

enum bus_status on_scheduling_move_meeting(struct bus_context *ctx, const struct scheduling_move_meeting *in)
{
    struct talk talk;
    struct talk_key key = KEY_OF(in);
    enum bus_status status = check_future(ctx, in->at);
    if (status == BUS_OK)
        status = get_planned(ctx, &key, &talk);
    if (status != BUS_OK)
        return status;
    int64_t was_at = talk.at;
    talk.at = in->at;
    talk.duration_minutes = in->has_duration_minutes ? in->duration_minutes : talk.duration_minutes;
    talk.place_kind = in->place_kind ? in->place_kind : talk.place_kind;
    status = meeting_move(ctx, &talk);
    if (status == BUS_OK)
        status = talk_remind(ctx, &talk);
    if (status == BUS_OK)
        status = bus_say(ctx, &scheduling_meeting_moved_type, bus_id_text(ctx, talk.meeting_id),
                         &(struct scheduling_meeting_moved){TALK_FIELDS(&talk), .was_at = was_at,
                                                            .duration_minutes = talk.duration_minutes,
                                                            .place_kind = talk.place_kind});
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx,
                     &(struct scheduling_move_meeting_reply){.meeting_id = talk.meeting_id, .at = talk.at});
}

enum bus_status on_scheduling_cancel_meeting(struct bus_context *ctx,
                                             const struct scheduling_cancel_meeting *in)
{
    struct talk talk;
    struct talk_key key = KEY_OF(in);
    enum bus_status status = get_planned(ctx, &key, &talk);
    if (status == BUS_OK)
        status = talk_call_off(ctx, &talk, SCHEDULING_MEETING_CANCEL_REASON_COORDINATOR);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_cancel_meeting_reply){.meeting_id = talk.meeting_id,
                                                                    .proposal_id = talk.proposal_id});
}

/* A decline always has a reason, nothing else has one. */
static enum bus_status check_reason(struct bus_context *ctx, const struct scheduling_hold_meeting *in,
                                    enum common_decline_reason *ret)
{
    bool decline = in->outcome == SCHEDULING_MEETING_OUTCOME_DECLINE_NEWCOMER ||
                   in->outcome == SCHEDULING_MEETING_OUTCOME_DECLINE_VOLUNTEER;
    if (!decline && in->reason)
        return bus_fail_at(ctx->err, BUS_INVALID, "/reason", "reason goes only with a decline; leave it out");
    *ret = in->reason || !decline ? in->reason : COMMON_DECLINE_REASON_OTHER;
    return BUS_OK;
}

/* NULL in *ret_date for a talk of today. */
static enum bus_status check_day(struct bus_context *ctx, const char *on_date, const struct talk *talk,
                                 const char **ret_date)
{
    int32_t day = 0;
    *ret_date = NULL;
    if (!on_date)
        return BUS_OK;
    if (!bus_date_parse(on_date, strlen(on_date), &day))
        return bus_fail_at(ctx->err, BUS_INVALID, "/on_date", "on_date must be a day such as 2026-11-22");
    int32_t today = belgian_day(ctx->now_us);
    if (day > today)
        return bus_fail_at(ctx->err, BUS_CONFLICT, "/on_date",
                           "on_date is in the future: tell it once the talk has been");
    if (talk->proposed_us != 0 && day < belgian_day(talk->proposed_us))
        return bus_fail_at(
            ctx->err, BUS_CONFLICT, "/on_date",
            "on_date is before the two were proposed to each other; give the day they met after it");
    if (day != today)
        *ret_date = on_date;
    return BUS_OK;
}

/* People who met without a plan: the talk is made and held at once. */
static enum bus_status make_unplanned(struct bus_context *ctx, struct talk *talk, const char *date)
{
    int32_t day = 0;
    talk->meeting_id = bus_new_id(ctx);
    talk->at = ctx->now_us;
    if (date && bus_date_parse(date, strlen(date), &day))
        talk->at = day * BUS_DAY_US + 12 * BUS_HOUR_US;
    talk->duration_minutes = TALK_MINUTES;
    return meeting_put(ctx, talk);
}

static enum bus_status store_held(struct bus_context *ctx, struct talk *talk, const char *date,
                                  enum scheduling_meeting_outcome outcome, enum common_decline_reason reason)
{
    enum bus_status status = BUS_OK;
    if (bus_id_is_nil(talk->meeting_id))
        status = make_unplanned(ctx, talk, date);
    if (status == BUS_OK)
        status = meeting_hold(ctx, talk->meeting_id, outcome,
                              bus_word_or_null(common_decline_reason_words, (int)reason));
    if (status == BUS_OK)
        status = bus_timer_clear(ctx, REMINDER_MEETING, bus_id_text(ctx, talk->meeting_id));
    if (status == BUS_OK && outcome != SCHEDULING_MEETING_OUTCOME_NO_SHOW)
        status = proposal_close(ctx, talk->proposal_id, outcome == SCHEDULING_MEETING_OUTCOME_START);
    return status;
}

enum bus_status on_scheduling_hold_meeting(struct bus_context *ctx, const struct scheduling_hold_meeting *in)
{
    struct talk talk;
    struct talk_key key = KEY_OF(in);
    enum common_decline_reason reason = 0;
    const char *date = NULL;
    enum bus_status status = check_reason(ctx, in, &reason);
    if (status == BUS_OK)
        status = bus_id_is_nil(in->meeting_id) ? talk_get(ctx, &key, &talk) : get_planned(ctx, &key, &talk);
    if (status != BUS_OK)
        return status;
    if (!talk.accepted)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this proposal is not open any more: the duo started, or it ended");
    status = check_day(ctx, in->on_date, &talk, &date);
    if (status == BUS_OK)
        status = store_held(ctx, &talk, date, in->outcome, reason);
    if (status == BUS_OK)
        status = bus_say(ctx, &scheduling_meeting_held_type, bus_id_text(ctx, talk.meeting_id),
                         &(struct scheduling_meeting_held){TALK_FIELDS(&talk), .outcome = in->outcome,
                                                           .reason = reason, .on_date = date});
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_hold_meeting_reply){.meeting_id = talk.meeting_id,
                                                                  .proposal_id = talk.proposal_id,
                                                                  .newcomer_id = talk.newcomer_id,
                                                                  .volunteer_id = talk.volunteer_id});
}
