/* See durations.h. */
#include "durations.h"

#include <string.h>

#include "calendar.h"
#include "days.h"
#include "publish.h"
#include "report.h"
#include "sql/reporting.h"
#include "suppression.h"

static double mean_of(const struct days *days)
{
    int64_t tenths = (days->sum * 20 + days->n) / (days->n * 2); /* rounded */
    return (double)tenths / 10;
}

static double median_of(const struct days *days)
{
    return (double)days->median_halves / 2;
}

static struct reporting_durations_reply_duos shown_duos(const struct day_group *group)
{
    const struct days *days = &group->days;
    return (struct reporting_durations_reply_duos){
        .programme = group->programme,
        .reason = group->reason
                      ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, group->reason)
                      : 0,
        .distance_band = group->band > 0 ? (enum reporting_distance_band)group->band : 0,
        .n = days->n,
        .has_mean_days = true,
        .mean_days = mean_of(days),
        .has_median_days = true,
        .median_days = median_of(days),
        .has_p90_days = true,
        .p90_days = (double)days->p90};
}

static bool is_shown(const struct day_group *group)
{
    bool all = !group->reason && group->band == BAND_ALL;
    return !group->hidden && (all || (group->reason && group->reason[0]) || group->band > BAND_UNKNOWN);
}

/* With the figures of the same days, of which the groups tell too. */
static enum bus_status hide(struct bus_context *ctx, const struct days_asked *asked, struct tables *tables,
                            struct day_groups *groups)
{
    enum bus_status status = tables_read(ctx, asked->partnership, &asked->period, tables);
    if (status == BUS_OK)
        publish(ctx->arena, tables, groups);
    return status;
}

static void fill_duos(struct bus_context *ctx, const struct day_groups *groups,
                      struct reporting_durations_reply *reply)
{
    struct reporting_durations_reply_duos *duos = bus_alloc_array(ctx->arena, groups->n, sizeof *duos);
    for (size_t i = 0; i < groups->n; i++)
        if (is_shown(&groups->groups[i]))
            duos[reply->duos_n++] = shown_duos(&groups->groups[i]);
    reply->duos = duos;
}

/* Who waits is a figure of the report, and a wait that ended is of a duo formed or of help that was given. */
static bool hides_wait(const struct tables *tables, const struct reporting_durations_reply_waits *wait)
{
    if (cell_is_small(wait->n * 100, 0))
        return true;
    if (!wait->waiting_now)
        return published_hides(tables, wait->programme, REPORTING_FIGURE_DUOS_FORMED, 0) ||
               published_hides(tables, wait->programme, REPORTING_FIGURE_HELP_REQUESTS_FULFILLED, 0);
    return published_hides(tables, wait->programme,
                           wait->side == COMMON_SIDE_NEWCOMER ? REPORTING_FIGURE_WAITING_NEWCOMERS
                                                              : REPORTING_FIGURE_WAITING_VOLUNTEERS,
                           0);
}

static struct reporting_durations_reply_waits read_wait(struct bus_context *ctx, const struct bus_rows *rows,
                                                        int row)
{
    struct days days = days_of_row(rows, row, 3);
    return (struct reporting_durations_reply_waits){
        .programme = bus_row_text(rows, row, 0, ctx->arena),
        .side = (enum common_side)bus_row_word(rows, row, 1, common_side_words),
        .waiting_now = bus_row_bool(rows, row, 2),
        .n = days.n,
        .has_mean_days = true,
        .mean_days = mean_of(&days),
        .has_median_days = true,
        .median_days = median_of(&days),
        .has_p90_days = true,
        .p90_days = (double)days.p90};
}

/* `tables`: NULL unless it is published. */
static enum bus_status fill_waits(struct bus_context *ctx, const struct days_asked *asked,
                                  const struct tables *tables, struct reporting_durations_reply *reply)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(
        ctx->db, ctx->err, &rows, &reporting_durations_waits, BUS_TEXT(asked->partnership),
        BUS_TIME(belgian_midnight_us(asked->period.first)), BUS_TIME(days_end_us(ctx, &asked->period)),
        BUS_TEXT(asked->programme), BUS_TEXT(asked->nis), BUS_INT(asked->period.project_year));
    if (status != BUS_OK)
        return status;
    struct reporting_durations_reply_waits *waits =
        bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *waits);
    for (int row = 0; row < rows.n; row++) {
        struct reporting_durations_reply_waits wait = read_wait(ctx, &rows, row);
        if (!tables || !hides_wait(tables, &wait))
            waits[reply->waits_n++] = wait;
    }
    reply->waits = waits;
    return BUS_OK;
}

enum bus_status durations_build(struct bus_context *ctx, const struct days_asked *asked, bool published,
                                struct reporting_durations_reply *ret)
{
    struct tables tables = {0};
    struct day_groups groups = {0};
    struct reporting_durations_reply reply = {0};
    enum bus_status status =
        published ? report_check_published(ctx, asked->partnership, &asked->period) : BUS_OK;
    if (status == BUS_OK)
        status = days_read(ctx, asked, &groups);
    if (status == BUS_OK && published)
        status = hide(ctx, asked, &tables, &groups);
    if (status != BUS_OK)
        return status;
    fill_duos(ctx, &groups, &reply);
    status = fill_waits(ctx, asked, published ? &tables : NULL, &reply);
    if (status == BUS_OK)
        *ret = reply;
    return status;
}
