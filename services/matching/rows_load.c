/* Rows to memory: at the start, after a rollback, and for queries that need a pool. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/db.h"
#include "places.h"
#include "profile.h"
#include "rows.h"
#include "sql/matching.h"

static const char *const volunteer_words[] = {"available", "resting", "stopped", NULL};

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
}

static char *keep(const char *text)
{
    char *kept = strdup(text);
    if (!kept)
        bus_die("out of memory: no room for a proposal");
    return kept;
}

static enum bus_status load_programmes(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_programmes_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct programme *p = state_add_programme(state, bus_row_text(&rows, i, 0, ctx->arena));
        copy(p->partnership, sizeof p->partnership, bus_row_text(&rows, i, 1, ctx->arena));
        p->kind = (enum common_programme_kind)bus_row_word(&rows, i, 2, common_programme_kind_words);
        p->version = bus_row_int(&rows, i, 3);
        p->rules.max_distance_m = (int32_t)bus_row_int(&rows, i, 4);
        p->rules.min_shared_slots = (int)bus_row_int(&rows, i, 5);
        p->rules.same_language_required = bus_row_bool(&rows, i, 6);
        p->silence_after_us = bus_row_int(&rows, i, 7) * BUS_DAY_US;
        p->proposal_valid_us = bus_row_int(&rows, i, 8) * BUS_DAY_US;
        p->match_every_us = bus_row_int(&rows, i, 9) * BUS_HOUR_US;
        int *w = p->weights.of;
        const char *weights = bus_row_text(&rows, i, 10, ctx->arena);
        if (sscanf(weights, "%d %d %d %d %d %d", &w[1], &w[2], &w[3], &w[4], &w[5], &w[6]) != 6)
            return bus_fail(ctx->err, BUS_BUG, "programme %s has no six weights in its row", p->id);
        p->next_round_us = bus_row_time(&rows, i, 11);
        p->ended = bus_row_bool(&rows, i, 12);
        p->rules.first_after_days = (int)bus_row_int(&rows, i, 13);
    }
    return status;
}

static enum bus_status load_people(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_people_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct person *p = state_add_person(state, bus_row_id(&rows, i, 0));
        copy(p->partnership, sizeof p->partnership, bus_row_text(&rows, i, 1, ctx->arena));
        copy(p->nis, sizeof p->nis, bus_row_text(&rows, i, 2, ctx->arena));
        p->about.lat_e4 = (int32_t)bus_row_int(&rows, i, 3);
        p->about.lon_e4 = (int32_t)bus_row_int(&rows, i, 4);
        p->about.birth_year = (int16_t)bus_row_int(&rows, i, 5);
        p->about.gender = (uint8_t)bus_row_word(&rows, i, 6, common_gender_words);
        p->about.prefers = (uint8_t)bus_row_word(&rows, i, 7, common_gender_words);
        p->about.dutch_level = (uint8_t)bus_row_word(&rows, i, 8, common_cefr_words);
        profile_read_lists(bus_row_text(&rows, i, 9, ctx->arena), bus_row_text(&rows, i, 10, ctx->arena),
                           bus_row_text(&rows, i, 11, ctx->arena), state->words, &p->about);
        p->about.slots = (uint32_t)bus_row_int(&rows, i, 12);
        p->volunteer = (enum volunteer_state)bus_row_word(&rows, i, 13, volunteer_words);
        p->gone = bus_row_bool(&rows, i, 14);
        p->away = bus_row_bool(&rows, i, 15);
    }
    return status;
}

/* The member a row of another table names; every row that goes on names members that are there. */
static enum bus_status find_member(struct bus_context *ctx, const struct state *state,
                                   const struct bus_rows *rows, int row, int person_column,
                                   int programme_column, enum common_side side, struct member **ret)
{
    struct person *person = state_person(state, bus_row_id(rows, row, person_column));
    const char *id = bus_row_text(rows, row, programme_column, ctx->arena);
    struct programme *programme = state_programme(state, id);
    *ret = person && programme ? state_member(person, programme, side) : NULL;
    return *ret ? BUS_OK
                : bus_fail(ctx->err, BUS_BUG, "a row of programme %s names someone who is not in it", id);
}

