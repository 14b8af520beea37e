/* What registry says of people: who they are, where they live, and that they are gone. An event about someone
 * unknown or gone is passed over: they were never, or are no longer, matching's business. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "bus/service.h"
#include "places.h"
#include "profile.h"
#include "rows.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "sql/matching.h"

static void settle_in(struct person *person, const char *partnership, const struct common_place *place)
{
    snprintf(person->partnership, sizeof person->partnership, "%s", partnership);
    snprintf(person->nis, sizeof person->nis, "%s", place->nis);
    person->about.lat_e4 = (int32_t)place->lat_e4;
    person->about.lon_e4 = (int32_t)place->lon_e4;
}

/* Their attributes changed: compares them anew wherever they wait. */
static enum bus_status compare_anew(struct bus_context *ctx, struct person *person,
                                    enum matching_withdraw_reason reason)
{
    struct cause cause = {.who = person, .reason = reason};
    for (struct member *m = person->members; m; m = m->next_of_person)
        member_seat(m, true);
    return person_match(ctx, person, &cause);
}

enum bus_status on_registry_person_registered(struct bus_context *ctx,
                                              const struct registry_person_registered *in)
{
    struct state *state = ctx->state;
    struct person *person = state_person(state, in->person_id);
    if (!person)
        person = state_add_person(state, in->person_id);
    settle_in(person, in->partnership, &in->place);
    state_tidy_words(state);
    profile_read(&in->profile, state->words, &person->about);
    person->gone = false;
    return person_put(ctx, state, person);
}

enum bus_status on_registry_profile_changed(struct bus_context *ctx,
                                            const struct registry_profile_changed *in)
{
    struct state *state = ctx->state;
    struct person *person = state_person(state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    struct match_person before = person->about;
    state_tidy_words(state);
    profile_read(&in->profile, state->words, &person->about);
    if (memcmp(&before, &person->about, sizeof before) == 0)
        return BUS_OK;
    enum bus_status status = person_put(ctx, state, person);
    return status == BUS_OK ? compare_anew(ctx, person, MATCHING_WITHDRAW_REASON_NONE) : status;
}

/* Duos go on, whoever moves. With the partnership they leave its lists; within it only distances change. */
enum bus_status on_registry_person_moved(struct bus_context *ctx, const struct registry_person_moved *in)
{
    struct state *state = ctx->state;
    struct person *person = state_person(state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    settle_in(person, in->partnership, &in->place);
    enum bus_status status = person_put(ctx, state, person);
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_MOVED};
    for (struct member *m = person->members; m && status == BUS_OK; m = m->next_of_person) {
        if (member_may_wait(m))
            continue;
        status = proposals_withdraw(ctx, m, MATCHING_WITHDRAW_REASON_MOVED);
        if (status == BUS_OK)
            status = wait_end(ctx, m, &end);
    }
    return status == BUS_OK ? compare_anew(ctx, person, MATCHING_WITHDRAW_REASON_MOVED) : status;
}

static bool says_gone(enum common_partner_status status, enum common_leave_reason *ret_reason)
{
    switch (status) {
    case COMMON_PARTNER_STATUS_MOVED_AWAY:
        *ret_reason = COMMON_LEAVE_REASON_MOVED;
        return true;
    case COMMON_PARTNER_STATUS_UNREACHABLE:
        *ret_reason = COMMON_LEAVE_REASON_UNREACHABLE;
        return true;
    case COMMON_PARTNER_STATUS_DECEASED:
        *ret_reason = COMMON_LEAVE_REASON_OTHER;
        return true;
    default:
        return false;
    }
}

/* A newcomer a partner cannot reach any more is proposed to nobody until an intake puts them back, and given
 * no buddy; what runs goes on. A volunteer rests, which registry says by itself. */
enum bus_status on_registry_status_recorded(struct bus_context *ctx,
                                            const struct registry_status_recorded *in)
{
    struct person *person = state_person(ctx->state, in->person_id);
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_LEFT};
    if (!person || person->gone || !says_gone(in->status, &end.reason))
        return BUS_OK;
    enum bus_status status = person_away(ctx, person, &end, MATCHING_WITHDRAW_REASON_PERSON_LEFT);
    struct cause cause = {.who = person, .reason = MATCHING_WITHDRAW_REASON_PERSON_LEFT};
    return status == BUS_OK ? person_match(ctx, person, &cause) : status;
}

/* Only the other may wait again: who is gone does not. */
static enum bus_status stop_duos(struct bus_context *ctx, struct member *member)
{
    struct duo_end end = {
        .reason = COMMON_STOP_REASON_OTHER, .newcomer_returns = true, .volunteer_returns = true};
    while (first_duo(member)) {
        struct duo *lowest = first_duo(member);
        for (struct duo *d = lowest; d; d = next_duo(d, member))
            if (bus_id_compare(d->pair.id, lowest->pair.id) < 0)
                lowest = d;
        enum bus_status status = duo_end(ctx, lowest, &end);
        if (status != BUS_OK)
            return status;
    }
    return BUS_OK;
}

static enum bus_status drop_requests(struct bus_context *ctx, struct programme *programme,
                                     const struct person *person)
{
    enum bus_status status = BUS_OK;
    for (struct request *r = programme->requests, *next; r && status == BUS_OK; r = next) {
        next = r->next;
        if (r->person == person)
            status = request_drop(ctx, r, MATCHING_HELP_DROP_REASON_OTHER);
    }
    return status;
}

/* The other of a stopped duo waits again, and may be proposed to someone at once. */
enum bus_status on_registry_person_erased(struct bus_context *ctx, const struct registry_person_erased *in)
{
    struct state *state = ctx->state;
    struct person *person = state_person(state, in->person_id);
    if (!person || person->gone)
        return BUS_OK;
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_ERASED};
    person->gone = true;
    enum bus_status status = BUS_OK;
    for (struct programme *p = state->first_programme; p && status == BUS_OK; p = p->next)
        if (p->requests)
            status = drop_requests(ctx, p, person);
    for (struct member *m = person->members; m && status == BUS_OK; m = m->next_of_person) {
        status = proposals_withdraw(ctx, m, MATCHING_WITHDRAW_REASON_ERASED);
        if (status == BUS_OK)
            status = wait_end(ctx, m, &end);
        if (status == BUS_OK)
            status = requests_hand_over(ctx, m);
        if (status == BUS_OK)
            status = stop_duos(ctx, m);
    }
    struct cause cause = {.who = person, .reason = MATCHING_WITHDRAW_REASON_ERASED};
    if (status == BUS_OK)
        status = person_match(ctx, person, &cause);
    if (status != BUS_OK)
        return status;
    person->about = (struct match_person){0};
    person->nis[0] = '\0';
    person->away = false;
    status = person_put(ctx, state, person);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    return bus_query(ctx->db, ctx->err, &rows, &matching_erase_history, BUS_ID(person->id));
}
