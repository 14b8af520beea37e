/* From the pool's optimum to proposals: what vanished is withdrawn, what appeared is proposed. */
#include "acts.h"
#include "lifecycle.h"
#include "rows.h"

static enum matching_withdraw_reason reason_for(const struct match_change *change, const struct cause *cause)
{
    const struct member *newcomer = change->newcomer_tag, *volunteer = change->volunteer_tag;
    if (cause && cause->reason != MATCHING_WITHDRAW_REASON_NONE &&
        (!cause->who || newcomer->person == cause->who || volunteer->person == cause->who))
        return cause->reason;
    return MATCHING_WITHDRAW_REASON_BETTER_MATCHING;
}

static enum bus_status carry_out(struct bus_context *ctx, const struct match_change *changes, size_t n,
                                 const struct cause *cause)
{
    /* The acts below seat members again, which may move the pool's array. */
    struct match_change *copy = bus_copy(ctx->arena, changes, n * sizeof *changes);
    for (size_t i = 0; i < n; i++) {
        struct member *newcomer = copy[i].newcomer_tag, *volunteer = copy[i].volunteer_tag;
        if (copy[i].appears) {
            TRY(proposal_make(ctx, newcomer, volunteer, NULL));
            continue;
        }
        struct proposal *proposal = state_proposal_of(newcomer, volunteer);
        if (proposal && !proposal->held)
            TRY(proposal_withdraw(ctx, proposal, reason_for(&copy[i], cause)));
    }
    return BUS_OK;
}

enum bus_status programme_match_now(struct bus_context *ctx, struct programme *programme,
                                    const struct cause *cause)
{
    size_t n = 0;
    const struct match_change *changes = match_pool_take_changes(programme->pool, &n);
    return n ? carry_out(ctx, changes, n, cause) : BUS_OK;
}

enum bus_status programme_match(struct bus_context *ctx, struct programme *programme,
                                const struct cause *cause)
{
    TRY(requests_serve(ctx, programme));
    if (programme->match_every_us == 0)
        return programme_match_now(ctx, programme, cause);
    size_t n = 0;
    const struct match_change *changes = match_pool_take_departures(programme->pool, &n);
    if (n)
        TRY(carry_out(ctx, changes, n, cause));
    if (programme->next_round_us > ctx->now_us)
        return BUS_OK;
    programme->next_round_us = next_round_us(ctx->now_us, programme->match_every_us);
    TRY(programme_put(ctx, programme));
    return bus_timer_set(ctx, "round", programme->id, programme->next_round_us);
}