static enum bus_status load_members(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_members_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct person *person = state_person(state, bus_row_id(&rows, i, 0));
        struct programme *programme = state_programme(state, bus_row_text(&rows, i, 1, ctx->arena));
        if (!person || !programme)
            continue;
        struct member *m = state_add_member(person, programme,
                                            (enum common_side)bus_row_word(&rows, i, 2, common_side_words));
        m->capacity = (int)bus_row_int(&rows, i, 3);
        m->waiting = bus_row_bool(&rows, i, 4);
        m->waiting_id = bus_row_id(&rows, i, 5);
        m->since_us = bus_row_time(&rows, i, 6);
        m->entered_us = bus_row_time(&rows, i, 7);
        m->credit_us = bus_row_int(&rows, i, 8);
    }
    return status;
}

static enum bus_status load_pair(struct bus_context *ctx, struct state *state, const struct bus_rows *rows,
                                 int row, int newcomer_column, int programme_column, struct pair *pair)
{
    enum bus_status status = find_member(ctx, state, rows, row, newcomer_column, programme_column,
                                         COMMON_SIDE_NEWCOMER, &pair->newcomer);
    if (status == BUS_OK)
        status = find_member(ctx, state, rows, row, newcomer_column + 1, programme_column,
                             COMMON_SIDE_VOLUNTEER, &pair->volunteer);
    if (status != BUS_OK)
        return status;
    pair->id = bus_row_id(rows, row, 0);
    copy(pair->nis, sizeof pair->nis, bus_row_text(rows, row, newcomer_column + 2, ctx->arena));
    state_add_pair(state, pair);
    return BUS_OK;
}

static enum bus_status load_proposal_row(struct bus_context *ctx, struct state *state,
                                         const struct bus_rows *rows, int i, struct proposal **ret)
{
    struct proposal *p = calloc(1, sizeof *p);
    if (!p)
        bus_die("out of memory: no room for a proposal");
    p->state = (enum matching_proposal_state)bus_row_word(rows, i, 6, matching_proposal_state_words);
    if (p->state != MATCHING_PROPOSAL_STATE_PROPOSED) /* in memory nothing has ended */
        p->state = MATCHING_PROPOSAL_STATE_ACCEPTED;
    p->manual = bus_row_bool(rows, i, 7);
    p->held = p->manual || p->state == MATCHING_PROPOSAL_STATE_ACCEPTED;
    p->score = bus_row_int(rows, i, 8);
    p->pair.kind = PAIR_PROPOSAL;
    p->pair.distance_m = bus_row_int(rows, i, 9);
    p->factors = keep(bus_row_text(rows, i, 10, ctx->arena));
    p->explanation = keep(bus_row_text(rows, i, 11, ctx->arena));
    p->version = bus_row_int(rows, i, 12);
    p->proposed_us = bus_row_time(rows, i, 13);
    p->valid_until_us = bus_row_time(rows, i, 14);
    p->decided_us = bus_row_time(rows, i, 15);
    *ret = p;
    return load_pair(ctx, state, rows, i, 3, 1, &p->pair);
}

static enum bus_status load_proposals(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct proposal *loaded = NULL;
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_proposals_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++)
        status = load_proposal_row(ctx, state, &rows, i, &loaded);
    return status;
}

enum bus_status state_load_proposal(struct bus_context *ctx, struct bus_id proposal_id, struct proposal **ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &matching_proposal_load, BUS_ID(proposal_id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_BUG, "proposal %s has not ended", bus_id_text(ctx, proposal_id));
    return load_proposal_row(ctx, ctx->state, &rows, 0, ret);
}

static enum bus_status load_duos(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_duos_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct duo *d = calloc(1, sizeof *d);
        if (!d)
            bus_die("out of memory: no room for a duo");
        d->proposal_id = bus_row_id(&rows, i, 1);
        d->state = (enum matching_duo_state)bus_row_word(&rows, i, 7, matching_duo_state_words);
        d->started_us = bus_row_time(&rows, i, 8);
        d->last_contact_us = bus_row_time(&rows, i, 9);
        d->silent_since_us = bus_row_time(&rows, i, 10);
        d->hours = bus_row_number(&rows, i, 13);
        d->contacts = bus_row_int(&rows, i, 14);
        d->pair.kind = PAIR_DUO;
        d->pair.distance_m = bus_row_int(&rows, i, 15);
        status = load_pair(ctx, state, &rows, i, 4, 2, &d->pair);
    }
    return status;
}

