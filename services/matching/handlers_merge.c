/* Two entries turn out to be one person: what waits, runs or is asked under the dropped id goes on under the
 * kept one. Open proposals of the dropped id are withdrawn, as the scores change; accepted ones are kept. */
#include "acts.h"
#include "handlers.h"
#include "rows.h"
#include "sql/matching.h"

static enum bus_status withdraw_open(struct bus_context *ctx, struct member *member)
{
    for (;;) {
        struct proposal *lowest = NULL;
        for (struct proposal *p = first_proposal(member); p; p = next_proposal(p, member))
            if (p->state == MATCHING_PROPOSAL_STATE_PROPOSED &&
                (!lowest || bus_id_compare(p->pair.id, lowest->pair.id) < 0))
                lowest = p;
        if (!lowest)
            return BUS_OK;
        TRY(proposal_withdraw(ctx, lowest, MATCHING_WITHDRAW_REASON_MERGED));
    }
}

static enum bus_status put_pairs(struct bus_context *ctx, const struct member *member)
{
    for (struct proposal *p = first_proposal(member); p; p = next_proposal(p, member))
        TRY(proposal_put(ctx, p));
    for (struct duo *d = first_duo(member); d; d = next_duo(d, member))
        TRY(duo_put(ctx, d));
    return BUS_OK;
}

/* The longer wait counts; only one of two waits goes on. */
static enum bus_status join_waits(struct bus_context *ctx, struct member *from, struct member *to,
                                  bool is_new)
{
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_MERGED};
    if (is_new) {
        to->waiting = from->waiting;
        to->waiting_id = from->waiting_id;
        to->since_us = from->since_us;
        to->entered_us = from->entered_us;
        to->credit_us = from->credit_us;
        from->waiting = false;
        member_seat(from, false);
    } else if (from->waiting) {
        int64_t earlier_us = (to->since_us - to->credit_us) - (from->since_us - from->credit_us);
        if (to->waiting && earlier_us > 0)
            to->credit_us += earlier_us;
        TRY(wait_end(ctx, from, &end));
    }
    if (from->capacity > to->capacity)
        to->capacity = from->capacity;
    return BUS_OK;
}

static enum bus_status join_member(struct bus_context *ctx, struct member *from, struct person *keep)
{
    struct member *to = state_member(keep, from->programme, from->side);
    bool is_new = !to;
    if (is_new)
        to = state_add_member(keep, from->programme, from->side);
    TRY(withdraw_open(ctx, from));
    state_move_pairs(from, to);
    TRY(join_waits(ctx, from, to, is_new));
    for (struct request *r = from->programme->requests; r; r = r->next)
        if (r->buddy == from) {
            state_give_request(r, to);
            TRY(request_put(ctx, r));
        }
    member_seat(to, true);
    TRY(member_put(ctx, to));
    return put_pairs(ctx, to);
}

/* What kept two people apart keeps them apart. */
static enum bus_status join_exclusions(struct bus_context *ctx, const struct person *drop,
                                       const struct person *keep)
{
    struct state *state = ctx->state;
    struct exclusion **found = bus_alloc_array(ctx->arena, state->exclusions.n, sizeof *found);
    size_t n = 0;
    for (struct map_node *node = map_walk(&state->exclusions, NULL); node;
         node = map_walk(&state->exclusions, node)) {
        struct exclusion *e = (struct exclusion *)node;
        if (bus_id_equal(e->newcomer_id, drop->id) || bus_id_equal(e->volunteer_id, drop->id))
            found[n++] = e;
    }
    for (size_t i = 0; i < n; i++) {
        struct exclusion *old = found[i];
        bool newcomer = bus_id_equal(old->newcomer_id, drop->id);
        struct exclusion *e = state_add_exclusion(state, newcomer ? keep->id : old->newcomer_id,
                                                  newcomer ? old->volunteer_id : keep->id);
        e->declined |= old->declined;
        e->ended |= old->ended;
        if (old->rests_until_us > e->rests_until_us) {
            e->rests_until_us = old->rests_until_us;
            const char *key = bus_printf(ctx->arena, "%s %s", bus_id_text(ctx, e->newcomer_id),
                                         bus_id_text(ctx, e->volunteer_id));
            TRY(bus_timer_set(ctx, "rested", key, e->rests_until_us));
        }
        old->declined = old->ended = false;
        old->rests_until_us = 0;
        TRY(exclusion_put(ctx, old));
        TRY(exclusion_note(ctx, e));
    }
    return BUS_OK;
}

enum bus_status on_person_merged(struct bus_context *ctx, const struct registry_person_merged *in)
{
    struct state *state = ctx->state;
    struct person *keep = state_person(state, in->keep_id), *drop = state_person(state, in->drop_id);
    if (!keep || !drop || keep == drop || keep->gone || drop->gone)
        return BUS_OK;
    TRY(join_exclusions(ctx, drop, keep));
    for (struct programme *p = state->first_programme; p; p = p->next)
        for (struct request *r = p->requests; r; r = r->next)
            if (r->person == drop) {
                r->person = keep;
                TRY(request_put(ctx, r));
            }
    for (struct member *m = drop->members; m; m = m->next_of_person)
        TRY(join_member(ctx, m, keep));
    if (keep->volunteer == VOLUNTEER_NONE)
        keep->volunteer = drop->volunteer;
    drop->gone = true;
    drop->about = (struct match_person){0};
    TRY(person_put(ctx, state, keep));
    TRY(person_put(ctx, state, drop));
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    TRY(bus_query(ctx->db, ctx->err, &rows, &matching_merge_history, BUS_ID(drop->id), BUS_ID(keep->id)));
    struct cause cause = {.who = keep, .reason = MATCHING_WITHDRAW_REASON_MERGED};
    for (struct member *m = keep->members; m; m = m->next_of_person)
        TRY(programme_match(ctx, m->programme, &cause));
    return BUS_OK;
}
