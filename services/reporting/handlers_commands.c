/* What officers set and correct. Each is checked whole before anything is written. */
#include <string.h>

#include "bus/service.h"
#include "calendar.h"
#include "figures.h"
#include "money.h"
#include "persons.h"
#include "schema/reporting.h"
#include "sql/reporting.h"
#include "state.h"

/* Also what changes nothing, and so says nothing, is no business of who may not see it. */
static enum bus_status may(struct bus_context *ctx, const char *partnership, const char *nis)
{
    const struct bus_header whose = {.extensions = {{"partnership", partnership}, {"nis", nis}}};
    return bus_may(ctx, &whose);
}

static enum bus_status must_be_open(struct bus_context *ctx, const char *partnership, int64_t year)
{
    if (!state_is_closed(ctx, partnership, year))
        return BUS_OK;
    return bus_fail(ctx->err, BUS_CONFLICT, "the report of %s for %lld is closed: its figures stand",
                    partnership, (long long)year);
}

static enum bus_status must_exist(struct bus_context *ctx, const char *partnership)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_partnership_get, BUS_TEXT(partnership));
    if (status == BUS_OK && rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s: form it in registry first",
                        partnership);
    return status;
}

enum bus_status on_reporting_confirm_target(struct bus_context *ctx,
                                            const struct reporting_confirm_target *in)
{
    int64_t existing = in->has_existing_reach ? in->existing_reach : 0;
    if (existing > in->requested)
        return bus_fail_at(ctx->err, BUS_INVALID, "/requested",
                           "requested includes the existing reach: it must be at least %lld",
                           (long long)existing);
    enum bus_status status = may(ctx, in->partnership, NULL);
    if (status == BUS_OK)
        status = must_be_open(ctx, in->partnership, in->project_year);
    if (status == BUS_OK)
        status = must_exist(ctx, in->partnership);
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &reporting_target_put, BUS_TEXT(in->partnership),
                          BUS_INT(in->project_year), BUS_INT(in->action),
                          BUS_TEXT(bus_word(reporting_unit_words, (int)in->unit)), BUS_INT(in->requested),
                          BUS_INT(in->confirmed), BUS_INT(existing));
    struct reporting_target_confirmed event = {.partnership = in->partnership,
                                               .action = in->action,
                                               .project_year = in->project_year,
                                               .unit = in->unit,
                                               .requested = in->requested,
                                               .confirmed = in->confirmed,
                                               .existing_reach = existing};
    if (status == BUS_OK)
        status = bus_say(ctx, &reporting_target_confirmed_type, in->partnership, &event);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct reporting_confirm_target_reply){.partnership = in->partnership,
                                                                   .action = in->action,
                                                                   .project_year = in->project_year});
}

static enum bus_status read_days(struct bus_context *ctx, const char *from, const char *to,
                                 struct rate_days *ret)
{
    ret->open = to == NULL;
    if (!bus_date_parse(from, strlen(from), &ret->first) ||
        (to && !bus_date_parse(to, strlen(to), &ret->last)))
        return bus_fail_at(ctx->err, BUS_INVALID, "/from", "from and to must be days such as 2026-11-22");
    if (!ret->open && ret->last < ret->first)
        return bus_fail_at(ctx->err, BUS_INVALID, "/to",
                           "the last day of a rate is not before its first: check from and to");
    return BUS_OK;
}

static enum bus_status must_fit(struct bus_context *ctx, int64_t action, const struct rate_days *days)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_rate_days, BUS_INT(action));
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        struct rate_days other = {.first = (int32_t)bus_row_int(&rows, row, 0),
                                  .last = (int32_t)bus_row_int(&rows, row, 1),
                                  .open = bus_row_null(&rows, row, 1)};
        char first[11];
        bus_date_format(other.first, first);
        if (rate_conflicts(days, &other))
            return bus_fail(ctx->err, BUS_CONFLICT,
                            "it overlaps the rate of action %lld that begins on %s: choose other days",
                            (long long)action, first);
    }
    return status;
}

enum bus_status on_reporting_set_rate(struct bus_context *ctx, const struct reporting_set_rate *in)
{
    struct rate_days days = {0};
    enum bus_status status = read_days(ctx, in->from, in->to, &days);
    if (status == BUS_OK)
        status = may(ctx, NULL, NULL); /* rates hold for all */
    if (status == BUS_OK)
        status = must_fit(ctx, in->action, &days);
    if (status != BUS_OK)
        return status;
    struct bus_id rate_id = bus_new_id(ctx);
    status = bus_exec(ctx->db, ctx->err, &reporting_rate_put, BUS_ID(rate_id), BUS_INT(in->action),
                      BUS_TEXT(bus_word(reporting_unit_words, (int)in->unit)), BUS_INT(in->cents_per_unit),
                      in->has_maximum_cents ? BUS_INT(in->maximum_cents) : BUS_NULL, BUS_TEXT(in->from),
                      BUS_TEXT(in->to));
    struct reporting_rate_set event = {.rate_id = rate_id,
                                       .action = in->action,
                                       .unit = in->unit,
                                       .cents_per_unit = in->cents_per_unit,
                                       .has_maximum_cents = in->has_maximum_cents,
                                       .maximum_cents = in->maximum_cents,
                                       .from = in->from,
                                       .to = in->to};
    if (status == BUS_OK)
        status = bus_say(ctx, &reporting_rate_set_type, bus_id_text(ctx, rate_id), &event);
    return status == BUS_OK ? bus_reply(ctx, &(struct reporting_set_rate_reply){.rate_id = rate_id}) : status;
}

