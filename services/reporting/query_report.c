/* The report, page by page. Filters come after what is left out for publication, so that they uncover
 * nothing. */
#include <string.h>

#include "bus/page.h"
#include "bus/service.h"
#include "figures.h"
#include "money.h"
#include "report.h"
#include "schema/reporting.h"

static bool wanted(const struct reporting_report *in, const struct report_row *row)
{
    return (!in->programme || (row->programme && strcmp(row->programme, in->programme) == 0)) &&
           (!in->has_action || row->action == in->action) &&
           (!in->nis || (row->nis && strcmp(row->nis, in->nis) == 0)) &&
           (!in->figure || row->figure == in->figure) && (!in->cursor || strcmp(row->key, in->cursor) > 0);
}

static struct reporting_report_reply_rows shown_row(const struct report_row *row)
{
    return (struct reporting_report_reply_rows){.programme = row->programme,
                                                .has_action = row->action > 0,
                                                .action = row->action,
                                                .nis = row->nis,
                                                .figure = row->figure,
                                                .reason = row->reason,
                                                .unit = figure_unit(row->figure),
                                                .has_amount = true,
                                                .amount = amount_number(row->amount_e2)};
}

static struct reporting_report_reply_targets shown_target(const struct report_target *target)
{
    int64_t reached_e2 = target->counted_e2 + target->existing_reach * 100;
    return (struct reporting_report_reply_targets){
        .action = target->action,
        .project_year = target->project_year,
        .unit = target->unit,
        .requested = target->requested,
        .confirmed = target->confirmed,
        .existing_reach = target->existing_reach,
        .has_reached = !target->hidden,
        .reached = amount_number(reached_e2),
        .has_percent = !target->hidden && target->confirmed > 0,
        .percent = (double)reached_permille(reached_e2, target->confirmed) / 10,
        .warning = !target->hidden && reached_warning(reached_e2, target->confirmed),
        .has_subsidy_cents = !target->hidden && target->subsidy_cents >= 0,
        .subsidy_cents = target->subsidy_cents};
}

static void show_targets(struct bus_context *ctx, const struct reporting_report *in,
                         const struct report *report, struct reporting_report_reply *reply)
{
    struct reporting_report_reply_targets *targets =
        bus_alloc_array(ctx->arena, report->targets_n, sizeof *targets);
    for (size_t i = 0; i < report->targets_n; i++)
        if (!in->has_action || report->targets[i].action == in->action)
            targets[reply->targets_n++] = shown_target(&report->targets[i]);
    reply->targets = targets;
}

enum bus_status on_reporting_report(struct bus_context *ctx, const struct reporting_report *in)
{
    struct period period = {0};
    struct report report = {0};
    bool published = in->has_published && in->published;
    enum bus_status status = period_read(ctx, in->has_project_year ? in->project_year : 0, in->from, in->to,
                                         PERIOD_THIS_YEAR, &period);
    if (status == BUS_OK)
        status = report_build(ctx, in->partnership, &period, published, &report);
    if (status != BUS_OK)
        return status;
    struct reporting_report_reply reply = {.partnership = in->partnership,
                                           .from = day_text(ctx, period.first),
                                           .to = day_text(ctx, period.last),
                                           .closed = report.closed};
    size_t limit = (size_t)bus_page_limit(in->has_limit, in->limit);
    struct reporting_report_reply_rows *rows = bus_alloc_array(ctx->arena, limit, sizeof *rows);
    const char *last = NULL;
    for (size_t i = 0; i < report.rows_n && !reply.next; i++) {
        if (!wanted(in, &report.rows[i]))
            continue;
        if (reply.rows_n == limit) {
            reply.next = last;
            break;
        }
        rows[reply.rows_n++] = shown_row(&report.rows[i]);
        last = report.rows[i].key;
    }
    reply.rows = rows;
    if (!in->cursor)
        show_targets(ctx, in, &report, &reply);
    return bus_reply(ctx, &reply);
}
