/* What matching says: an accepted proposal gets a talk, an ended one loses it. */
#include "bus/service.h"
#include "meeting.h"
#include "schema/matching.h"
#include "talk.h"

enum bus_status on_matching_match_accepted(struct bus_context *ctx, const struct matching_match_accepted *in)
{
    struct talk talk = {
        .proposal_id = in->proposal_id,
        .partnership = in->partnership,
        .programme = in->programme,
        .newcomer_id = in->newcomer_id,
        .volunteer_id = in->volunteer_id,
        .nis = in->nis,
        .proposed_us = in->proposed,
    };
    bool is_new = false;
    enum bus_status status = proposal_put(ctx, &talk, &is_new);
    if (status != BUS_OK || !is_new)
        return status;
    talk.meeting_id = bus_new_id(ctx);
    talk.at = talk_slot_us(ctx->now_us, in->shared_slots, in->shared_slots_n);
    talk.duration_minutes = TALK_MINUTES;
    return talk_plan(ctx, &talk);
}

static enum bus_status proposal_over(struct bus_context *ctx, struct bus_id proposal_id, bool started)
{
    struct talk talk;
    bool known = false;
    enum bus_status status = talk_look(ctx, proposal_id, &talk, &known);
    if (status != BUS_OK || !known)
        return status;
    if (talk.accepted || started)
        status = proposal_close(ctx, proposal_id, started);
    if (status != BUS_OK)
        return status;
    return talk_call_off(ctx, &talk, SCHEDULING_MEETING_CANCEL_REASON_PROPOSAL_ENDED);
}

enum bus_status on_matching_match_declined(struct bus_context *ctx, const struct matching_match_declined *in)
{
    return proposal_over(ctx, in->proposal_id, false);
}

enum bus_status on_matching_match_expired(struct bus_context *ctx, const struct matching_match_expired *in)
{
    return proposal_over(ctx, in->proposal_id, false);
}

enum bus_status on_matching_match_withdrawn(struct bus_context *ctx,
                                            const struct matching_match_withdrawn *in)
{
    return proposal_over(ctx, in->proposal_id, false);
}

enum bus_status on_matching_duo_started(struct bus_context *ctx, const struct matching_duo_started *in)
{
    return proposal_over(ctx, in->proposal_id, true);
}
