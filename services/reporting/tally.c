/* See tally.h. */
#include "tally.h"

#include "calendar.h"
#include "figures.h"
#include "sql/reporting.h"
#include "state.h"

int tally_first_month(void)
{
    return (int)bus_setting_whole("PROJECT_YEAR_MONTH");
}

static const char *date_text(struct bus_context *ctx, int32_t day)
{
    char text[11];
    bus_date_format(day, text);
    return bus_strdup(ctx->arena, text);
}

static struct bus_value optional_int(int64_t value)
{
    return value ? BUS_INT(value) : BUS_NULL;
}

static enum bus_status put_line(struct bus_context *ctx, struct bus_id line_id, const struct counted *of,
                                int64_t amount_e2, const struct origin *origin,
                                enum reporting_correction_reason correction, bool late)
{
    enum bus_status status = bus_exec(
        ctx->db, ctx->err, &reporting_result_put, BUS_ID(line_id), BUS_ID(of->result_id),
        BUS_TEXT(correction ? "corrected" : "counted"), BUS_TEXT(of->partnership), BUS_TEXT(of->programme),
        optional_int(of->action), BUS_TEXT(of->nis), BUS_INT(of->project_year),
        BUS_TEXT(bus_word(reporting_figure_words, (int)of->figure)),
        BUS_TEXT(bus_word(reporting_unit_words, (int)figure_unit(of->figure))), BUS_INT(amount_e2),
        BUS_INT(of->day), BUS_TEXT(origin->stream), BUS_INT(origin->seq), BUS_TEXT(origin->event_id),
        BUS_TEXT(origin->event_type), BUS_TIME(origin->at_us), BUS_TEXT(origin->about),
        BUS_TEXT(bus_word_or_null(common_stop_reason_words, (int)of->reason)),
        BUS_TEXT(bus_word_or_null(reporting_correction_reason_words, (int)correction)), BUS_BOOL(late));
    if (status != BUS_OK || late || !figure_stands(of->figure))
        return status;
    return bus_exec(ctx->db, ctx->err, &reporting_balance_put, BUS_TEXT(of->partnership),
                    BUS_INT(of->project_year), BUS_TEXT(bus_word(reporting_figure_words, (int)of->figure)),
                    BUS_TEXT(of->programme), optional_int(of->action), BUS_TEXT(of->nis), BUS_INT(amount_e2));
}

static enum bus_status say_counted(struct bus_context *ctx, const struct counted *of, int64_t amount_e2,
                                   const struct origin *origin, bool late)
{
    struct reporting_result_counted event = {.result_id = of->result_id,
                                             .partnership = of->partnership,
                                             .programme = of->programme,
                                             .has_action = of->action > 0,
                                             .action = of->action,
                                             .nis = of->nis,
                                             .project_year = of->project_year,
                                             .figure = of->figure,
                                             .unit = figure_unit(of->figure),
                                             .amount = amount_number(amount_e2),
                                             .on_date = date_text(ctx, of->day),
                                             .event_id = origin->event_id,
                                             .event_type = origin->event_type,
                                             .reason = of->reason,
                                             .late = late};
    return bus_say(ctx, &reporting_result_counted_type, bus_id_text(ctx, of->result_id), &event);
}

static struct origin at_hand(const struct bus_context *ctx)
{
    return (struct origin){.stream = ctx->header->stream,
                           .seq = ctx->header->seq,
                           .event_id = ctx->header->id,
                           .event_type = ctx->header->type,
                           .at_us = ctx->header->time_us,
                           .about = ctx->header->subject};
}

/* The day that something which stands counts from: its own, or the first one after the years that are closed,
 * as it stands in the reports of those too. */
static int32_t first_open_day(struct bus_context *ctx, const char *partnership, int32_t day)
{
    int first_month = tally_first_month();
    int64_t own = project_year_of(day, first_month), open = own,
            now = project_year_of(belgian_day(ctx->now_us), first_month);
    for (int64_t year = own; year < now; year++)
        if (state_is_closed(ctx, partnership, year))
            open = year + 1;
    return open == own ? day : project_year_first(open, first_month);
}

