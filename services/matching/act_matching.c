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
        struct proposal *vanishes = copy[i].appears ? NULL : state_proposal_of(newcomer, volunteer);
        enum bus_status status = BUS_OK;
        if (copy[i].appears)
            status = proposal_make(ctx, newcomer, volunteer, NULL);
        else if (vanishes && !vanishes->held)
            status = proposal_withdraw(ctx, vanishes, reason_for(&copy[i], cause));
        if (status != BUS_OK)
            return status;
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
    enum bus_status status = requests_serve(ctx, programme);
    if (status != BUS_OK)
        return status;
    if (programme->match_every_us == 0)
        return programme_match_now(ctx, programme, cause);
    size_t n = 0;
    const struct match_change *changes = match_pool_take_departures(programme->pool, &n);
    if (n)
        status = carry_out(ctx, changes, n, cause);
    if (status != BUS_OK)
        return status;
    if (programme->next_round_us > ctx->now_us)
        return BUS_OK;
    programme->next_round_us = next_round_us(ctx->now_us, programme->match_every_us);
    status = programme_put(ctx, programme);
    return status == BUS_OK ? bus_timer_set(ctx, "round", programme->id, programme->next_round_us) : status;
}

enum bus_status person_match(struct bus_context *ctx, struct person *person, const struct cause *cause)
{
    enum bus_status status = BUS_OK;
    for (struct member *m = person->members; m && status == BUS_OK; m = m->next_of_person)
        status = programme_match(ctx, m->programme, cause);
    return status;
}
