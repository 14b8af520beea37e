/* Two entries turn out to be one person: what waits, runs or is asked under the dropped id goes on under the
 * kept one. Open proposals of the dropped id are withdrawn, as the scores change; accepted ones are kept, but
 * for those between the two, and of who is away under either. */
#include "acts.h"
#include "bus/service.h"
#include "places.h"
#include "rows.h"
#include "schema/registry.h"
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
        enum bus_status status = proposal_withdraw(ctx, lowest, MATCHING_WITHDRAW_REASON_MERGED);
        if (status != BUS_OK)
            return status;
    }
}

static enum bus_status put_pairs(struct bus_context *ctx, const struct member *member)
{
    enum bus_status status = BUS_OK;
    for (struct proposal *p = first_proposal(member); p && status == BUS_OK; p = next_proposal(p, member))
        status = proposal_put(ctx, p);
    for (struct duo *d = first_duo(member); d && status == BUS_OK; d = next_duo(d, member))
        status = duo_put(ctx, d);
    return status;
}

/* Nobody is in a duo with themselves: what two entries of one person had together ends, and nobody returns.
 */
static enum bus_status part_from_oneself(struct bus_context *ctx, struct member *member,
                                         const struct person *keep)
{
    bool newcomer = member->side == COMMON_SIDE_NEWCOMER;
    struct duo_end end = {.reason = COMMON_STOP_REASON_OTHER, .same_person = true};
    enum bus_status status = BUS_OK;
    for (struct duo *d = first_duo(member), *next; d && status == BUS_OK; d = next) {
        next = next_duo(d, member);
        if ((newcomer ? d->pair.volunteer : d->pair.newcomer)->person == keep)
            status = duo_end(ctx, d, &end);
    }
    for (struct proposal *p = first_proposal(member), *next; p && status == BUS_OK; p = next) {
        next = next_proposal(p, member);
        if ((newcomer ? p->pair.volunteer : p->pair.newcomer)->person == keep)
            status = proposal_withdraw(ctx, p, MATCHING_WITHDRAW_REASON_MERGED);
    }
    return status;
}

/* Whether one wait of the two goes on, after their duos have moved. */
static bool waits_on(const struct member *member, bool served)
{
    bool wants = member->side == COMMON_SIDE_NEWCOMER ? !served : member->duos < member->capacity;
    return wants && member_may_wait(member);
}

static void hand_over_wait(struct member *from, struct member *to)
{
    to->waiting = from->waiting;
    to->waiting_id = from->waiting_id;
    to->since_us = from->since_us;
    to->entered_us = from->entered_us;
    if (from->credit_us > to->credit_us)
        to->credit_us = from->credit_us;
    from->waiting = false;
    member_seat(from, false);
}

/* The longer wait counts; only one of two waits goes on. */
static enum bus_status join_waits(struct bus_context *ctx, struct member *from, struct member *to,
                                  bool goes_on)
{
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_MERGED};
    if (to->waiting && !goes_on) {
        enum bus_status status = wait_end(ctx, to, &end);
        if (status != BUS_OK)
            return status;
    }
    if (!from->waiting)
        return BUS_OK;
    if (!to->waiting && goes_on) {
        hand_over_wait(from, to);
        return BUS_OK;
    }
    int64_t earlier_us = (to->since_us - to->credit_us) - (from->since_us - from->credit_us);
    if (to->waiting && earlier_us > 0)
        to->credit_us += earlier_us;
    return wait_end(ctx, from, &end);
}

/* In a duo, and asking for no other. */
static bool is_served(const struct member *member)
{
    return member->duos > 0 && !member->waiting;
}

static enum bus_status join_member(struct bus_context *ctx, struct member *from, struct person *keep)
{
    struct member *to = state_member(keep, from->programme, from->side);
    bool is_new = !to;
    if (is_new)
        to = state_add_member(keep, from->programme, from->side);
    bool served = is_served(from) || is_served(to);
    enum bus_status status = withdraw_open(ctx, from);
    if (status != BUS_OK)
        return status;
    state_move_pairs(from, to);
    if (from->capacity > to->capacity)
        to->capacity = from->capacity;
    if (is_new && !from->waiting)
        hand_over_wait(from, to); /* what they waited last */
    status = join_waits(ctx, from, to, waits_on(to, served));
    for (struct request *r = from->programme->requests; r && status == BUS_OK; r = r->next)
        if (r->buddy == from) {
            state_give_request(r, to);
            status = request_put(ctx, r);
        }
    if (status != BUS_OK)
        return status;
    member_seat(to, true);
    status = member_put(ctx, to);
    return status == BUS_OK ? put_pairs(ctx, to) : status;
}

