/* People decide about proposals: accept, decline, pair by hand; and what came of the acquaintance talk. */
#include <string.h>

#include "acts.h"
#include "bus/service.h"
#include "lifecycle.h"
#include "places.h"
#include "rows.h"
#include "schema/matching.h"
#include "schema/scheduling.h"
#include "sql/matching.h"
#include "timers.h"

/* Someone's only live proposal in a programme that passes the filter. */
static enum bus_status find_by_person(struct bus_context *ctx, struct bus_id person_id,
                                      const char *programme_id, bool accepted_too, struct proposal **ret)
{
    struct state *state = ctx->state;
    if (bus_id_is_nil(person_id) || !programme_id)
        return bus_fail_at(ctx->err, BUS_INVALID, "/proposal_id",
                           "give proposal_id, or person_id and programme");
    struct person *person = state_person(state, person_id);
    struct programme *programme = state_programme(state, programme_id);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", programme_id);
    struct proposal *found = NULL;
    for (struct member *m = person ? person->members : NULL; m; m = m->next_of_person)
        for (struct proposal *p = m->programme == programme ? first_proposal(m) : NULL; p;
             p = next_proposal(p, m)) {
            if (!accepted_too && p->state != MATCHING_PROPOSAL_STATE_PROPOSED)
                continue;
            if (found)
                return bus_fail(ctx->err, BUS_CONFLICT,
                                "this person has several proposals in %s: name one by its proposal_id",
                                programme_id);
            found = p;
        }
    if (!found)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "this person has no open proposal in %s", programme_id);
    *ret = found;
    return BUS_OK;
}

