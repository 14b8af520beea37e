/* A proposal from its making to its decision. What becomes of the pair after that is in act_duos.c. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "lifecycle.h"
#include "profile.h"
#include "rows.h"
#include "words.h"

/* The same in all five events. */
#define PAIR_FIELDS(proposal)                                                                             \
    .proposal_id = (proposal)->pair.id, .partnership = (proposal)->pair.newcomer->programme->partnership, \
    .programme = (proposal)->pair.newcomer->programme->id,                                                \
    .newcomer_id = (proposal)->pair.newcomer->person->id,                                                 \
    .volunteer_id = (proposal)->pair.volunteer->person->id, .nis = (proposal)->pair.nis

static char *keep(const char *text)
{
    char *kept = strdup(text);
    if (!kept)
        bus_die("out of memory: no room for a proposal");
    return kept;
}

static enum bus_status say_proposed(struct bus_context *ctx, const struct proposal *proposal,
                                    const struct pair_words *words, const struct manual *manual)
{
    struct matching_match_proposed proposed = {PAIR_FIELDS(proposal),
                                               .score = proposal->score,
                                               .distance_m = proposal->pair.distance_m,
                                               .factors = words->factors,
                                               .factors_n = MATCH_FACTORS,
                                               .explanation = words->lines,
                                               .explanation_n = words->lines_n,
                                               .valid_until = proposal->valid_until_us,
                                               .manual = manual != NULL,
                                               .overridden = manual ? manual->overridden : NULL,
                                               .overridden_n = manual ? manual->overridden_n : 0,
                                               .version = proposal->version};
    return bus_say(ctx, &matching_match_proposed_type, bus_id_text(ctx, proposal->pair.id), &proposed);
}

enum bus_status proposal_make(struct bus_context *ctx, struct member *newcomer, struct member *volunteer,
                              const struct manual *manual)
{
    struct programme *programme = newcomer->programme;
    struct pair_words words;
    pair_words(newcomer, volunteer, ctx->now_us, ctx->arena, &words);
    struct proposal *proposal = calloc(1, sizeof *proposal);
    if (!proposal)
        bus_die("out of memory: no room for a proposal");
    *proposal = (struct proposal){
        .pair = {.id = manual ? manual->proposal_id : bus_new_id(ctx),
                 .kind = PAIR_PROPOSAL,
                 .newcomer = newcomer,
                 .volunteer = volunteer,
                 .distance_m = words.distance_m},
        .state = MATCHING_PROPOSAL_STATE_PROPOSED,
        .manual = manual != NULL,
        .held = manual != NULL,
        .score = words.score,
        .version = programme->version,
        .factors = keep(words.factors_row),
        .explanation = keep(words.lines_row),
        .proposed_us = ctx->now_us,
        .valid_until_us = ctx->now_us + programme->proposal_valid_us,
    };
    memcpy(proposal->pair.nis, newcomer->person->nis, sizeof proposal->pair.nis);
    state_add_pair(ctx->state, &proposal->pair);
    enum bus_status status = proposal_put(ctx, proposal);
    if (status == BUS_OK)
        status = bus_timer_set(ctx, "expire", bus_id_text(ctx, proposal->pair.id), proposal->valid_until_us);
    return status == BUS_OK ? say_proposed(ctx, proposal, &words, manual) : status;
}

/* Out of the optimum's hands: decided, so its end is not a change of the matching. */
static void settle(const struct proposal *proposal)
{
    struct member *newcomer = proposal->pair.newcomer;
    if (!proposal->held && newcomer->handle >= 0)
        match_pool_settle(newcomer->programme->pool, newcomer->handle, proposal->pair.volunteer->handle);
}

/* Both leave the pool in one step, which costs no search, where the optimum has them together. */
static void take_pair(const struct proposal *proposal)
{
    struct member *newcomer = proposal->pair.newcomer, *volunteer = proposal->pair.volunteer;
    if (!proposal->held && newcomer->handle >= 0 && volunteer->handle >= 0)
        match_pool_take_pair(newcomer->programme->pool, newcomer->handle, volunteer->handle);
}

enum bus_status proposal_accept(struct bus_context *ctx, struct proposal *proposal)
{
    take_pair(proposal);
    settle(proposal);
    struct state *state = ctx->state;
    due_at(&state->expiring, &proposal->expires, 0);
    proposal->state = MATCHING_PROPOSAL_STATE_ACCEPTED;
    proposal->decided_us = ctx->now_us;
    if (!proposal->held) {
        proposal->held = true;
        proposal->pair.newcomer->held++;
        proposal->pair.volunteer->held++;
    }
    member_seat(proposal->pair.newcomer, false);
    member_seat(proposal->pair.volunteer, false);
    enum bus_status status = proposal_put(ctx, proposal);
    if (status == BUS_OK)
        status = bus_timer_clear(ctx, "expire", bus_id_text(ctx, proposal->pair.id));
    if (status != BUS_OK)
        return status;
    struct matching_match_accepted accepted = {PAIR_FIELDS(proposal), .score = proposal->score,
                                               .days = days_between(proposal->proposed_us, ctx->now_us),
                                               .proposed = proposal->proposed_us};
    accepted.shared_slots =
        profile_shared_slots(&proposal->pair.newcomer->person->about,
                             &proposal->pair.volunteer->person->about, ctx->arena, &accepted.shared_slots_n);
    return bus_say(ctx, &matching_match_accepted_type, bus_id_text(ctx, proposal->pair.id), &accepted);
}

