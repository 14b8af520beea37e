/* A duo from its start to its end: contact, silence, resumption, and who goes back to the list. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "lifecycle.h"
#include "places.h"
#include "rows.h"
#include "sql/matching.h"

#define PAIR_FIELDS(duo)                                                                               \
    .duo_id = (duo)->pair.id, .partnership = (duo)->pair.newcomer->programme->partnership,             \
    .programme = (duo)->pair.newcomer->programme->id, .newcomer_id = (duo)->pair.newcomer->person->id, \
    .volunteer_id = (duo)->pair.volunteer->person->id, .nis = (duo)->pair.nis

static int64_t later_of(int64_t a_us, int64_t b_us)
{
    return a_us > b_us ? a_us : b_us;
}

static enum bus_status watch_silence(struct bus_context *ctx, const struct duo *duo)
{
    int64_t last_us = duo_last_sign_us(duo->started_us, duo->last_contact_us);
    return bus_timer_set(ctx, "silence", bus_id_text(ctx, duo->pair.id),
                         last_us + duo->pair.newcomer->programme->silence_after_us);
}

enum bus_status duos_watch_silence(struct bus_context *ctx, const struct programme *programme)
{
    enum bus_status status = BUS_OK;
    for (const struct member *m = programme->members; m; m = m->next_of_programme) {
        struct duo *first = m->side == COMMON_SIDE_NEWCOMER ? first_duo(m) : NULL;
        for (struct duo *d = first; d && status == BUS_OK; d = next_duo(d, m))
            if (d->state == MATCHING_DUO_STATE_ACTIVE)
                status = watch_silence(ctx, d);
    }
    return status;
}

/* Requests between the two took a place while they were no duo, and do so again after it. */
static void recount_tasks(struct member *newcomer, struct member *volunteer)
{
    for (struct request *r = newcomer->programme->requests; r; r = r->next)
        if (r->person == newcomer->person && r->buddy == volunteer)
            state_give_request(r, volunteer);
}

static enum bus_status end_waits(struct bus_context *ctx, const struct duo *duo)
{
    struct member *newcomer = duo->pair.newcomer, *volunteer = duo->pair.volunteer;
    struct wait_end end = {
        .outcome = MATCHING_WAITING_OUTCOME_DUO, .duo_id = duo->pair.id, .at_us = duo->started_us};
    enum bus_status status = proposals_withdraw(ctx, newcomer, MATCHING_WITHDRAW_REASON_BETTER_MATCHING);
    if (status == BUS_OK)
        status = wait_end(ctx, newcomer, &end);
    if (status == BUS_OK && volunteer->duos >= volunteer->capacity)
        status = wait_end(ctx, volunteer, &end);
    if (status != BUS_OK)
        return status;
    member_seat(newcomer, false);
    member_seat(volunteer, false);
    return BUS_OK;
}

enum bus_status duo_start(struct bus_context *ctx, struct proposal *proposal, int32_t day)
{
    struct duo *duo = calloc(1, sizeof *duo);
    if (!duo)
        bus_die("out of memory: no room for a duo");
    struct member *newcomer = proposal->pair.newcomer, *volunteer = proposal->pair.volunteer;
    *duo = (struct duo){.pair = proposal->pair,
                        .proposal_id = proposal->pair.id,
                        .state = MATCHING_DUO_STATE_ACTIVE,
                        .started_us = later_of(told_time_us(day, ctx->now_us), proposal->proposed_us)};
    duo->pair.kind = PAIR_DUO;
    duo->pair.id = bus_new_id(ctx);
    proposal->state = MATCHING_PROPOSAL_STATE_STARTED;
    proposal->duo_id = duo->pair.id;
    enum bus_status status = proposal_put(ctx, proposal);
    if (status != BUS_OK)
        return status;
    state_remove_pair(ctx->state, &proposal->pair);
    state_add_pair(ctx->state, &duo->pair);
    recount_tasks(newcomer, volunteer);
    status = duo_put(ctx, duo);
    if (status == BUS_OK)
        status = watch_silence(ctx, duo);
    if (status != BUS_OK)
        return status;
    struct matching_duo_started started = {
        PAIR_FIELDS(duo),
        .proposal_id = duo->proposal_id,
        .distance_m = duo->pair.distance_m,
        .newcomer_waited_days = days_between(newcomer->since_us, duo->started_us),
        .volunteer_waited_days = days_between(volunteer->entered_us, duo->started_us),
        .started = duo->started_us};
    status = bus_say(ctx, &matching_duo_started_type, bus_id_text(ctx, duo->pair.id), &started);
    return status == BUS_OK ? end_waits(ctx, duo) : status;
}