enum bus_status on_reporting_correct_result(struct bus_context *ctx,
                                            const struct reporting_correct_result *in)
{
    if (in->amount < 0)
        return bus_fail_at(ctx->err, BUS_INVALID, "/amount",
                           "amount must not be below 0; 0 takes the result out");
    struct counted counted = {0};
    enum bus_status status = tally_get(ctx, in->result_id, &counted);
    if (status == BUS_OK)
        status = may(ctx, counted.partnership, counted.nis);
    if (status == BUS_OK)
        status = must_be_open(ctx, counted.partnership, counted.project_year);
    if (status == BUS_OK && figure_stands(counted.figure))
        return bus_fail(
            ctx->err, BUS_CONFLICT,
            "%s follows the duos and waits themselves: end the duo (stop-duo with its day) or the wait "
            "(leave-waiting) instead",
            bus_word(reporting_figure_words, (int)counted.figure));
    bool changes = counted.now_e2 != amount_e2(in->amount);
    if (status == BUS_OK && changes && counted.figure == REPORTING_FIGURE_PRACTICE_PERSONS)
        status = persons_correct(ctx, &counted, amount_e2(in->amount));
    if (status == BUS_OK && changes)
        status = tally_correct(ctx, &counted, amount_e2(in->amount), in->reason);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct reporting_correct_result_reply){.result_id = in->result_id,
                                                                   .was = amount_number(counted.now_e2)});
}

/* Nothing opens a report again, so none is closed while its year may still bring results. */
static enum bus_status must_be_past(struct bus_context *ctx, const char *partnership, int64_t year)
{
    int32_t last = project_year_last(year, tally_first_month());
    if (belgian_day(ctx->now_us) > last)
        return BUS_OK;
    char date[11];
    bus_date_format(last, date);
    return bus_fail(ctx->err, BUS_CONFLICT,
                    "project year %lld of %s runs to the end of %s: close its report after that day",
                    (long long)year, partnership, date);
}

/* What was reached before and is read, or tried again, after it would be late, and count nowhere. */
static enum bus_status must_be_handled(struct bus_context *ctx, const char *partnership)
{
    bool parked = false;
    if (!bus_read_up(ctx, NULL))
        return bus_fail(
            ctx->err, BUS_RETRY,
            "reporting has not read all that was reached yet, and a closed report takes in nothing more: "
            "close it in a minute");
    enum bus_status status = bus_parked(ctx->db, NULL, partnership, &parked, ctx->err);
    if (status == BUS_OK && parked)
        return bus_fail(
            ctx->err, BUS_CONFLICT,
            "reporting could not handle an event that names %s, and a closed report takes in nothing more: "
            "have the operator see to it first (koppel dead list)",
            partnership);
    return status;
}

enum bus_status on_reporting_close_report(struct bus_context *ctx, const struct reporting_close_report *in)
{
    enum bus_status status = may(ctx, in->partnership, NULL);
    if (status == BUS_OK && state_is_closed(ctx, in->partnership, in->project_year))
        return bus_fail(ctx->err, BUS_CONFLICT, "this report is closed already");
    if (status == BUS_OK)
        status = must_exist(ctx, in->partnership);
    if (status == BUS_OK)
        status = must_be_past(ctx, in->partnership, in->project_year);
    if (status == BUS_OK)
        status = must_be_handled(ctx, in->partnership);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &reporting_results_count, BUS_TEXT(in->partnership),
                       BUS_INT(in->project_year));
    if (status != BUS_OK)
        return status;
    struct reporting_report_closed event = {.partnership = in->partnership,
                                            .project_year = in->project_year,
                                            .results = bus_row_int(&rows, 0, 0)};
    status = bus_exec(ctx->db, ctx->err, &reporting_report_close, BUS_TEXT(in->partnership),
                      BUS_INT(in->project_year), BUS_TIME(ctx->now_us), BUS_INT(event.results));
    if (status == BUS_OK)
        status = bus_say(ctx, &reporting_report_closed_type, in->partnership, &event);
    if (status != BUS_OK)
        return status;
    state_set_closed(ctx, in->partnership, in->project_year);
    return bus_reply(ctx, &(struct reporting_close_report_reply){.partnership = in->partnership,
                                                                 .project_year = in->project_year,
                                                                 .results = event.results});
}
