/* The days of duos and waits opened down to the events they lie between. */
#include "bus/page.h"
#include "bus/service.h"
#include "calendar.h"
#include "days.h"
#include "figures.h"
#include "schema/reporting.h"
#include "sql/reporting.h"

static const struct reporting_origin *read_origin(struct bus_context *ctx, const struct bus_rows *rows,
                                                  int row, int column)
{
    if (bus_row_null(rows, row, column))
        return NULL;
    struct reporting_origin origin = {.stream = bus_row_text(rows, row, 7, ctx->arena),
                                      .seq = bus_row_int(rows, row, column),
                                      .event_id = bus_row_text(rows, row, column + 1, ctx->arena)};
    return bus_copy(ctx->arena, &origin, sizeof origin);
}

static struct reporting_trace_durations_reply_spans read_span(struct bus_context *ctx,
                                                              const struct bus_rows *rows, int row)
{
    const char *side = bus_row_text(rows, row, 3, ctx->arena),
               *reason = bus_row_text(rows, row, 4, ctx->arena);
    return (struct reporting_trace_durations_reply_spans){
        .id = bus_row_id(rows, row, 0),
        .programme = bus_row_text(rows, row, 1, ctx->arena),
        .nis = bus_row_text(rows, row, 2, ctx->arena),
        .side = side ? (enum common_side)bus_word_value(common_side_words, side) : 0,
        .reason = reason ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, reason) : 0,
        .distance_band = (enum reporting_distance_band)bus_row_int(rows, row, 5),
        .days = bus_row_int(rows, row, 6),
        .from = bus_row_time(rows, row, 10),
        .to = bus_row_null(rows, row, 13) ? 0 : bus_row_time(rows, row, 13),
        .began = read_origin(ctx, rows, row, 8),
        .ended = read_origin(ctx, rows, row, 11)};
}

static enum bus_status read_rows(struct bus_context *ctx, const struct reporting_trace_durations *in,
                                 const struct period *period, const struct bus_page *page,
                                 struct bus_rows *rows)
{
    struct bus_value partnership = BUS_TEXT(in->partnership), programme = BUS_TEXT(in->programme),
                     nis = BUS_TEXT(in->nis), from = BUS_TIME(belgian_midnight_us(period->first)),
                     to = BUS_TIME(days_end_us(ctx, period)), at = BUS_ID(page->at_id),
                     limit = BUS_INT(page->limit + 1), year = BUS_INT(period->project_year);
    if (in->of == REPORTING_TRACE_DURATIONS_OF_DUOS)
        return bus_query(ctx->db, ctx->err, rows, &reporting_trace_duos, partnership, from, to, programme,
                         nis, BUS_TEXT(bus_word_or_null(common_stop_reason_words, (int)in->reason)),
                         in->distance_band ? BUS_INT(in->distance_band) : BUS_NULL,
                         BUS_INTS(distance_ends_m, distance_ends_n), at, limit, year);
    return bus_query(ctx->db, ctx->err, rows, &reporting_trace_waits, partnership, from, to, programme, nis,
                     BUS_TEXT(bus_word_or_null(common_side_words, (int)in->side)),
                     BUS_BOOL(in->of == REPORTING_TRACE_DURATIONS_OF_WAITING_NOW), at, limit, year);
}

/* A filter that says nothing of what is asked would be left unread. */
static enum bus_status check(struct bus_context *ctx, const struct reporting_trace_durations *in)
{
    bool duos = in->of == REPORTING_TRACE_DURATIONS_OF_DUOS;
    if (duos && in->side)
        return bus_fail_at(ctx->err, BUS_INVALID, "/side", "side is of waits: leave it out for duos");
    if (!duos && (in->reason || in->distance_band))
        return bus_fail_at(ctx->err, BUS_INVALID, in->reason ? "/reason" : "/distance_band",
                           "reason and distance_band are of duos: leave them out for waits");
    return BUS_OK;
}

enum bus_status on_reporting_trace_durations(struct bus_context *ctx,
                                             const struct reporting_trace_durations *in)
{
    struct period period = {0};
    struct bus_page page;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = check(ctx, in);
    if (status == BUS_OK)
        status = bus_page_read_id(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = period_read(ctx, in->has_project_year ? in->project_year : 0, in->from, in->to,
                             PERIOD_ALWAYS, &period);
    if (status == BUS_OK)
        status = read_rows(ctx, in, &period, &page, &rows);
    if (status != BUS_OK)
        return status;
    struct reporting_trace_durations_reply reply = {.total = rows.n > 0 ? bus_row_int(&rows, 0, 14) : 0,
                                                    .spans_n = bus_page_rows(page.limit, rows.n)};
    struct reporting_trace_durations_reply_spans *spans =
        bus_alloc_array(ctx->arena, reply.spans_n, sizeof *spans);
    for (size_t i = 0; i < reply.spans_n; i++)
        spans[i] = read_span(ctx, &rows, (int)i);
    reply.spans = spans;
    if (rows.n > page.limit)
        reply.next = bus_id_text(ctx, spans[page.limit - 1].id);
    return bus_reply(ctx, &reply);
}
