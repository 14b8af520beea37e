/* Queries about series, who takes part in them, and who was there. */
#include <stdio.h>
#include <string.h>

#include "bus/page.h"
#include "bus/service.h"
#include "known.h"
#include "schema/scheduling.h"
#include "sql/scheduling.h"

static struct scheduling_series_reply_series read_series(struct bus_context *ctx, const struct bus_rows *rows,
                                                         int row)
{
    return (struct scheduling_series_reply_series){
        .series_id = bus_row_id(rows, row, 0),
        .partnership = bus_row_text(rows, row, 1, ctx->arena),
        .programme = bus_row_text(rows, row, 2, ctx->arena),
        .nis = bus_row_text(rows, row, 3, ctx->arena),
        .title = bus_row_text(rows, row, 4, ctx->arena),
        .rrule = bus_row_text(rows, row, 5, ctx->arena),
        .timezone = bus_row_text(rows, row, 6, ctx->arena),
        .starts = bus_row_text(rows, row, 7, ctx->arena),
        .duration_minutes = bus_row_int(rows, row, 8),
        .capacity = bus_row_int(rows, row, 9),
        .venue = bus_row_text(rows, row, 10, ctx->arena),
        .until = bus_row_text(rows, row, 11, ctx->arena),
        .enrolled_n = bus_row_int(rows, row, 12),
        .waiting_n = bus_row_int(rows, row, 13),
        .next_at = bus_row_time(rows, row, 14),
    };
}

enum bus_status on_scheduling_series(struct bus_context *ctx, const struct scheduling_series *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->series_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "say which: give a partnership, a programme or a series_id");
    enum bus_status status = bus_page_read_id(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &scheduling_series_page, BUS_TEXT(in->partnership),
                       BUS_TEXT(in->programme), BUS_ID(in->series_id), BUS_TEXT(in->nis),
                       BUS_BOOL(in->has_ended && in->ended), BUS_TIME(ctx->now_us), BUS_ID(page.at_id),
                       BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct scheduling_series_reply_series *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_series(ctx, &rows, (int)i);
    struct scheduling_series_reply reply = {.series = list, .series_n = n};
    if (rows.n > page.limit)
        reply.next = bus_id_text(ctx, list[n - 1].series_id);
    return bus_reply(ctx, &reply);
}

static struct scheduling_enrolments_reply_enrolments read_enrolment(struct bus_context *ctx,
                                                                    const struct bus_rows *rows, int row)
{
    struct scheduling_enrolments_reply_enrolments enrolment = {
        .series_id = bus_row_id(rows, row, 0),
        .person_id = bus_row_id(rows, row, 1),
        .partnership = bus_row_text(rows, row, 2, ctx->arena),
        .programme = bus_row_text(rows, row, 3, ctx->arena),
        .nis = bus_row_text(rows, row, 4, ctx->arena),
        .state =
            (enum scheduling_enrolment_state)bus_row_word(rows, row, 5, scheduling_enrolment_state_words),
        .since = bus_row_time(rows, row, 6),
        .attended_n = bus_row_int(rows, row, 9),
        .missed_n = bus_row_int(rows, row, 10),
    };
    enrolment.has_place = enrolment.state == SCHEDULING_ENROLMENT_STATE_WAITING;
    enrolment.place = enrolment.has_place ? bus_row_int(rows, row, 8) : 0;
    return enrolment;
}

/* "<series>.<state>.<position>" of the last row shown. */
static enum bus_status read_cursor(struct bus_context *ctx, const char *cursor, struct bus_id *ret_series,
                                   const char **ret_state, int64_t *ret_position)
{
    char id[BUS_ID_TEXT], state[16];
    long long position = 0;
    if (cursor == NULL)
        return BUS_OK;
    if (sscanf(cursor, "%36[0-9a-f-].%15[a-z].%lld", id, state, &position) != 3 ||
        !bus_id_parse(id, strlen(id), ret_series) ||
        bus_word_value(scheduling_enrolment_state_words, state) == 0)
        return bus_page_bad_cursor(ctx);
    *ret_state = bus_strdup(ctx->arena, state);
    *ret_position = position;
    return BUS_OK;
}

enum bus_status on_scheduling_enrolments(struct bus_context *ctx, const struct scheduling_enrolments *in)
{
    int64_t limit = bus_page_limit(in->has_limit, in->limit), position = 0;
    struct bus_id series_id = {0};
    const char *state = NULL;
    if (bus_id_is_nil(in->series_id) == bus_id_is_nil(in->person_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/series_id",
                           "say whose: give either a series_id or a person_id");
    enum bus_status status = read_cursor(ctx, in->cursor, &series_id, &state, &position);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(
        ctx->db, ctx->err, &rows, &scheduling_enrolments_page, BUS_ID(in->series_id), BUS_ID(in->person_id),
        BUS_TEXT(bus_word_or_null(scheduling_enrolment_state_words, (int)in->state)), BUS_ID(series_id),
        BUS_TEXT(state), BUS_INT(position), BUS_INT(limit + 1), BUS_TEXT(in->partnership));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(limit, rows.n);
    struct scheduling_enrolments_reply_enrolments *page = bus_alloc_array(ctx->arena, n, sizeof *page);
    for (size_t i = 0; i < n; i++)
        page[i] = read_enrolment(ctx, &rows, (int)i);
    struct scheduling_enrolments_reply reply = {.enrolments = page, .enrolments_n = n};
    if (rows.n > limit)
        reply.next = bus_printf(ctx->arena, "%s.%s.%lld", bus_id_text(ctx, page[n - 1].series_id),
                                bus_word(scheduling_enrolment_state_words, (int)page[n - 1].state),
                                (long long)bus_row_int(&rows, (int)n - 1, 7));
    return bus_reply(ctx, &reply);
}

enum bus_status on_scheduling_attendances(struct bus_context *ctx, const struct scheduling_attendances *in)
{
    struct bus_page page;
    enum bus_status status = bus_page_read_id(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &scheduling_attendance_page, BUS_ID(in->session_id),
                       BUS_TEXT(in->partnership), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct scheduling_attendances_reply_attendances *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct scheduling_attendances_reply_attendances){
            .person_id = bus_row_id(&rows, (int)i, 0),
            .present = bus_row_bool(&rows, (int)i, 1),
            .enrolled = bus_row_bool(&rows, (int)i, 2),
        };
    struct scheduling_attendances_reply reply = {.attendances = list, .attendances_n = n};
    if (rows.n > page.limit)
        reply.next = bus_id_text(ctx, list[n - 1].person_id);
    return bus_reply(ctx, &reply);
}