/* Writes its end and forgets it; places that were held are free again. */
static enum bus_status close(struct bus_context *ctx, struct proposal *proposal)
{
    struct member *newcomer = proposal->pair.newcomer, *volunteer = proposal->pair.volunteer;
    bool timed = proposal->state != MATCHING_PROPOSAL_STATE_EXPIRED && proposal->decided_us == 0;
    proposal->decided_us = ctx->now_us;
    settle(proposal);
    enum bus_status status = proposal_put(ctx, proposal);
    if (status == BUS_OK && timed)
        status = bus_timer_clear(ctx, "expire", bus_id_text(ctx, proposal->pair.id));
    if (status != BUS_OK)
        return status;
    state_remove_pair(ctx->state, &proposal->pair);
    member_seat(newcomer, false);
    member_seat(volunteer, false);
    return BUS_OK;
}

enum bus_status exclusion_note(struct bus_context *ctx, struct exclusion *exclusion)
{
    struct person *newcomer = state_person(ctx->state, exclusion->newcomer_id);
    struct person *volunteer = state_person(ctx->state, exclusion->volunteer_id);
    for (struct member *n = newcomer ? newcomer->members : NULL; n; n = n->next_of_person) {
        struct member *v = volunteer ? state_member(volunteer, n->programme, COMMON_SIDE_VOLUNTEER) : NULL;
        if (n->side == COMMON_SIDE_NEWCOMER && n->handle >= 0 && v && v->handle >= 0)
            match_pool_review(n->programme->pool, n->handle, v->handle);
    }
    return exclusion_put(ctx, exclusion);
}

enum bus_status proposal_decline(struct bus_context *ctx, struct proposal *proposal,
                                 enum common_declined_by by, enum common_decline_reason reason,
                                 bool after_meeting)
{
    struct matching_match_declined declined = {PAIR_FIELDS(proposal), .by = by, .reason = reason,
                                               .after_meeting = after_meeting};
    const char *subject = bus_id_text(ctx, proposal->pair.id);
    declined.nis = bus_strdup(ctx->arena, declined.nis);
    proposal->state = MATCHING_PROPOSAL_STATE_DECLINED;
    proposal->by = by;
    proposal->reason = reason;
    struct exclusion *exclusion =
        state_add_exclusion(ctx->state, declined.newcomer_id, declined.volunteer_id);
    exclusion->declined = true;
    enum bus_status status = close(ctx, proposal);
    if (status == BUS_OK)
        status = bus_say(ctx, &matching_match_declined_type, subject, &declined);
    return status == BUS_OK ? exclusion_note(ctx, exclusion) : status;
}

enum bus_status proposal_expire(struct bus_context *ctx, struct proposal *proposal)
{
    struct matching_match_expired expired = {PAIR_FIELDS(proposal), .valid_until = proposal->valid_until_us};
    const char *subject = bus_id_text(ctx, proposal->pair.id);
    struct programme *programme = proposal->pair.newcomer->programme;
    expired.nis = bus_strdup(ctx->arena, expired.nis);
    proposal->state = MATCHING_PROPOSAL_STATE_EXPIRED;
    struct exclusion *exclusion = state_add_exclusion(ctx->state, expired.newcomer_id, expired.volunteer_id);
    struct state *state = ctx->state;
    due_at(&state->resting, &exclusion->rests, ctx->now_us + programme->proposal_valid_us);
    enum bus_status status = close(ctx, proposal);
    if (status == BUS_OK)
        status = bus_say(ctx, &matching_match_expired_type, subject, &expired);
    if (status != BUS_OK)
        return status;
    const char *key = bus_printf(ctx->arena, "%s %s", bus_id_text(ctx, expired.newcomer_id),
                                 bus_id_text(ctx, expired.volunteer_id));
    status = bus_timer_set(ctx, "rested", key, exclusion->rests.at_us);
    return status == BUS_OK ? exclusion_note(ctx, exclusion) : status;
}

enum bus_status proposal_withdraw(struct bus_context *ctx, struct proposal *proposal,
                                  enum matching_withdraw_reason reason)
{
    struct matching_match_withdrawn withdrawn = {PAIR_FIELDS(proposal), .reason = reason};
    const char *subject = bus_id_text(ctx, proposal->pair.id);
    withdrawn.nis = bus_strdup(ctx->arena, withdrawn.nis);
    proposal->state = MATCHING_PROPOSAL_STATE_WITHDRAWN;
    proposal->withdraw_reason = reason;
    enum bus_status status = close(ctx, proposal);
    return status == BUS_OK ? bus_say(ctx, &matching_match_withdrawn_type, subject, &withdrawn) : status;
}

enum bus_status proposals_withdraw(struct bus_context *ctx, struct member *member,
                                   enum matching_withdraw_reason reason)
{
    while (first_proposal(member)) {
        struct proposal *lowest = first_proposal(member);
        for (struct proposal *p = lowest; p; p = next_proposal(p, member))
            if (bus_id_compare(p->pair.id, lowest->pair.id) < 0)
                lowest = p;
        enum bus_status status = proposal_withdraw(ctx, lowest, reason);
        if (status != BUS_OK)
            return status;
    }
    return BUS_OK;
}
