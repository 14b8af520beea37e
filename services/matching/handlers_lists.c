/* Who is on which list: intakes, volunteers who come, rest and stop, and people who leave. */
#include "acts.h"
#include "bus/service.h"
#include "lifecycle.h"
#include "rows.h"
#include "schema/matching.h"
#include "schema/registry.h"

/* Who was away was met: they are helped with what they asked, in whatever programme. */
static enum bus_status find_again(struct bus_context *ctx, struct person *person)
{
    struct state *state = ctx->state;
    person->away = false;
    enum bus_status status = person_put(ctx, state, person);
    for (struct programme *p = state->first_programme; p && status == BUS_OK; p = p->next)
        status = requests_serve(ctx, p);
    return status;
}

/* Who has a place waits, and who has none does not. */
static enum bus_status set_capacity(struct bus_context *ctx, struct member *member, int64_t capacity)
{
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_LEFT, .reason = COMMON_LEAVE_REASON_OTHER};
    enum bus_status status = BUS_OK;
    bool more = capacity > member->capacity;
    member->capacity = (int)capacity;
    if (!member->waiting && member->duos < member->capacity)
        status = wait_start(ctx, member, (struct bus_id){0});
    else if (member->waiting && member->duos >= member->capacity)
        status = wait_end(ctx, member, &end);
    else if (more)
        status = member_freed(ctx, member);
    if (status != BUS_OK)
        return status;
    member_seat(member, false);
    return member_put(ctx, member);
}

/* Someone who waits already keeps their place in the queue; a volunteer may bring another capacity. Who
 * stopped and comes again has been recruited anew. In a conversation group nobody is matched, so nobody
 * waits. */
enum bus_status on_registry_intake_held(struct bus_context *ctx, const struct registry_intake_held *in)
{
    struct state *state = ctx->state;
    struct person *person = state_person(state, in->person_id);
    struct programme *programme = state_programme(state, in->programme);
    if (!person || person->gone)
        return BUS_OK;
    enum bus_status status = person->away ? find_again(ctx, person) : BUS_OK;
    if (status != BUS_OK || !programme || programme->kind == COMMON_PROGRAMME_KIND_CONVERSATION_GROUP)
        return status;
    struct member *member = state_member(person, programme, in->side);
    if (!member)
        member = state_add_member(person, programme, in->side);
    bool volunteer = in->side == COMMON_SIDE_VOLUNTEER;
    if (volunteer && person->volunteer != VOLUNTEER_RESTING && person->volunteer != VOLUNTEER_AVAILABLE) {
        person->volunteer = VOLUNTEER_AVAILABLE;
        status = person_put(ctx, state, person);
    }
    if (status == BUS_OK && volunteer) {
        status = set_capacity(ctx, member, in->has_capacity ? in->capacity : 1);
    } else if (status == BUS_OK && !member->waiting) {
        member->capacity = 1;
        status = wait_start(ctx, member, (struct bus_id){0});
    }
    return status == BUS_OK ? programme_match(ctx, programme, NULL) : status;
}