enum bus_status tally_count(struct bus_context *ctx, const struct tally *tally, struct bus_id *ret_result_id)
{
    int32_t day =
        figure_stands(tally->figure) ? first_open_day(ctx, tally->partnership, tally->day) : tally->day;
    struct counted counted = {.result_id = bus_new_id(ctx),
                              .partnership = tally->partnership,
                              .programme = tally->programme,
                              .action = tally->off ? tally->off->action : state_action(ctx, tally->programme),
                              .nis = tally->nis,
                              .project_year = project_year_of(day, tally_first_month()),
                              .day = day,
                              .figure = tally->figure,
                              .reason = tally->reason};
    struct origin origin = tally->from ? *tally->from : at_hand(ctx);
    bool late = state_is_closed(ctx, tally->partnership, counted.project_year);
    enum bus_status status = put_line(ctx, counted.result_id, &counted, tally->amount_e2, &origin,
                                      REPORTING_CORRECTION_REASON_NONE, late);
    if (status == BUS_OK)
        status = say_counted(ctx, &counted, tally->amount_e2, &origin, late);
    if (status == BUS_OK && ret_result_id)
        *ret_result_id = counted.result_id;
    return status;
}

enum bus_status tally_get(struct bus_context *ctx, struct bus_id result_id, struct counted *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_result_get, BUS_ID(result_id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no result %s; take a result_id from trace",
                        bus_id_text(ctx, result_id));
    const char *figure = bus_row_text(&rows, 0, 5, ctx->arena),
               *reason = bus_row_text(&rows, 0, 6, ctx->arena);
    *ret = (struct counted){
        .result_id = result_id,
        .partnership = bus_row_text(&rows, 0, 0, ctx->arena),
        .programme = bus_row_text(&rows, 0, 1, ctx->arena),
        .action = bus_row_int(&rows, 0, 2),
        .nis = bus_row_text(&rows, 0, 3, ctx->arena),
        .project_year = bus_row_int(&rows, 0, 4),
        .figure = (enum reporting_figure)bus_word_value(reporting_figure_words, figure),
        .reason = reason ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, reason) : 0,
        .about = bus_row_text(&rows, 0, 7, ctx->arena),
        .day = (int32_t)bus_row_int(&rows, 0, 8),
        .now_e2 = bus_row_int(&rows, 0, 9)};
    return BUS_OK;
}

enum bus_status tally_correct(struct bus_context *ctx, const struct counted *counted, int64_t amount_e2,
                              enum reporting_correction_reason reason)
{
    struct reporting_result_corrected event = {.result_id = counted->result_id,
                                               .partnership = counted->partnership,
                                               .programme = counted->programme,
                                               .has_action = counted->action > 0,
                                               .action = counted->action,
                                               .nis = counted->nis,
                                               .project_year = counted->project_year,
                                               .figure = counted->figure,
                                               .unit = figure_unit(counted->figure),
                                               .was = amount_number(counted->now_e2),
                                               .amount = amount_number(amount_e2),
                                               .correction = reason};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    enum bus_status status = bus_encode(reporting_result_corrected_type.shape, &event, &data, ctx->err);
    if (status != BUS_OK)
        return status;
    /* Said with an id of our own, as the line names the event: this one, which holds the correction. */
    struct bus_id line_id = bus_new_id(ctx);
    struct bus_header header = {.id = bus_id_text(ctx, line_id),
                                .type = reporting_result_corrected_type.type,
                                .subject = bus_id_text(ctx, counted->result_id),
                                .extensions = {{"partnership", counted->partnership}, {"nis", counted->nis}}};
    int64_t seq = 0;
    status = bus_say_raw(ctx, &header, bus_buffer_bytes(&data), &seq);
    if (status != BUS_OK)
        return status;
    struct origin origin = {.stream = "reporting",
                            .seq = seq,
                            .event_id = header.id,
                            .event_type = header.type,
                            .at_us = ctx->now_us,
                            .about = counted->about};
    return put_line(ctx, line_id, counted, amount_e2 - counted->now_e2, &origin, reason, false);
}

enum bus_status tally_take_out(struct bus_context *ctx, struct bus_id result_id,
                               enum reporting_correction_reason reason)
{
    struct counted counted;
    enum bus_status status = tally_get(ctx, result_id, &counted);
    if (status != BUS_OK)
        return status;
    if (counted.now_e2 == 0)
        return BUS_OK;
    if (!state_is_closed(ctx, counted.partnership, counted.project_year))
        return tally_correct(ctx, &counted, 0, reason);
    struct origin origin = at_hand(ctx);
    origin.about = counted.about;
    return put_line(ctx, bus_new_id(ctx), &counted, -counted.now_e2, &origin, reason, true);
}
