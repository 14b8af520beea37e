/* Follows scheduling: talks, sessions, places in a series, reminders. */
#include <stdio.h>
#include <string.h>

#include "bus/service.h"
#include "days/days.h"
#include "queueing.h"
#include "schema/scheduling.h"
#include "sql/notifications.h"
#include "state.h"

#define PAIR(in) ((const struct bus_id[]){(in)->newcomer_id, (in)->volunteer_id}), 2

static const char *place(enum scheduling_place_kind kind)
{
    return bus_word_or_null(scheduling_place_kind_words, (int)kind);
}

enum bus_status on_scheduling_meeting_planned(struct bus_context *ctx,
                                              const struct scheduling_meeting_planned *in)
{
    struct news news = {.template = "meeting-planned",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = in->proposal_id,
                        .at_us = in->at,
                        .place_kind = place(in->place_kind)};
    return queue_news(ctx, &news, PAIR(in));
}

enum bus_status on_scheduling_meeting_moved(struct bus_context *ctx,
                                            const struct scheduling_meeting_moved *in)
{
    struct news news = {.template = "meeting-moved",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = in->proposal_id,
                        .at_us = in->at,
                        .place_kind = place(in->place_kind)};
    return queue_news(ctx, &news, PAIR(in));
}

enum bus_status on_scheduling_meeting_cancelled(struct bus_context *ctx,
                                                const struct scheduling_meeting_cancelled *in)
{
    struct news news = {.template = "meeting-cancelled",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = in->proposal_id,
                        .at_us = in->at};
    return queue_news(ctx, &news, PAIR(in));
}

/* Who was not met may still be; who was met knows it all. */
enum bus_status on_scheduling_meeting_held(struct bus_context *ctx, const struct scheduling_meeting_held *in)
{
    bool missed = in->outcome == SCHEDULING_MEETING_OUTCOME_NO_SHOW;
    return drop_news(ctx, in->proposal_id, missed ? "meeting-missed" : "meeting-held");
}

enum bus_status on_scheduling_series_created(struct bus_context *ctx,
                                             const struct scheduling_series_created *in)
{
    state_name_set(ctx->state, NAMED_SERIES, bus_id_text(ctx, in->series_id), in->title, in->venue);
    return bus_exec(ctx->db, ctx->err, &notifications_series_put, BUS_ID(in->series_id), BUS_TEXT(in->title),
                    BUS_TEXT(in->venue));
}

/* What falls with the end of its series is told with that. */
enum bus_status on_scheduling_session_cancelled(struct bus_context *ctx,
                                                const struct scheduling_session_cancelled *in)
{
    struct news news = {.template = "session-cancelled",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = in->session_id,
                        .series_id = in->series_id,
                        .at_us = in->at};
    enum bus_status status = drop_news(ctx, in->session_id, "session-cancelled");
    if (status != BUS_OK || in->reason == SCHEDULING_SESSION_CANCEL_REASON_SERIES_ENDED)
        return status;
    return queue_news(ctx, &news, in->person_ids, in->person_ids_n);
}

/* Whether a day ("2026-03-02") lies behind us. */
static bool is_past(const char *day, int64_t now_us)
{
    char today[sizeof "2026-03-02"];
    bus_date_format(belgian_day(now_us), today);
    return strcmp(day, today) < 0;
}

/* Told once, with the first date that falls. */
enum bus_status on_scheduling_series_ended(struct bus_context *ctx, const struct scheduling_series_ended *in)
{
    struct news news = {.template = "series-ended",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = in->series_id,
                        .series_id = in->series_id,
                        .at_us = in->from};
    if (in->from == 0)
        return BUS_OK;
    enum bus_status status =
        is_past(in->until, ctx->now_us) ? drop_news(ctx, in->series_id, "series-over") : BUS_OK;
    if (status == BUS_OK)
        status = queue_news(ctx, &news, in->person_ids, in->person_ids_n);
    news.template = "series-ended-waiting";
    return status == BUS_OK ? queue_news(ctx, &news, in->waiting_ids, in->waiting_ids_n) : status;
}

static enum bus_status tell_place(struct bus_context *ctx, const char *template, const char *partnership,
                                  const char *programme, struct bus_id series_id, struct bus_id person_id)
{
    struct news news = {.template = template,
                        .partnership = partnership,
                        .programme = programme,
                        .about = series_id,
                        .series_id = series_id};
    return queue_news(ctx, &news, &person_id, 1);
}

enum bus_status on_scheduling_enrolled(struct bus_context *ctx, const struct scheduling_enrolled *in)
{
    return tell_place(ctx, "enrolled", in->partnership, in->programme, in->series_id, in->person_id);
}

enum bus_status on_scheduling_waitlisted(struct bus_context *ctx, const struct scheduling_waitlisted *in)
{
    return tell_place(ctx, "waitlisted", in->partnership, in->programme, in->series_id, in->person_id);
}

enum bus_status on_scheduling_promoted(struct bus_context *ctx, const struct scheduling_promoted *in)
{
    return tell_place(ctx, "promoted", in->partnership, in->programme, in->series_id, in->person_id);
}

enum bus_status on_scheduling_unenrolled(struct bus_context *ctx, const struct scheduling_unenrolled *in)
{
    return drop_series_news(ctx, in->series_id, in->person_id, "unenrolled");
}

enum bus_status on_scheduling_reminder_due(struct bus_context *ctx, const struct scheduling_reminder_due *in)
{
    bool meeting = in->kind == SCHEDULING_REMINDER_KIND_MEETING;
    /* Older logs do not name the proposal. */
    struct bus_id talk = bus_id_is_nil(in->proposal_id) ? in->meeting_id : in->proposal_id;
    struct news news = {.template = meeting ? "meeting-reminder" : "session-reminder",
                        .partnership = in->partnership,
                        .programme = in->programme,
                        .about = meeting ? talk : in->session_id,
                        .series_id = in->series_id,
                        .at_us = in->at};
    return queue_news(ctx, &news, in->person_ids, in->person_ids_n);
}
