/* Struct to row: one bulk statement a table. Words for enums, so that rows can be read by people. */
#include "bus/db.h"
#include "profile.h"
#include "rows.h"
#include "sql/matching.h"

static const char *const volunteer_words[] = {"available", "resting", "stopped", NULL};

#define WORD(words, value) BUS_TEXT(bus_word(words, (int)(value)))

enum bus_status programme_put(struct bus_context *ctx, const struct programme *p)
{
    const int *w = p->weights.of;
    const char *weights = bus_printf(ctx->arena, "%d %d %d %d %d %d", w[1], w[2], w[3], w[4], w[5], w[6]);
    return bus_exec(ctx->db, ctx->err, &matching_programme_put, BUS_TEXT(p->id), BUS_TEXT(p->partnership),
                    WORD(common_programme_kind_words, p->kind), BUS_INT(p->version),
                    BUS_INT(p->rules.max_distance_m), BUS_INT(p->rules.min_shared_slots),
                    BUS_BOOL(p->rules.same_language_required), BUS_INT(p->silence_after_us / BUS_DAY_US),
                    BUS_INT(p->proposal_valid_us / BUS_DAY_US), BUS_INT(p->match_every_us / BUS_HOUR_US),
                    BUS_TEXT(weights), BUS_TIME(p->next_round_us), BUS_BOOL(p->ended),
                    BUS_INT(p->rules.first_after_days));
}

enum bus_status person_put(struct bus_context *ctx, const struct state *state, const struct person *p)
{
    const struct match_person *a = &p->about;
    return bus_exec(ctx->db, ctx->err, &matching_person_put, BUS_ID(p->id), BUS_TEXT(p->partnership),
                    BUS_TEXT(p->nis), BUS_INT(a->lat_e4), BUS_INT(a->lon_e4), BUS_INT(a->birth_year),
                    WORD(common_gender_words, a->gender), WORD(common_gender_words, a->prefers),
                    WORD(common_cefr_words, a->dutch_level), BUS_TEXT(profile_languages(a, ctx->arena)),
                    BUS_TEXT(profile_interests(a, state->words, ctx->arena)),
                    BUS_TEXT(profile_child_years(a, ctx->arena)), BUS_INT(a->slots),
                    WORD(volunteer_words, p->volunteer), BUS_BOOL(p->gone), BUS_BOOL(p->away));
}

enum bus_status member_put(struct bus_context *ctx, const struct member *m)
{
    return bus_exec(ctx->db, ctx->err, &matching_member_put, BUS_ID(m->person->id),
                    BUS_TEXT(m->programme->id), WORD(common_side_words, m->side), BUS_INT(m->capacity),
                    BUS_BOOL(m->waiting), BUS_ID(m->waiting_id), BUS_TIME(m->since_us),
                    BUS_TIME(m->entered_us), BUS_INT(m->credit_us));
}

enum bus_status proposal_put(struct bus_context *ctx, const struct proposal *p)
{
    const struct programme *programme = p->pair.newcomer->programme;
    return bus_exec(ctx->db, ctx->err, &matching_proposal_put, BUS_ID(p->pair.id), BUS_TEXT(programme->id),
                    BUS_TEXT(programme->partnership), BUS_ID(p->pair.newcomer->person->id),
                    BUS_ID(p->pair.volunteer->person->id), BUS_TEXT(p->pair.nis),
                    WORD(matching_proposal_state_words, p->state), BUS_BOOL(p->manual), BUS_INT(p->score),
                    BUS_INT(p->pair.distance_m), BUS_TEXT(p->factors), BUS_TEXT(p->explanation),
                    BUS_INT(p->version), BUS_TIME(p->proposed_us), BUS_TIME(p->valid_until_us),
                    BUS_TIME(p->decided_us), WORD(common_declined_by_words, p->by),
                    WORD(common_decline_reason_words, p->reason),
                    WORD(matching_withdraw_reason_words, p->withdraw_reason), BUS_ID(p->duo_id));
}

enum bus_status duo_put(struct bus_context *ctx, const struct duo *d)
{
    const struct programme *programme = d->pair.newcomer->programme;
    return bus_exec(ctx->db, ctx->err, &matching_duo_put, BUS_ID(d->pair.id), BUS_ID(d->proposal_id),
                    BUS_TEXT(programme->id), BUS_TEXT(programme->partnership),
                    BUS_ID(d->pair.newcomer->person->id), BUS_ID(d->pair.volunteer->person->id),
                    BUS_TEXT(d->pair.nis), WORD(matching_duo_state_words, d->state), BUS_TIME(d->started_us),
                    BUS_TIME(d->last_contact_us), BUS_TIME(d->silent_since_us), BUS_TIME(d->ended_us),
                    WORD(common_stop_reason_words, d->reason), BUS_NUMBER(d->hours), BUS_INT(d->contacts),
                    BUS_INT(d->pair.distance_m));
}

enum bus_status request_put(struct bus_context *ctx, const struct request *r)
{
    struct bus_id nobody = {0};
    return bus_exec(
        ctx->db, ctx->err, &matching_help_request_put, BUS_ID(r->id), BUS_TEXT(r->programme->id),
        BUS_TEXT(r->programme->partnership), BUS_ID(r->person->id), WORD(matching_help_topic_words, r->topic),
        BUS_TEXT(r->nis), WORD(matching_help_state_words, r->state),
        BUS_ID(r->buddy ? r->buddy->person->id : nobody), BUS_TIME(r->opened_us), BUS_TIME(r->assigned_us),
        BUS_TIME(r->ended_us), BUS_NUMBER(r->hours), WORD(matching_help_drop_reason_words, r->drop_reason));
}

enum bus_status exclusion_put(struct bus_context *ctx, const struct exclusion *e)
{
    return bus_exec(ctx->db, ctx->err, &matching_exclusion_put, BUS_ID(e->newcomer_id),
                    BUS_ID(e->volunteer_id), BUS_BOOL(e->declined), BUS_BOOL(e->ended),
                    BUS_TIME(e->rests.at_us));
}