/* What kept two people apart keeps them apart. */
static enum bus_status join_exclusions(struct bus_context *ctx, const struct person *drop,
                                       const struct person *keep)
{
    struct state *state = ctx->state;
    struct exclusion **found = bus_alloc_array(ctx->arena, state->exclusions.n, sizeof *found);
    size_t n = 0;
    for (struct bus_map_node *node = bus_map_walk(&state->exclusions, NULL); node;
         node = bus_map_walk(&state->exclusions, node)) {
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
        enum bus_status status = BUS_OK;
        if (old->rests.at_us > e->rests.at_us) {
            due_at(&state->resting, &e->rests, old->rests.at_us);
            const char *key = bus_printf(ctx->arena, "%s %s", bus_id_text(ctx, e->newcomer_id),
                                         bus_id_text(ctx, e->volunteer_id));
            status = bus_timer_set(ctx, "rested", key, e->rests.at_us);
        }
        if (status != BUS_OK)
            return status;
        old->declined = old->ended = false;
        due_at(&state->resting, &old->rests, 0);
        status = exclusion_put(ctx, old);
        if (status == BUS_OK)
            status = exclusion_note(ctx, e);
        if (status != BUS_OK)
            return status;
    }
    return BUS_OK;
}

/* After the duos have moved: a request to the buddy of a duo takes no place of theirs. */
static enum bus_status join_request(struct bus_context *ctx, struct request *request,
                                    const struct person *drop, struct person *keep)
{
    struct member *buddy = request->buddy;
    bool moved = request->person == drop, took_a_place = request->task;
    bool frees = took_a_place, of_themselves = buddy && buddy->person == keep;
    enum bus_status status = BUS_OK;
    request->person = keep;
    if (of_themselves) {
        status = request_hand_over(ctx, request);
    } else {
        state_give_request(request, buddy);
        frees = took_a_place && !request->task;
        status = moved ? request_put(ctx, request) : BUS_OK;
    }
    return status == BUS_OK && frees ? member_freed(ctx, buddy) : status;
}

static enum bus_status join_requests(struct bus_context *ctx, const struct person *drop, struct person *keep)
{
    struct state *state = ctx->state;
    enum bus_status status = BUS_OK;
    for (struct programme *p = state->first_programme; p && status == BUS_OK; p = p->next)
        for (struct request *r = p->requests, *next; r && status == BUS_OK; r = next) {
            next = r->next;
            if (r->person == drop || r->person == keep)
                status = join_request(ctx, r, drop, keep);
        }
    return status;
}

/* Who is a volunteer under one name is one. Whether they rest now, registry has said before this. */
static void join_volunteers(const struct person *drop, struct person *keep)
{
    bool active = keep->volunteer == VOLUNTEER_AVAILABLE || keep->volunteer == VOLUNTEER_RESTING;
    if (!active && drop->volunteer != VOLUNTEER_NONE)
        keep->volunteer = drop->volunteer;
}

enum bus_status on_registry_person_merged(struct bus_context *ctx, const struct registry_person_merged *in)
{
    struct state *state = ctx->state;
    struct person *keep = state_person(state, in->keep_id), *drop = state_person(state, in->drop_id);
    if (!keep || !drop || keep == drop || keep->gone || drop->gone)
        return BUS_OK;
    join_volunteers(drop, keep);
    enum bus_status status = BUS_OK;
    for (struct member *m = drop->members; m && status == BUS_OK; m = m->next_of_person)
        status = part_from_oneself(ctx, m, keep);
    if (status == BUS_OK)
        status = join_exclusions(ctx, drop, keep);
    for (struct member *m = drop->members; m && status == BUS_OK; m = m->next_of_person)
        status = join_member(ctx, m, keep);
    if (status == BUS_OK)
        status = join_requests(ctx, drop, keep);
    if (status == BUS_OK && (drop->away || keep->away))
        status = person_away(ctx, keep, &(struct wait_end){.outcome = MATCHING_WAITING_OUTCOME_MERGED},
                             MATCHING_WITHDRAW_REASON_MERGED);
    if (status != BUS_OK)
        return status;
    drop->gone = true;
    drop->away = false;
    drop->about = (struct match_person){0};
    status = person_put(ctx, state, keep);
    if (status == BUS_OK)
        status = person_put(ctx, state, drop);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &matching_merge_history, BUS_ID(drop->id), BUS_ID(keep->id));
    if (status != BUS_OK)
        return status;
    struct cause cause = {.who = keep, .reason = MATCHING_WITHDRAW_REASON_MERGED};
    return person_match(ctx, keep, &cause);
}