static enum bus_status find_any(struct bus_context *ctx, struct bus_id proposal_id, struct bus_id person_id,
                                const char *programme, bool accepted_too, struct proposal **ret)
{
    if (bus_id_is_nil(proposal_id))
        return find_by_person(ctx, person_id, programme, accepted_too, ret);
    *ret = state_proposal(ctx->state, proposal_id);
    if (*ret)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_proposal_get, BUS_ID(proposal_id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no proposal %s", bus_id_text(ctx, proposal_id));
    status = may_row(ctx, &rows);
    if (status != BUS_OK)
        return status;
    return bus_fail(ctx->err, BUS_CONFLICT, "this proposal is no longer open: it is %s",
                    bus_row_text(&rows, 0, 0, ctx->arena));
}

/* The proposal a command is about, which its sender may touch. */
static enum bus_status find_proposal(struct bus_context *ctx, struct bus_id proposal_id,
                                     struct bus_id person_id, const char *programme, bool accepted_too,
                                     struct proposal **ret)
{
    enum bus_status status = find_any(ctx, proposal_id, person_id, programme, accepted_too, ret);
    if (status == BUS_OK)
        status = may(ctx, (*ret)->pair.newcomer->programme, (*ret)->pair.nis);
    if (status == BUS_OK && !accepted_too && (*ret)->state != MATCHING_PROPOSAL_STATE_PROPOSED)
        return bus_fail(ctx->err, BUS_CONFLICT, "this proposal is accepted already");
    return status;
}

enum bus_status on_matching_accept_match(struct bus_context *ctx, const struct matching_accept_match *in)
{
    struct proposal *proposal = NULL;
    enum bus_status status =
        find_proposal(ctx, in->proposal_id, in->person_id, in->programme, false, &proposal);
    if (status != BUS_OK)
        return status;
    struct programme *programme = proposal->pair.newcomer->programme;
    struct matching_accept_match_reply reply = {.proposal_id = proposal->pair.id,
                                                .newcomer_id = proposal->pair.newcomer->person->id,
                                                .volunteer_id = proposal->pair.volunteer->person->id,
                                                .programme = programme->id};
    status = proposal_accept(ctx, proposal);
    if (status == BUS_OK)
        status = programme_match(ctx, programme, NULL);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

enum bus_status on_matching_decline_match(struct bus_context *ctx, const struct matching_decline_match *in)
{
    struct proposal *proposal = NULL;
    enum bus_status status =
        find_proposal(ctx, in->proposal_id, in->person_id, in->programme, true, &proposal);
    if (status != BUS_OK)
        return status;
    struct programme *programme = proposal->pair.newcomer->programme;
    struct matching_decline_match_reply reply = {.proposal_id = proposal->pair.id,
                                                 .newcomer_id = proposal->pair.newcomer->person->id,
                                                 .volunteer_id = proposal->pair.volunteer->person->id};
    status = proposal_decline(ctx, proposal, in->by, in->reason, false);
    if (status == BUS_OK)
        status = programme_match(ctx, programme, NULL);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

/* ---- by hand */

/* What puts them on the list. */
static const char *how_to_wait(const struct member *member, enum common_side side)
{
    if (member && side == COMMON_SIDE_VOLUNTEER && member->person->volunteer == VOLUNTEER_RESTING)
        return "they rest, so make them available first";
    if (member && side == COMMON_SIDE_VOLUNTEER && member->person->volunteer == VOLUNTEER_STOPPED)
        return "they have stopped, so recruit them again first";
    return "hold an intake first";
}

static enum bus_status find_waiting(struct bus_context *ctx, struct bus_id person_id,
                                    const struct programme *programme, enum common_side side,
                                    struct member **ret)
{
    struct person *person = state_person(ctx->state, person_id);
    struct member *member = person ? state_member(person, programme, side) : NULL;
    const char *who = bus_word(common_side_words, (int)side);
    if (!member || !member->waiting)
        return bus_fail(ctx->err, BUS_CONFLICT, "the %s does not wait in %s: %s", who, programme->id,
                        how_to_wait(member, side));
    if (member_places(member) == 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "the %s has no place free: decide about what holds it", who);
    *ret = member;
    return BUS_OK;
}

static enum bus_status judge(struct bus_context *ctx, const struct member *newcomer,
                             const struct member *volunteer, bool override, int broken[MATCH_RULES],
                             size_t *ret_n)
{
    struct programme *programme = newcomer->programme;
    const struct match_person *n = &newcomer->person->about, *v = &volunteer->person->about;
    const struct exclusion *e = state_exclusion(ctx->state, newcomer->person->id, volunteer->person->id);
    struct match_circumstances circumstances = {.declined_before = e && e->declined,
                                                .earlier_duo = e && e->ended};
    struct match_verdict verdict;
    char text[MATCH_TEXT_MAX];
    match_judge(n, v, &programme->rules, &circumstances, &verdict);
    *ret_n = 0;
    for (int rule = 1; rule <= MATCH_RULES; rule++) {
        if (verdict.passes[rule])
            continue;
        if (!override)
            return bus_fail(ctx->err, BUS_CONFLICT, "%s: %s; pair them with override true if you know better",
                            bus_word(matching_hard_rule_words, rule),
                            match_rule_text((enum match_rule)rule, n, v, &programme->rules, &verdict, text));
        broken[(*ret_n)++] = rule;
    }
    return BUS_OK;
}

/* A client's own id is that of no proposal there ever was, anyone's: its row would be written over. */
static enum bus_status must_be_new(struct bus_context *ctx, struct bus_id proposal_id)
{
    if (bus_id_is_nil(proposal_id))
        return BUS_OK;
    bool taken = state_proposal(ctx->state, proposal_id) != NULL;
    if (!taken) {
        AUTO(bus_rows_done) struct bus_rows rows = {0};
        enum bus_status status =
            bus_query(ctx->db, ctx->err, &rows, &matching_proposal_get, BUS_ID(proposal_id));
        if (status != BUS_OK)
            return status;
        taken = rows.n > 0;
    }
    return taken ? bus_fail(
                       ctx->err, BUS_CONFLICT,
                       "there is a proposal with this id already: leave proposal_id out, or make a new one")
                 : BUS_OK;
}

static enum bus_status check_manual(struct bus_context *ctx, const struct matching_pair_manually *in,
                                    struct member **ret_newcomer, struct member **ret_volunteer)
{
    struct programme *programme = state_programme(ctx->state, in->programme);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", in->programme);
    if (bus_id_equal(in->newcomer_id, in->volunteer_id))
        return bus_fail(ctx->err, BUS_CONFLICT, "the two are the same person");
    enum bus_status status = goes_on(ctx, programme);
    if (status == BUS_OK)
        status = find_waiting(ctx, in->newcomer_id, programme, COMMON_SIDE_NEWCOMER, ret_newcomer);
    if (status == BUS_OK)
        status = find_waiting(ctx, in->volunteer_id, programme, COMMON_SIDE_VOLUNTEER, ret_volunteer);
    if (status != BUS_OK)
        return status;
    if (state_proposal_of(*ret_newcomer, *ret_volunteer))
        return bus_fail(ctx->err, BUS_CONFLICT, "the two are proposed already: accept that proposal");
    if (state_duo_of(*ret_newcomer, *ret_volunteer))
        return bus_fail(ctx->err, BUS_CONFLICT, "the two are a duo already");
    status = may(ctx, programme, (*ret_newcomer)->person->nis);
    return status == BUS_OK ? must_be_new(ctx, in->proposal_id) : status;
}

enum bus_status on_matching_pair_manually(struct bus_context *ctx, const struct matching_pair_manually *in)
{
    struct member *newcomer = NULL, *volunteer = NULL;
    int broken[MATCH_RULES];
    size_t broken_n = 0;
    enum bus_status status = check_manual(ctx, in, &newcomer, &volunteer);
    if (status == BUS_OK)
        status = judge(ctx, newcomer, volunteer, in->override, broken, &broken_n);
    if (status != BUS_OK)
        return status;
    struct manual manual = {.overridden = broken,
                            .overridden_n = broken_n,
                            .proposal_id =
                                bus_id_is_nil(in->proposal_id) ? bus_new_id(ctx) : in->proposal_id};
    status = proposals_withdraw(ctx, newcomer, MATCHING_WITHDRAW_REASON_MANUAL_PAIRING);
    if (status == BUS_OK)
        status = proposal_make(ctx, newcomer, volunteer, &manual);
    if (status != BUS_OK)
        return status;
    member_seat(newcomer, false);
    member_seat(volunteer, false);
    struct matching_pair_manually_reply reply = {.proposal_id = manual.proposal_id,
                                                 .score =
                                                     state_proposal(ctx->state, manual.proposal_id)->score,
                                                 .overridden = broken,
                                                 .overridden_n = broken_n};
    struct cause cause = {.who = volunteer->person, .reason = MATCHING_WITHDRAW_REASON_MANUAL_PAIRING};
    status = programme_match(ctx, newcomer->programme, &cause);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

/* ---- the talk */

/* Why these two cannot be a duo any more, or NULL. Who left the list meanwhile can: had it been heard of
 * later, their duo would have gone on. */
static const char *why_no_duo(const struct member *newcomer, const struct member *volunteer)
{
    if (!newcomer || !volunteer || newcomer->person->gone || volunteer->person->gone)
        return "one of the two is no longer known";
    if (newcomer->person == volunteer->person)
        return "the two are one person";
    if (newcomer->duos > 0 || newcomer->held > 0)
        return "the newcomer is promised to somebody by now";
    int capacity = volunteer->capacity > 0 ? volunteer->capacity : 1; /* who has stopped has none */
    if (volunteer->duos + volunteer->held >= capacity)
        return "the volunteer has no place left";
    return NULL;
}

/* The proposal of a talk that was held with a start and had ended before that was heard of: the two met and
 * want each other, which counts for more than what ended it. NULL where it comes to nothing all the same. */
static enum bus_status take_up(struct bus_context *ctx, struct bus_id proposal_id, struct proposal **ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &matching_proposal_load, BUS_ID(proposal_id));
    if (status != BUS_OK || rows.n == 0)
        return status;
    const struct programme *programme = state_programme(ctx->state, bus_row_text(&rows, 0, 1, ctx->arena));
    const struct person *n = state_person(ctx->state, bus_row_id(&rows, 0, 3));
    const struct person *v = state_person(ctx->state, bus_row_id(&rows, 0, 4));
    const char *why = why_no_duo(n ? state_member(n, programme, COMMON_SIDE_NEWCOMER) : NULL,
                                 v ? state_member(v, programme, COMMON_SIDE_VOLUNTEER) : NULL);
    if (!why)
        return state_load_proposal(ctx, proposal_id, ret);
    bus_log_warn("a talk was held with a start, and no duo of proposal %s comes of it, which had ended: %s",
                 bus_id_text(ctx, proposal_id), why);
    return BUS_OK;
}

/* A no about a proposal that has ended meanwhile changes nothing. After a no-show the proposal stays
 * accepted, and the talk can be planned again. */
enum bus_status on_scheduling_meeting_held(struct bus_context *ctx, const struct scheduling_meeting_held *in)
{
    struct proposal *proposal = state_proposal(ctx->state, in->proposal_id);
    int32_t day = belgian_day(ctx->header->time_us);
    if (in->on_date && !bus_date_parse(in->on_date, strlen(in->on_date), &day))
        return bus_fail_at(ctx->err, BUS_INVALID, "/on_date", "on_date must be a day such as 2026-11-22");
    enum bus_status status = BUS_OK;
    if (!proposal && in->outcome == SCHEDULING_MEETING_OUTCOME_START)
        status = take_up(ctx, in->proposal_id, &proposal);
    if (status != BUS_OK || !proposal || in->outcome == SCHEDULING_MEETING_OUTCOME_NO_SHOW)
        return status;
    struct programme *programme = proposal->pair.newcomer->programme;
    enum common_declined_by by = in->outcome == SCHEDULING_MEETING_OUTCOME_DECLINE_NEWCOMER
                                     ? COMMON_DECLINED_BY_NEWCOMER
                                     : COMMON_DECLINED_BY_VOLUNTEER;
    if (proposal->state == MATCHING_PROPOSAL_STATE_PROPOSED)
        status = proposal_accept(ctx, proposal);
    if (status == BUS_OK && in->outcome == SCHEDULING_MEETING_OUTCOME_START)
        status = duo_start(ctx, proposal, day);
    else if (status == BUS_OK)
        status =
            proposal_decline(ctx, proposal, by, in->reason ? in->reason : COMMON_DECLINE_REASON_OTHER, true);
    return status == BUS_OK ? programme_match(ctx, programme, NULL) : status;
}

/* ---- time */

/* Of all that ends at one moment the last makes the new matching: else people would be proposed who are not
 * to be, or better not, once the rest of it is handled. */
static enum bus_status match_after_last(struct bus_context *ctx, struct programme *programme, int64_t due_us)
{
    return state_more_due(ctx->state, programme, due_us, ctx->now_us) ? BUS_OK
                                                                      : programme_match(ctx, programme, NULL);
}

enum bus_status on_expire(struct bus_context *ctx, const char *key)
{
    struct bus_id id = {0};
    struct proposal *proposal = bus_id_parse(key, strlen(key), &id) ? state_proposal(ctx->state, id) : NULL;
    if (!proposal || proposal->state != MATCHING_PROPOSAL_STATE_PROPOSED)
        return BUS_OK;
    struct programme *programme = proposal->pair.newcomer->programme;
    int64_t due_us = proposal->valid_until_us;
    enum bus_status status = proposal_expire(ctx, proposal);
    return status == BUS_OK ? match_after_last(ctx, programme, due_us) : status;
}

/* A pair whose proposal expired has rested as long as that proposal was valid, and may be proposed again. */
enum bus_status on_rested(struct bus_context *ctx, const char *key)
{
    struct bus_id newcomer_id = {0}, volunteer_id = {0};
    if (strlen(key) != 73 || !bus_id_parse(key, 36, &newcomer_id) ||
        !bus_id_parse(key + 37, 36, &volunteer_id))
        return BUS_OK;
    struct exclusion *exclusion = state_exclusion(ctx->state, newcomer_id, volunteer_id);
    if (!exclusion || exclusion->rests.at_us == 0)
        return BUS_OK;
    struct state *state = ctx->state;
    int64_t due_us = exclusion->rests.at_us;
    due_at(&state->resting, &exclusion->rests, 0);
    enum bus_status status = exclusion_note(ctx, exclusion);
    struct person *newcomer = state_person(state, newcomer_id);
    for (struct member *m = newcomer ? newcomer->members : NULL; m && status == BUS_OK; m = m->next_of_person)
        if (m->side == COMMON_SIDE_NEWCOMER)
            status = match_after_last(ctx, m->programme, due_us);
    return status;
}