enum bus_status duo_sign(struct bus_context *ctx, struct duo *duo, int64_t at_us)
{
    if (at_us > duo->last_contact_us)
        duo->last_contact_us = at_us;
    int64_t silence_us = duo->pair.newcomer->programme->silence_after_us;
    bool quiet = duo_is_silent(duo->started_us, duo->last_contact_us, silence_us, ctx->now_us);
    bool resumes = duo->state == MATCHING_DUO_STATE_SILENT && !quiet;
    struct matching_duo_resumed resumed = {PAIR_FIELDS(duo), .proposal_id = duo->proposal_id,
                                           .days = days_between(duo->silent_since_us, ctx->now_us)};
    if (resumes) {
        duo->state = MATCHING_DUO_STATE_ACTIVE;
        duo->silent_since_us = 0;
    }
    enum bus_status status = duo_put(ctx, duo);
    if (status == BUS_OK && duo->state == MATCHING_DUO_STATE_ACTIVE)
        status = watch_silence(ctx, duo);
    if (status == BUS_OK && resumes)
        status = bus_say(ctx, &matching_duo_resumed_type, bus_id_text(ctx, duo->pair.id), &resumed);
    return status;
}

enum bus_status duo_contact(struct bus_context *ctx, struct duo *duo, const struct contact *contact)
{
    char date[11];
    bus_date_format(contact->day, date);
    struct state *state = ctx->state;
    logged_add(&state->contacts, contact->id);
    duo->hours += contact->hours;
    duo->contacts++;
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &matching_contact_put, BUS_ID(contact->id), BUS_ID(duo->pair.id),
                 BUS_TEXT(bus_word(matching_contact_kind_words, (int)contact->kind)),
                 BUS_NUMBER(contact->hours), BUS_TEXT(date));
    if (status != BUS_OK)
        return status;
    struct matching_duo_contact_logged logged = {PAIR_FIELDS(duo),      .contact_id = contact->id,
                                                 .kind = contact->kind, .hours = contact->hours,
                                                 .on_date = date,       .hours_total = duo->hours};
    status = bus_say(ctx, &matching_duo_contact_logged_type, bus_id_text(ctx, duo->pair.id), &logged);
    return status == BUS_OK ? duo_sign(ctx, duo, told_time_us(contact->day, ctx->now_us)) : status;
}

enum bus_status duo_fall_silent(struct bus_context *ctx, struct duo *duo)
{
    int64_t last_us = duo_last_sign_us(duo->started_us, duo->last_contact_us);
    int64_t silence_us = duo->pair.newcomer->programme->silence_after_us;
    if (duo->state != MATCHING_DUO_STATE_ACTIVE)
        return BUS_OK;
    if (!duo_is_silent(duo->started_us, duo->last_contact_us, silence_us, ctx->now_us))
        return watch_silence(ctx, duo);
    duo->state = MATCHING_DUO_STATE_SILENT;
    duo->silent_since_us = last_us;
    enum bus_status status = duo_put(ctx, duo);
    if (status != BUS_OK)
        return status;
    struct matching_duo_silent silent = {PAIR_FIELDS(duo), .proposal_id = duo->proposal_id, .since = last_us,
                                         .days = days_between(last_us, ctx->now_us)};
    return bus_say(ctx, &matching_duo_silent_type, bus_id_text(ctx, duo->pair.id), &silent);
}

int64_t duo_ended_us(const struct bus_context *ctx, const struct duo *duo, int32_t day)
{
    int64_t told_us = day ? told_time_us(day, ctx->now_us) : ctx->now_us;
    return later_of(told_us, duo_last_sign_us(duo->started_us, duo->last_contact_us));
}