/* Who had stopped has the capacity they come back with; they wait once they are available. */
enum bus_status on_registry_volunteer_recruited(struct bus_context *ctx,
                                                const struct registry_volunteer_recruited *in)
{
    struct person *person = state_person(ctx->state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    bool again = person->volunteer == VOLUNTEER_STOPPED;
    person->volunteer = VOLUNTEER_AVAILABLE;
    enum bus_status status = person_put(ctx, ctx->state, person);
    for (struct member *m = person->members; again && m && status == BUS_OK; m = m->next_of_person)
        if (m->side == COMMON_SIDE_VOLUNTEER) {
            m->capacity = (int)in->capacity;
            status = member_put(ctx, m);
        }
    return status;
}

/* A capacity that was given is that of each programme they are in: a place in one takes none in another. Else
 * each keeps its own: who gave a place up does not have it again for having rested. */
enum bus_status on_registry_volunteer_available(struct bus_context *ctx,
                                                const struct registry_volunteer_available *in)
{
    struct person *person = state_person(ctx->state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    person->volunteer = VOLUNTEER_AVAILABLE;
    enum bus_status status = person_put(ctx, ctx->state, person);
    for (struct member *m = person->members; m && status == BUS_OK; m = m->next_of_person)
        if (m->side == COMMON_SIDE_VOLUNTEER)
            status = set_capacity(ctx, m, in->capacity_unchanged ? m->capacity : in->capacity);
    return status == BUS_OK ? person_match(ctx, person, NULL) : status;
}

static enum bus_status take_off_list(struct bus_context *ctx, struct member *member,
                                     const struct wait_end *end, enum matching_withdraw_reason reason)
{
    bool stopped = member->person->volunteer == VOLUNTEER_STOPPED;
    enum bus_status status = proposals_withdraw(ctx, member, reason);
    if (status == BUS_OK)
        status = wait_end(ctx, member, end);
    if (status == BUS_OK && stopped)
        status = requests_hand_over(ctx, member);
    if (status != BUS_OK || !stopped)
        return status;
    member->capacity = 0;
    return member_put(ctx, member);
}

/* Off all volunteers' lists; running duos go on. */
static enum bus_status take_off(struct bus_context *ctx, struct person *person, const struct wait_end *end,
                                enum matching_withdraw_reason reason)
{
    struct cause cause = {.who = person, .reason = reason};
    enum bus_status status = BUS_OK;
    for (struct member *m = person->members; m && status == BUS_OK; m = m->next_of_person)
        if (m->side == COMMON_SIDE_VOLUNTEER)
            status = take_off_list(ctx, m, end, reason);
    return status == BUS_OK ? person_match(ctx, person, &cause) : status;
}

enum bus_status on_registry_volunteer_rested(struct bus_context *ctx,
                                             const struct registry_volunteer_rested *in)
{
    struct person *person = state_person(ctx->state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    person->volunteer = VOLUNTEER_RESTING;
    enum bus_status status = person_put(ctx, ctx->state, person);
    if (status != BUS_OK)
        return status;
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_RESTED};
    return take_off(ctx, person, &end, MATCHING_WITHDRAW_REASON_RESTED);
}

enum bus_status on_registry_volunteer_stopped(struct bus_context *ctx,
                                              const struct registry_volunteer_stopped *in)
{
    struct person *person = state_person(ctx->state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    person->volunteer = VOLUNTEER_STOPPED;
    enum bus_status status = person_put(ctx, ctx->state, person);
    if (status != BUS_OK)
        return status;
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_LEFT, .reason = in->reason};
    return take_off(ctx, person, &end, MATCHING_WITHDRAW_REASON_PERSON_LEFT);
}

enum bus_status on_matching_leave_waiting(struct bus_context *ctx, const struct matching_leave_waiting *in)
{
    struct person *person = state_person(ctx->state, in->person_id);
    struct programme *programme = state_programme(ctx->state, in->programme);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", in->programme);
    struct member *newcomer = person ? state_member(person, programme, COMMON_SIDE_NEWCOMER) : NULL;
    struct member *volunteer = person ? state_member(person, programme, COMMON_SIDE_VOLUNTEER) : NULL;
    if (!newcomer || !newcomer->waiting || in->side == COMMON_SIDE_VOLUNTEER)
        newcomer = NULL;
    if (!volunteer || !volunteer->waiting || in->side == COMMON_SIDE_NEWCOMER)
        volunteer = NULL;
    if (!newcomer && !volunteer)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "this person does not wait in %s", in->programme);
    if (newcomer && volunteer)
        return bus_fail(ctx->err, BUS_CONFLICT, "this person waits on both lists of %s: say which side",
                        in->programme);
    struct member *member = newcomer ? newcomer : volunteer;
    struct matching_leave_waiting_reply reply = {.waiting_id = member->waiting_id,
                                                 .days = days_between(member->since_us, ctx->now_us)};
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_LEFT, .reason = in->reason};
    struct cause cause = {.who = person, .reason = MATCHING_WITHDRAW_REASON_PERSON_LEFT};
    enum bus_status status = may(ctx, programme, person->nis);
    if (status == BUS_OK)
        status = proposals_withdraw(ctx, member, MATCHING_WITHDRAW_REASON_PERSON_LEFT);
    if (status != BUS_OK)
        return status;
    if (volunteer)
        volunteer->capacity = volunteer->duos;
    status = wait_end(ctx, member, &end);
    if (status == BUS_OK)
        status = programme_match(ctx, programme, &cause);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}
