/* See durations.h. */
#include "durations.h"

#include <string.h>

#include "calendar.h"
#include "figures.h"
#include "sql/reporting.h"
#include "suppression.h"

#define BAND_ALL (-1)

/* A row of days: how many, and how they lie. */
struct days {
    int64_t n, sum, median, p90;
    bool hidden;
};

/* A group of duos; what has neither a reason nor a band, and is not all, guards the others without being
 * shown. */
struct group {
    const char *programme, *reason; /* reason NULL: all; "": none */
    int64_t band;                   /* BAND_ALL; 0: not known */
    struct days days;
};

static struct days read_days(const struct bus_rows *rows, int row, int column)
{
    return (struct days){.n = bus_row_int(rows, row, column),
                         .sum = bus_row_int(rows, row, column + 1),
                         .median = bus_row_int(rows, row, column + 2),
                         .p90 = bus_row_int(rows, row, column + 3)};
}

static double mean_of(const struct days *days)
{
    int64_t tenths = days->sum * 10 / days->n;
    return (double)tenths / 10;
}

/* Groups that add up to the first, which is all of them. */
static void suppress_list(struct bus_context *ctx, struct group *all, struct group *groups, size_t n)
{
    int64_t *amounts_e2 = bus_alloc_array(ctx->arena, 2 * (n + 1), sizeof *amounts_e2);
    bool *hidden = bus_alloc_array(ctx->arena, 2 * (n + 1), sizeof *hidden);
    for (size_t i = 0; i <= n; i++) {
        int64_t amount_e2 = 100 * (i < n ? groups[i].days.n : all->days.n);
        amounts_e2[i] = amounts_e2[n + 1 + i] = amount_e2;
        hidden[i] = hidden[n + 1 + i] = cell_is_small(amount_e2, 0);
    }
    grid_suppress(&(struct grid){.rows = 1, .columns = n, .amounts_e2 = amounts_e2, .hidden = hidden});
    for (size_t i = 0; i < n; i++)
        groups[i].days.hidden = hidden[i];
    all->days.hidden |= hidden[n];
}

/* Of one programme: all first, then those by reason, then those by distance. */
static size_t suppress_programme(struct bus_context *ctx, struct group *groups, size_t n)
{
    size_t reasons = 0, bands = 0, end = 1;
    for (; end < n && strcmp(groups[end].programme, groups[0].programme) == 0; end++) {
        reasons += groups[end].reason != NULL;
        bands += groups[end].band != BAND_ALL;
    }
    suppress_list(ctx, &groups[0], &groups[1], reasons);
    suppress_list(ctx, &groups[0], &groups[1 + reasons], bands);
    return end;
}

static struct reporting_durations_reply_duos shown_duos(const struct group *group)
{
    const struct days *days = &group->days;
    bool shown = !days->hidden;
    return (struct reporting_durations_reply_duos){
        .programme = group->programme,
        .reason = group->reason
                      ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, group->reason)
                      : 0,
        .distance_band = group->band > 0 ? (enum reporting_distance_band)group->band : 0,
        .n = shown ? days->n : 0,
        .left_out = days->hidden,
        .has_mean_days = shown,
        .mean_days = mean_of(days),
        .has_median_days = shown,
        .median_days = (double)days->median,
        .has_p90_days = shown,
        .p90_days = (double)days->p90};
}

static bool is_shown(const struct group *group)
{
    bool all = !group->reason && group->band == BAND_ALL;
    return all || (group->reason && group->reason[0]) || group->band > 0;
}

struct asked {
    struct bus_value partnership, from, to, programme, nis;
    bool published;
};

static enum bus_status build_duos(struct bus_context *ctx, const struct asked *asked,
                                  struct reporting_durations_reply *reply)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_durations_duos, asked->partnership, asked->from,
                  asked->to, asked->programme, asked->nis, BUS_INTS(distance_ends_m, distance_ends_n));
    if (status != BUS_OK)
        return status;
    size_t n = (size_t)rows.n;
    struct group *groups = bus_alloc_array(ctx->arena, n, sizeof *groups);
    for (size_t i = 0; i < n; i++)
        groups[i] = (struct group){.programme = bus_row_text(&rows, (int)i, 0, ctx->arena),
                                   .reason = bus_row_text(&rows, (int)i, 1, ctx->arena),
                                   .band = bus_row_int(&rows, (int)i, 2),
                                   .days = read_days(&rows, (int)i, 3)};
    for (size_t i = 0; asked->published && i < n;)
        i += suppress_programme(ctx, &groups[i], n - i);
    struct reporting_durations_reply_duos *duos = bus_alloc_array(ctx->arena, n, sizeof *duos);
    for (size_t i = 0; i < n; i++)
        if (is_shown(&groups[i]))
            duos[reply->duos_n++] = shown_duos(&groups[i]);
    reply->duos = duos;
    return BUS_OK;
}

static enum bus_status build_waits(struct bus_context *ctx, const struct asked *asked,
                                   struct reporting_durations_reply *reply)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_durations_waits, asked->partnership, asked->from,
                  asked->to, asked->programme, asked->nis);
    if (status != BUS_OK)
        return status;
    reply->waits_n = (size_t)rows.n;
    struct reporting_durations_reply_waits *waits =
        bus_alloc_array(ctx->arena, reply->waits_n, sizeof *waits);
    for (int row = 0; row < rows.n; row++) {
        struct days days = read_days(&rows, row, 3);
        bool shown = !asked->published || !cell_is_small(days.n * 100, 0);
        waits[row] = (struct reporting_durations_reply_waits){
            .programme = bus_row_text(&rows, row, 0, ctx->arena),
            .side = (enum common_side)bus_row_word(&rows, row, 1, common_side_words),
            .waiting_now = bus_row_bool(&rows, row, 2),
            .n = shown ? days.n : 0,
            .left_out = !shown,
            .has_mean_days = shown,
            .mean_days = mean_of(&days),
            .has_median_days = shown,
            .median_days = (double)days.median,
            .has_p90_days = shown,
            .p90_days = (double)days.p90};
    }
    reply->waits = waits;
    return BUS_OK;
}

enum bus_status durations_build(struct bus_context *ctx, const char *partnership, const struct period *period,
                                const char *programme, const char *nis, bool published,
                                struct reporting_durations_reply *ret)
{
    int64_t end_us = belgian_midnight_us(period->last + 1);
    if (end_us > ctx->now_us)
        end_us = ctx->now_us;
    struct asked asked = {.partnership = BUS_TEXT(partnership),
                          .from = BUS_TIME(belgian_midnight_us(period->first)),
                          .to = BUS_TIME(end_us),
                          .programme = BUS_TEXT(programme),
                          .nis = BUS_TEXT(nis),
                          .published = published};
    struct reporting_durations_reply reply = {0};
    enum bus_status status = build_duos(ctx, &asked, &reply);
    if (status == BUS_OK)
        status = build_waits(ctx, &asked, &reply);
    if (status == BUS_OK)
        *ret = reply;
    return status;
}