static enum bus_status say_end(struct bus_context *ctx, const struct duo *duo, const struct duo_end *end)
{
    int64_t days = days_between(duo->started_us, duo->ended_us);
    if (end->reason != COMMON_STOP_REASON_NONE) {
        struct matching_duo_stopped stopped = {PAIR_FIELDS(duo),
                                               .proposal_id = duo->proposal_id,
                                               .reason = end->reason,
                                               .newcomer_returns = end->newcomer_returns,
                                               .volunteer_returns = end->volunteer_returns,
                                               .started = duo->started_us,
                                               .days = days,
                                               .hours_total = duo->hours,
                                               .contacts = duo->contacts,
                                               .has_distance_m = true,
                                               .distance_m = duo->pair.distance_m,
                                               .has_same_person = end->same_person,
                                               .same_person = end->same_person,
                                               .ended = duo->ended_us};
        return bus_say(ctx, &matching_duo_stopped_type, bus_id_text(ctx, duo->pair.id), &stopped);
    }
    struct matching_duo_became_informal informal = {PAIR_FIELDS(duo),
                                                    .proposal_id = duo->proposal_id,
                                                    .volunteer_returns = end->volunteer_returns,
                                                    .started = duo->started_us,
                                                    .days = days,
                                                    .hours_total = duo->hours,
                                                    .contacts = duo->contacts,
                                                    .has_distance_m = true,
                                                    .distance_m = duo->pair.distance_m,
                                                    .ended = duo->ended_us};
    return bus_say(ctx, &matching_duo_became_informal_type, bus_id_text(ctx, duo->pair.id), &informal);
}

static enum bus_status return_both(struct bus_context *ctx, struct member *newcomer, struct member *volunteer,
                                   const struct duo_end *end, struct bus_id duo_id)
{
    enum bus_status status = BUS_OK;
    if (end->newcomer_returns && !newcomer->waiting)
        status = wait_start(ctx, newcomer, duo_id);
    if (status != BUS_OK)
        return status;
    if (end->place_given_up && volunteer->capacity > 0)
        volunteer->capacity--;
    status = member_put(ctx, volunteer);
    if (status != BUS_OK)
        return status;
    member_seat(volunteer, false);
    if (!end->volunteer_returns)
        return BUS_OK;
    return volunteer->waiting ? member_freed(ctx, volunteer) : wait_start(ctx, volunteer, duo_id);
}

/* Both come back to the pool in one step. */
static enum bus_status take_back(struct bus_context *ctx, struct member *newcomer, struct member *volunteer,
                                 const struct duo_end *end, struct bus_id duo_id)
{
    struct match_pool *pool = newcomer->programme->pool;
    match_pool_hold(pool);
    enum bus_status status = return_both(ctx, newcomer, volunteer, end, duo_id);
    match_pool_release(pool);
    return status;
}

enum bus_status duo_end(struct bus_context *ctx, struct duo *duo, const struct duo_end *told)
{
    struct member *newcomer = duo->pair.newcomer, *volunteer = duo->pair.volunteer;
    struct bus_id duo_id = duo->pair.id;
    struct duo_end end = *told;
    end.newcomer_returns &= member_may_wait(newcomer);
    end.volunteer_returns &= member_may_wait(volunteer) && volunteer->duos <= volunteer->capacity;
    struct exclusion *exclusion =
        state_add_exclusion(ctx->state, newcomer->person->id, volunteer->person->id);
    exclusion->ended = true;
    duo->state = end.reason ? MATCHING_DUO_STATE_STOPPED : MATCHING_DUO_STATE_INFORMAL;
    duo->reason = end.reason;
    duo->ended_us = duo_ended_us(ctx, duo, end.day);
    duo->silent_since_us = 0;
    enum bus_status status = duo_put(ctx, duo);
    if (status == BUS_OK)
        status = bus_timer_clear(ctx, "silence", bus_id_text(ctx, duo_id));
    if (status == BUS_OK)
        status = say_end(ctx, duo, &end);
    if (status != BUS_OK)
        return status;
    state_remove_pair(ctx->state, &duo->pair); /* frees the duo */
    recount_tasks(newcomer, volunteer);
    status = exclusion_note(ctx, exclusion);
    return status == BUS_OK ? take_back(ctx, newcomer, volunteer, &end, duo_id) : status;
}
