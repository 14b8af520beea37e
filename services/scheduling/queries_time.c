/* Queries in order of time: meetings and sessions. */
#include "handlers.h"
#include "page.h"
#include "sql/scheduling.h"

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
        .state = (enum scheduling_meeting_state)bus_word_value(scheduling_meeting_state_words,
                                                               bus_row_text(rows, row, 7, ctx->arena)),
        .at = bus_row_time(rows, row, 8),
        .duration_minutes = bus_row_int(rows, row, 9),
        .place_kind = (enum scheduling_place_kind)bus_word_value(scheduling_place_kind_words,
                                                                 bus_row_text(rows, row, 10, ctx->arena)),
        .outcome = (enum scheduling_meeting_outcome)bus_word_value(scheduling_meeting_outcome_words,
                                                                   bus_row_text(rows, row, 11, ctx->arena)),
    };
    if (meeting.state == SCHEDULING_MEETING_STATE_HELD)
        meeting.reason = (enum common_decline_reason)bus_word_value(common_decline_reason_words,
                                                                    bus_row_text(rows, row, 12, ctx->arena));
    return meeting;
}

enum bus_status meetings(struct bus_context *ctx, const struct scheduling_meetings *in)
{
    int64_t limit = page_limit(in->has_limit, in->limit), at = 0;
    struct bus_id last = {0};
    const char *from = NULL;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->proposal_id))
        return bus_fail(ctx->err, BUS_INVALID,
                        "say whose: give a partnership, a programme, a person_id or a proposal_id");
    enum bus_status status = page_read(ctx, in->cursor, &at, &last);
    if (status == BUS_OK)
        status = page_from(ctx, in->from, &from);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &scheduling_meetings_page, BUS_TEXT(in->partnership),
                       BUS_TEXT(in->programme), BUS_ID(in->person_id), BUS_ID(in->proposal_id),
                       BUS_TEXT(in->state ? bus_word(scheduling_meeting_state_words, (int)in->state) : NULL),
                       BUS_TEXT(from), BUS_TEXT(in->to), BUS_TIME(at), BUS_ID(last), BUS_INT(limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = rows.n > limit ? (size_t)limit : (size_t)rows.n;
    struct scheduling_meetings_reply_meetings *page = bus_alloc_array(ctx->arena, n, sizeof *page);
    for (size_t i = 0; i < n; i++)
        page[i] = read_meeting(ctx, &rows, (int)i);
    struct scheduling_meetings_reply reply = {.meetings = page, .meetings_n = n};
    if (rows.n > limit)
        reply.next = page_next(ctx, page[n - 1].at, page[n - 1].meeting_id);
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
        .state = (enum scheduling_session_state)bus_word_value(scheduling_session_state_words,
                                                               bus_row_text(rows, row, 6, ctx->arena)),
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
        .cancel_reason = (enum scheduling_session_cancel_reason)bus_word_value(
            scheduling_session_cancel_reason_words, bus_row_text(rows, row, 16, ctx->arena)),
    };
}

enum bus_status sessions(struct bus_context *ctx, const struct scheduling_sessions *in)
{
    int64_t limit = page_limit(in->has_limit, in->limit), at = 0;
    struct bus_id last = {0};
    const char *from = NULL;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->series_id))
        return bus_fail(ctx->err, BUS_INVALID,
                        "say whose: give a partnership, a programme, a series_id or a person_id");
    enum bus_status status = page_read(ctx, in->cursor, &at, &last);
    if (status == BUS_OK)
        status = page_from(ctx, in->from, &from);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_sessions_page, BUS_TEXT(in->partnership),
                  BUS_TEXT(in->programme), BUS_ID(in->series_id), BUS_ID(in->person_id), BUS_TEXT(in->nis),
                  BUS_TEXT(in->state ? bus_word(scheduling_session_state_words, (int)in->state) : NULL),
                  BUS_TEXT(from), BUS_TEXT(in->to), BUS_TIME(at), BUS_ID(last), BUS_INT(limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = rows.n > limit ? (size_t)limit : (size_t)rows.n;
    struct scheduling_sessions_reply_sessions *page = bus_alloc_array(ctx->arena, n, sizeof *page);
    for (size_t i = 0; i < n; i++)
        page[i] = read_session(ctx, &rows, (int)i);
    struct scheduling_sessions_reply reply = {.sessions = page, .sessions_n = n};
    if (rows.n > limit)
        reply.next = page_next(ctx, page[n - 1].at, page[n - 1].session_id);
    return bus_reply(ctx, &reply);
}
