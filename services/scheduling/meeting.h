/* What happens to a talk, whoever asks: planned, called off. Rows, event and reminder together. */
#ifndef SCHEDULING_MEETING_H
#define SCHEDULING_MEETING_H

#include "meeting_store.h"

/* What every event of a talk says of it. */
#define TALK_FIELDS(talk)                                                                                   \
    .meeting_id = (talk)->meeting_id, .proposal_id = (talk)->proposal_id,                                   \
    .partnership = (talk)->partnership, .programme = (talk)->programme, .newcomer_id = (talk)->newcomer_id, \
    .volunteer_id = (talk)->volunteer_id, .nis = (talk)->nis, .at = (talk)->at

#define REMINDER_MEETING   "meeting-reminder"
#define REMINDER_BEFORE_US (24 * BUS_HOUR_US)

BUS_CHECKED enum bus_status talk_plan(struct bus_context *ctx, const struct talk *talk);
/* Does nothing when no meeting is planned. */
BUS_CHECKED enum bus_status talk_call_off(struct bus_context *ctx, const struct talk *talk,
                                          enum scheduling_meeting_cancel_reason reason);
BUS_CHECKED enum bus_status talk_remind(struct bus_context *ctx, const struct talk *talk);

#endif