static enum bus_status load_requests(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &matching_help_requests_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct member *buddy = NULL;
        if (!bus_row_null(&rows, i, 7))
            status = find_member(ctx, state, &rows, i, 7, 1, COMMON_SIDE_VOLUNTEER, &buddy);
        struct programme *programme = state_programme(state, bus_row_text(&rows, i, 1, ctx->arena));
        struct person *person = state_person(state, bus_row_id(&rows, i, 3));
        if (status != BUS_OK || !programme || !person)
            continue;
        struct request *r = calloc(1, sizeof *r);
        if (!r)
            bus_die("out of memory: no room for a request");
        *r = (struct request){.id = bus_row_id(&rows, i, 0), .programme = programme, .person = person};
        r->topic = (enum matching_help_topic)bus_row_word(&rows, i, 4, matching_help_topic_words);
        copy(r->nis, sizeof r->nis, bus_row_text(&rows, i, 5, ctx->arena));
        r->state = (enum matching_help_state)bus_row_word(&rows, i, 6, matching_help_state_words);
        r->opened_us = bus_row_time(&rows, i, 8);
        r->assigned_us = bus_row_time(&rows, i, 9);
        state_add_request(state, r);
        state_give_request(r, buddy);
    }
    return status;
}

static enum bus_status load_exclusions(struct bus_context *ctx, struct state *state, const char *only)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_exclusions_load, BUS_TEXT(only));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct exclusion *e = state_add_exclusion(state, bus_row_id(&rows, i, 0), bus_row_id(&rows, i, 1));
        e->declined = bus_row_bool(&rows, i, 2);
        e->ended = bus_row_bool(&rows, i, 3);
        due_at(&state->resting, &e->rests, bus_row_time(&rows, i, 4));
    }
    return status;
}

static enum bus_status load_last_contacts(struct bus_context *ctx, struct state *state)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &matching_contacts_last, BUS_INT(LOGGED_MAX));
    for (int i = rows.n; status == BUS_OK && i-- > 0;)
        logged_add(&state->contacts, bus_row_id(&rows, i, 0));
    return status;
}

static void fill_pool(struct programme *p, struct bus_arena *arena)
{
    struct match_pool_settings settings = {
        .rules = p->rules, .weights = p->weights, .allowed = member_may_meet, .context = p->state};
    p->pool = match_pool_new(&settings);
    size_t n = 0;
    for (struct member *m = p->members; m; m = m->next_of_programme)
        n += member_places(m) > 0;
    struct match_entrant *entrants = bus_alloc_array(arena, n, sizeof *entrants);
    int *handles = bus_alloc_array(arena, n, sizeof *handles);
    n = 0;
    for (struct member *m = p->members; m; m = m->next_of_programme)
        if (member_places(m) > 0)
            entrants[n++] = member_entrant(m);
    match_pool_load(p->pool, entrants, n, handles);
    for (size_t i = 0; i < n; i++)
        ((struct member *)entrants[i].tag)->handle = handles[i];
    for (struct member *m = p->members; m; m = m->next_of_programme)
        for (struct proposal *q = first_proposal(m); q && m->side == COMMON_SIDE_NEWCOMER;
             q = next_proposal(q, m))
            if (!q->held && m->handle >= 0 && q->pair.volunteer->handle >= 0)
                match_pool_mark(p->pool, m->handle, q->pair.volunteer->handle);
}

enum bus_status state_load(struct bus_context *ctx, const char *programme, struct state **ret_state)
{
    struct state *state = state_new();
    enum bus_status status = load_programmes(ctx, state, programme);
    if (status == BUS_OK)
        status = load_people(ctx, state, programme);
    if (status == BUS_OK)
        status = load_members(ctx, state, programme);
    if (status == BUS_OK)
        status = load_duos(ctx, state, programme);
    if (status == BUS_OK)
        status = load_proposals(ctx, state, programme);
    if (status == BUS_OK)
        status = load_requests(ctx, state, programme);
    if (status == BUS_OK)
        status = load_exclusions(ctx, state, programme);
    if (status == BUS_OK && programme == NULL)
        status = load_last_contacts(ctx, state);
    if (status != BUS_OK) {
        state_free(state);
        return status;
    }
    for (struct programme *p = state->first_programme; p; p = p->next)
        fill_pool(p, ctx->arena);
    *ret_state = state;
    return BUS_OK;
}
