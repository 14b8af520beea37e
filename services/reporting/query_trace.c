/* A figure opened down to the events it comes from. */
#include "bus/page.h"
#include "bus/service.h"
#include "figures.h"
#include "period.h"
#include "schema/reporting.h"
#include "sql/reporting.h"

#define FILTERS 10

static struct reporting_trace_reply_results read_row(struct bus_context *ctx, const struct bus_rows *rows,
                                                     int row)
{
    const char *text[21];
    for (int column = 0; column < 21; column++)
        text[column] = NULL;
    static const int texts[] = {2, 3, 4, 6, 8, 9, 11, 12, 14, 15, 17, 18, 19};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        text[texts[i]] = bus_row_text(rows, row, texts[i], ctx->arena);
    return (struct reporting_trace_reply_results){
        .result_id = bus_row_id(rows, row, 1),
        .kind = (enum reporting_result_kind)bus_word_value(reporting_result_kind_words, text[2]),
        .partnership = text[3],
        .programme = text[4],
        .has_action = bus_row_int(rows, row, 5) > 0,
        .action = bus_row_int(rows, row, 5),
        .nis = text[6],
        .project_year = bus_row_int(rows, row, 7),
        .figure = (enum reporting_figure)bus_word_value(reporting_figure_words, text[8]),
        .unit = (enum reporting_unit)bus_word_value(reporting_unit_words, text[9]),
        .amount = amount_number(bus_row_int(rows, row, 10)),
        .on_date = text[11],
        .stream = text[12],
        .seq = bus_row_int(rows, row, 13),
        .event_id = text[14],
        .event_type = text[15],
        .at = bus_row_time(rows, row, 16),
        .about = text[17],
        .reason = text[18] ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, text[18]) : 0,
        .correction = text[19] ? (enum reporting_correction_reason)bus_word_value(
                                     reporting_correction_reason_words, text[19])
                               : 0,
        .late = bus_row_bool(rows, row, 20)};
}

/* The first ten parameters of both statements: what the page and its totals are about. */
static enum bus_status read_filters(struct bus_context *ctx, const struct reporting_trace *in,
                                    struct bus_value filters[FILTERS])
{
    struct period period = {0};
    bool by_figure = bus_id_is_nil(in->result_id);
    if (by_figure && (!in->partnership || !in->figure))
        return bus_fail_at(ctx->err, BUS_INVALID, in->partnership ? "/figure" : "/partnership",
                           "give result_id, or partnership, a period and figure");
    enum bus_status status = BUS_OK;
    if (by_figure)
        status = period_read(ctx, in->has_project_year ? in->project_year : 0, in->from, in->to,
                             PERIOD_REQUIRED, &period);
    if (status != BUS_OK)
        return status;
    filters[0] = BUS_ID(in->result_id);
    filters[1] = BUS_TEXT(by_figure ? in->partnership : NULL);
    filters[2] = BUS_TEXT(by_figure ? bus_word(reporting_figure_words, (int)in->figure) : NULL);
    filters[3] = BUS_TEXT(by_figure && !figure_stands(in->figure) ? day_text(ctx, period.first) : NULL);
    filters[4] = BUS_TEXT(by_figure ? day_text(ctx, period.last) : NULL);
    filters[5] = BUS_TEXT(in->programme);
    filters[6] = in->has_action ? BUS_INT(in->action) : BUS_NULL;
    filters[7] = BUS_TEXT(in->nis);
    filters[8] = BUS_TEXT(bus_word_or_null(common_stop_reason_words, (int)in->reason));
    filters[9] = BUS_TEXT(in->partnership); /* also of one result: its id may be anybody's */
    return BUS_OK;
}

enum bus_status on_reporting_trace(struct bus_context *ctx, const struct reporting_trace *in)
{
    struct bus_value values[FILTERS + 2];
    struct bus_page page;
    enum bus_status status = bus_page_read_id(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = read_filters(ctx, in, values);
    if (status != BUS_OK)
        return status;
    values[FILTERS] = BUS_ID(page.at_id);
    values[FILTERS + 1] = BUS_INT(page.limit + 1);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    AUTO(bus_rows_done) struct bus_rows total = {0};
    status = bus_db_query(ctx->db, &reporting_trace_page, values, FILTERS + 2, &rows, ctx->err);
    if (status == BUS_OK)
        status = bus_db_query(ctx->db, &reporting_trace_total, values, FILTERS, &total, ctx->err);
    if (status != BUS_OK)
        return status;
    struct reporting_trace_reply reply = {.total = bus_row_int(&total, 0, 0),
                                          .amount = amount_number(bus_row_int(&total, 0, 1)),
                                          .results_n = bus_page_rows(page.limit, rows.n)};
    struct reporting_trace_reply_results *results =
        bus_alloc_array(ctx->arena, reply.results_n, sizeof *results);
    for (size_t i = 0; i < reply.results_n; i++)
        results[i] = read_row(ctx, &rows, (int)i);
    reply.results = results;
    if (rows.n > page.limit)
        reply.next = bus_id_text(ctx, bus_row_id(&rows, (int)page.limit - 1, 0));
    return bus_reply(ctx, &reply);
}
