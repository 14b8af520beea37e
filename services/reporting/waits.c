/* See waits.h. */
#include "waits.h"

#include <string.h>

#include "calendar.h"
#include "schema/reporting.h"
#include "sql/reporting.h"
#include "state.h"
#include "tally.h"

static struct tally tally_of(const struct wait *wait, const char *nis, int64_t amount, int64_t at_us)
{
    return (struct tally){.partnership = wait->partnership,
                          .programme = wait->programme,
                          .nis = nis,
                          .figure = wait->side == COMMON_SIDE_NEWCOMER ? REPORTING_FIGURE_WAITING_NEWCOMERS
                                                                       : REPORTING_FIGURE_WAITING_VOLUNTEERS,
                          .amount_e2 = amount * 100,
                          .day = belgian_day(at_us)};
}

static enum bus_status put(struct bus_context *ctx, const struct wait *wait, const struct standing *standing,
                           int64_t until_us, const char *outcome)
{
    bool ended = outcome != NULL;
    struct bus_value seq = BUS_INT(ctx->header->seq), event = BUS_TEXT(ctx->header->id);
    return bus_exec(ctx->db, ctx->err, &reporting_wait_put, BUS_ID(wait->id), BUS_TEXT(wait->partnership),
                    BUS_TEXT(wait->programme), BUS_TEXT(bus_word(common_side_words, (int)wait->side)),
                    BUS_TEXT(standing->nis), BUS_TIME(standing->since_us), BUS_TIME(until_us),
                    BUS_TEXT(outcome), BUS_TEXT(ctx->header->stream), ended ? BUS_NULL : seq,
                    ended ? BUS_NULL : event, ended ? seq : BUS_NULL, ended ? event : BUS_NULL,
                    standing->action ? BUS_INT(standing->action) : BUS_NULL);
}

enum bus_status wait_begin(struct bus_context *ctx, const struct wait *wait, int64_t since_us)
{
    struct standing standing = {
        .id = wait->id, .since_us = since_us, .distance_m = -1, .action = state_action(ctx, wait->programme)};
    strncpy(standing.nis, wait->nis, sizeof standing.nis - 1);
    struct tally tally = tally_of(wait, wait->nis, 1, since_us);
    state_add_standing(ctx, &standing);
    enum bus_status status = put(ctx, wait, &standing, 0, NULL);
    return status == BUS_OK ? tally_count(ctx, &tally, NULL) : status;
}

/* Counted off where it was counted on: the person may have moved since. */
enum bus_status wait_end(struct bus_context *ctx, const struct wait *wait, int64_t until_us,
                         const char *outcome)
{
    const struct standing *found = state_standing(ctx, wait->id);
    if (!found)
        return BUS_OK;
    struct standing standing = *found;
    if (until_us < standing.since_us)
        until_us = standing.since_us;
    struct tally tally = tally_of(wait, standing.nis, -1, until_us);
    tally.off = &standing;
    state_drop_standing(ctx, wait->id);
    enum bus_status status = put(ctx, wait, &standing, until_us, outcome);
    return status == BUS_OK ? tally_count(ctx, &tally, NULL) : status;
}
