/* Queries in order of time: meetings and sessions. */
#include "bus/page.h"
#include "bus/service.h"
#include "days/days.h"
#include "known.h"
#include "schema/scheduling.h"
#include "series_store.h"
#include "sql/scheduling.h"

/* `from` itself, or today in Belgium when it is NULL. */
static const char *day_from(struct bus_context *ctx, const char *from)
{
    return from != NULL ? from : day_text(ctx, belgian_day(ctx->now_us));
}

static struct scheduling_meetings_reply_meetings read_meeting(struct bus_context *ctx,
                                                              const struct bus_rows *rows, int row)
{
    struct scheduling_meetings_reply_meetings meeting = {
        .meeting_id = bus_row_id(rows, row, 0),
        .proposal_id = bus_row_id(rows, row, 1),
        .partnership = bus_row_text(rows, row, 2, ctx->arena),
        .programme = bus_row_text(rows, row, 3, ctx->arena),
        .newcomer_id = bus_row_id(rows, row, 4),
        .volunteer_id = bus_row_id(rows, row, 5),
        .nis = bus_row_text(rows, row, 6, ctx->arena),
        .state = (enum scheduling_meeting_state)bus_row_word(rows, row, 7, scheduling_meeting_state_words),
        .at = bus_row_time(rows, row, 8),
        .duration_minutes = bus_row_int(rows, row, 9),
        .place_kind = (enum scheduling_place_kind)bus_row_word(rows, row, 10, scheduling_place_kind_words),
        .outcome =
            (enum scheduling_meeting_outcome)bus_row_word(rows, row, 11, scheduling_meeting_outcome_words),
    };
    if (meeting.state == SCHEDULING_MEETING_STATE_HELD)
        meeting.reason = (enum common_decline_reason)bus_row_word(rows, row, 12, common_decline_reason_words);
    return meeting;
}

enum bus_status on_scheduling_meetings(struct bus_context *ctx, const struct scheduling_meetings *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->proposal_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "say whose: give a partnership, a programme, a person_id or a proposal_id");
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    const char *from = day_from(ctx, in->from);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_meetings_page, BUS_TEXT(in->partnership),
                  BUS_TEXT(in->programme), BUS_ID(in->person_id), BUS_ID(in->proposal_id),
                  BUS_TEXT(bus_word_or_null(scheduling_meeting_state_words, (int)in->state)), BUS_TEXT(from),
                  BUS_TEXT(in->to), BUS_TIME(page.at_us), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct scheduling_meetings_reply_meetings *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_meeting(ctx, &rows, (int)i);
    struct scheduling_meetings_reply reply = {.meetings = list, .meetings_n = n};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].at, list[n - 1].meeting_id);
    return bus_reply(ctx, &reply);
}

static struct scheduling_sessions_reply_sessions read_session(struct bus_context *ctx,
                                                              const struct bus_rows *rows, int row)
{
    bool held = !bus_row_null(rows, row, 13);
    return (struct scheduling_sessions_reply_sessions){
        .session_id = bus_row_id(rows, row, 0),
        .series_id = bus_row_id(rows, row, 1),
        .partnership = bus_row_text(rows, row, 2, ctx->arena),
        .programme = bus_row_text(rows, row, 3, ctx->arena),
        .nis = bus_row_text(rows, row, 4, ctx->arena),
        .title = bus_row_text(rows, row, 5, ctx->arena),
        .state = (enum scheduling_session_state)bus_row_word(rows, row, 6, scheduling_session_state_words),
        .at = bus_row_time(rows, row, 7),
        .duration_minutes = bus_row_int(rows, row, 8),
        .venue = bus_row_text(rows, row, 9, ctx->arena),
        .capacity = bus_row_int(rows, row, 10),
        .enrolled_n = bus_row_int(rows, row, 11),
        .waiting_n = bus_row_int(rows, row, 12),
        .has_attended_n = held,
        .attended_n = bus_row_int(rows, row, 13),
        .has_guests = held,
        .guests = bus_row_int(rows, row, 14),
        .has_hours = held,
        .hours = bus_row_number(rows, row, 15),
        .cancel_reason = (enum scheduling_session_cancel_reason)bus_row_word(
            rows, row, 16, scheduling_session_cancel_reason_words),
    };
}

enum bus_status on_scheduling_sessions(struct bus_context *ctx, const struct scheduling_sessions *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->series_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "say whose: give a partnership, a programme, a series_id or a person_id");
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    const char *from = day_from(ctx, in->from);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_sessions_page, BUS_TEXT(in->partnership),
                  BUS_TEXT(in->programme), BUS_ID(in->series_id), BUS_ID(in->person_id), BUS_TEXT(in->nis),
                  BUS_TEXT(bus_word_or_null(scheduling_session_state_words, (int)in->state)), BUS_TEXT(from),
                  BUS_TEXT(in->to), BUS_TIME(page.at_us), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct scheduling_sessions_reply_sessions *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_session(ctx, &rows, (int)i);
    struct scheduling_sessions_reply reply = {.sessions = list, .sessions_n = n};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].at, list[n - 1].session_id);
    return bus_reply(ctx, &reply);
}
