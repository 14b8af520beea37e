/* What became of a partner's own referrals, step by step. Steps are numbered as they may be told, by the one
 * writer there is: who asks after the last one they saw misses none. */
#include <stdio.h>

#include "bus/page.h"
#include "bus/service.h"
#include "schema/reporting.h"
#include "sql/reporting.h"

/* The cursor tells when the step was, too: after an older backup was put back another may have its number. */
struct place {
    int64_t told, at_us;
};

static enum bus_status read_place(struct bus_context *ctx, const char *after, struct place *ret)
{
    long long told = 0, at_us = 0;
    if (after != NULL && sscanf(after, "%lld.%lld", &told, &at_us) != 2)
        return bus_page_bad_cursor(ctx);
    *ret = (struct place){.told = told, .at_us = at_us};
    return BUS_OK;
}

static enum bus_status find_last(struct bus_context *ctx, const struct place *seen, struct place *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_referral_told, BUS_INT(seen->told));
    if (status != BUS_OK)
        return status;
    *ret = (struct place){.told = bus_row_int(&rows, 0, 1), .at_us = bus_row_time(&rows, 0, 2)};
    bool begin = seen->told == 0 && seen->at_us == 0;
    if (!begin && (bus_row_null(&rows, 0, 0) || bus_row_time(&rows, 0, 0) != seen->at_us))
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "there is no step at `after`: it is not as it was answered, or an older backup was "
                        "put back since: "
                        "begin again without `after`, and undo what you did by steps that are gone");
    return BUS_OK;
}

static struct reporting_own_referrals_reply_steps read_step(struct bus_context *ctx,
                                                            const struct bus_rows *rows, int row)
{
    return (struct reporting_own_referrals_reply_steps){
        .referral_id = bus_row_id(rows, row, 1),
        .external_person = bus_row_text(rows, row, 2, ctx->arena),
        .person_id = bus_row_id(rows, row, 3),
        .step = (enum reporting_referral_step)bus_row_word(rows, row, 4, reporting_referral_step_words),
        .programme = bus_row_text(rows, row, 5, ctx->arena),
        .at = bus_row_time(rows, row, 6)};
}

enum bus_status on_reporting_own_referrals(struct bus_context *ctx, const struct reporting_own_referrals *in)
{
    const int64_t limit = bus_page_limit(in->has_limit, in->limit);
    struct place seen = {0}, last = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = read_place(ctx, in->after, &seen);
    if (status == BUS_OK)
        status = find_last(ctx, &seen, &last);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &reporting_referral_page, BUS_INT(seen.told),
                           BUS_INT(last.told), BUS_TEXTS(in->sources, in->sources_n),
                           BUS_TEXTS(in->partnerships, in->partnerships_n), BUS_TEXTS(in->nis, in->nis_n),
                           BUS_INT(limit));
    if (status != BUS_OK)
        return status;
    const size_t n = (size_t)rows.n;
    struct reporting_own_referrals_reply_steps *steps = bus_alloc_array(ctx->arena, n, sizeof *steps);
    for (size_t i = 0; i < n; i++)
        steps[i] = read_step(ctx, &rows, (int)i);
    if (rows.n == limit) /* there may be more */
        last = (struct place){.told = bus_row_int(&rows, rows.n - 1, 0), .at_us = steps[n - 1].at};
    return bus_reply(
        ctx, &(struct reporting_own_referrals_reply){
                 .steps = steps,
                 .steps_n = n,
                 .after = bus_printf(ctx->arena, "%lld.%lld", (long long)last.told, (long long)last.at_us)});
}
