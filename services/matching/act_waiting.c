/* Onto and off the waiting lists, and the member's seat in the pool. */
#include "acts.h"
#include "lifecycle.h"
#include "places.h"
#include "rows.h"

enum bus_status may(struct bus_context *ctx, const struct programme *programme, const char *nis)
{
    const struct bus_header whose = {.extensions = {{"partnership", programme->partnership}, {"nis", nis}}};
    return bus_may(ctx, &whose);
}

enum bus_status may_row(struct bus_context *ctx, const struct bus_rows *rows)
{
    const struct bus_header whose = {.extensions = {{"partnership", bus_row_text(rows, 0, 1, ctx->arena)},
                                                    {"nis", bus_row_text(rows, 0, 2, ctx->arena)}}};
    return bus_may(ctx, &whose);
}

enum bus_status goes_on(struct bus_context *ctx, const struct programme *programme)
{
    return programme->ended ? bus_fail(ctx->err, BUS_CONFLICT,
                                       "programme %s has ended: take one that goes on", programme->id)
                            : BUS_OK;
}

void member_seat(struct member *member, bool anew)
{
    struct match_pool *pool = member->programme->pool;
    struct match_entrant entrant = member_entrant(member);
    if (entrant.places == 0 && member->handle >= 0) {
        match_pool_remove(pool, member->handle);
        member->handle = -1;
    } else if (entrant.places > 0 && member->handle < 0) {
        member->handle = match_pool_add(pool, &entrant);
    } else if (entrant.places > 0 && anew) {
        match_pool_update(pool, member->handle, &entrant);
    } else if (entrant.places > 0 &&
               entrant.places != match_assignment_capacity(match_pool_assignment(pool), member->handle)) {
        match_pool_set_places(pool, member->handle, entrant.places);
    }
}

/* What both events of a wait say of it. */
#define WAIT_FIELDS(member)                                                                \
    .waiting_id = (member)->waiting_id, .person_id = (member)->person->id,                 \
    .partnership = (member)->programme->partnership, .programme = (member)->programme->id, \
    .side = (member)->side, .nis = (member)->person->nis, .since = (member)->since_us

enum bus_status wait_start(struct bus_context *ctx, struct member *member, struct bus_id duo_id)
{
    bool has_place = member->side == COMMON_SIDE_NEWCOMER || member->duos < member->capacity;
    if (!member_may_wait(member) || !has_place)
        return member_put(ctx, member);
    member->waiting = true;
    member->waiting_id = bus_new_id(ctx);
    member->since_us = member->entered_us = ctx->now_us;
    enum bus_status status = member_put(ctx, member);
    if (status != BUS_OK)
        return status;
    struct matching_waiting_started started = {WAIT_FIELDS(member), .duo_id = duo_id};
    status = bus_say(ctx, &matching_waiting_started_type, bus_id_text(ctx, member->person->id), &started);
    if (status != BUS_OK)
        return status;
    member_seat(member, false);
    return BUS_OK;
}

enum bus_status wait_end(struct bus_context *ctx, struct member *member, const struct wait_end *end)
{
    if (!member->waiting)
        return BUS_OK;
    int64_t until_us = end->at_us ? end->at_us : ctx->now_us;
    if (until_us < member->since_us)
        until_us = member->since_us;
    member->waiting = false;
    member->credit_us = 0;
    if (end->outcome == MATCHING_WAITING_OUTCOME_DUO && member->side == COMMON_SIDE_NEWCOMER)
        member->credit_us = until_us - member->since_us;
    enum bus_status status = member_put(ctx, member);
    if (status != BUS_OK)
        return status;
    struct matching_waiting_ended ended = {
        WAIT_FIELDS(member),     .until = until_us,     .days = days_between(member->since_us, until_us),
        .outcome = end->outcome, .reason = end->reason, .duo_id = end->duo_id};
    status = bus_say(ctx, &matching_waiting_ended_type, bus_id_text(ctx, member->person->id), &ended);
    if (status != BUS_OK)
        return status;
    member_seat(member, false);
    return BUS_OK;
}

enum bus_status person_away(struct bus_context *ctx, struct person *person, const struct wait_end *end,
                            enum matching_withdraw_reason reason)
{
    person->away = true;
    enum bus_status status = person_put(ctx, ctx->state, person);
    for (struct member *m = person->members; m && status == BUS_OK; m = m->next_of_person) {
        if (m->side != COMMON_SIDE_NEWCOMER)
            continue;
        status = proposals_withdraw(ctx, m, reason);
        if (status == BUS_OK)
            status = wait_end(ctx, m, end);
    }
    return status;
}

enum bus_status member_freed(struct bus_context *ctx, struct member *volunteer)
{
    if (!volunteer->waiting)
        return BUS_OK;
    volunteer->entered_us = ctx->now_us;
    member_seat(volunteer, true);
    return member_put(ctx, volunteer);
}
