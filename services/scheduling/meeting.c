/* See meeting.h. */
#include "meeting.h"

enum bus_status talk_remind(struct bus_context *ctx, const struct talk *talk)
{
    const char *key = bus_id_text(ctx, talk->meeting_id);
    if (talk->at <= ctx->now_us)
        return bus_timer_clear(ctx, REMINDER_MEETING, key);
    int64_t due_us = talk->at - REMINDER_BEFORE_US;
    return bus_timer_set(ctx, REMINDER_MEETING, key, due_us > ctx->now_us ? due_us : ctx->now_us);
}

enum bus_status talk_plan(struct bus_context *ctx, const struct talk *talk)
{
    enum bus_status status = meeting_put(ctx, talk);
    if (status == BUS_OK)
        status = bus_say(ctx, &scheduling_meeting_planned_type, bus_id_text(ctx, talk->meeting_id),
                         &(struct scheduling_meeting_planned){TALK_FIELDS(talk),
                                                              .duration_minutes = talk->duration_minutes,
                                                              .place_kind = talk->place_kind});
    return status == BUS_OK ? talk_remind(ctx, talk) : status;
}

enum bus_status talk_call_off(struct bus_context *ctx, const struct talk *talk,
                              enum scheduling_meeting_cancel_reason reason)
{
    if (bus_id_is_nil(talk->meeting_id))
        return BUS_OK;
    const char *meeting = bus_id_text(ctx, talk->meeting_id);
    enum bus_status status =
        meeting_cancel(ctx, talk->meeting_id, bus_word(scheduling_meeting_cancel_reason_words, (int)reason));
    if (status == BUS_OK)
        status = bus_timer_clear(ctx, REMINDER_MEETING, meeting);
    if (status != BUS_OK)
        return status;
    return bus_say(ctx, &scheduling_meeting_cancelled_type, meeting,
                   &(struct scheduling_meeting_cancelled){TALK_FIELDS(talk), .reason = reason});
}
