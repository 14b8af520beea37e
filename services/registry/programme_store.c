/* See programme_store.h. Both statements that read it name their columns in the same order. */
#include "programme_store.h"

#include "sql/registry.h"
#include "state.h"

static void read_rules(const struct bus_rows *rows, int row, struct common_rules_in_force *to)
{
    to->max_distance_km = bus_row_number(rows, row, 8);
    to->min_shared_slots = bus_row_int(rows, row, 9);
    to->same_language_required = bus_row_bool(rows, row, 10);
    to->silence_after_days = bus_row_int(rows, row, 11);
    to->proposal_valid_days = bus_row_int(rows, row, 12);
    to->match_every_hours = bus_row_int(rows, row, 13);
    to->has_first_after_days = true;
    to->first_after_days = bus_row_int(rows, row, 14);
}

static void read_weights(const struct bus_rows *rows, int row, struct bus_arena *arena,
                         struct common_weights_in_force *to)
{
    size_t n = 0;
    const int64_t *weights = bus_row_ints(rows, row, 15, arena, &n);
    if (n != 6)
        return;
    *to = (struct common_weights_in_force){.distance = weights[0],
                                           .age = weights[1],
                                           .family = weights[2],
                                           .interests = weights[3],
                                           .language = weights[4],
                                           .waiting = weights[5]};
}

enum bus_status programme_find(struct bus_context *ctx, const char *programme, const char *partnership,
                               bool *ret_partnership, struct registry_programme_configured *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_programme_get, BUS_TEXT(programme),
                                       BUS_TEXT(partnership));
    if (status != BUS_OK)
        return status;
    *ret_partnership = bus_row_bool(&rows, 0, 0);
    *ret = (struct registry_programme_configured){
        .programme = bus_row_text(&rows, 0, 1, ctx->arena),
        .partnership = bus_row_text(&rows, 0, 2, ctx->arena),
        .kind = bus_row_word(&rows, 0, 3, common_programme_kind_words),
        .name = bus_row_text(&rows, 0, 4, ctx->arena),
        .has_action = !bus_row_null(&rows, 0, 5),
        .action = bus_row_int(&rows, 0, 5),
        .version = bus_row_int(&rows, 0, 6),
    };
    read_rules(&rows, 0, &ret->rules);
    read_weights(&rows, 0, ctx->arena, &ret->weights);
    return BUS_OK;
}

enum bus_status programme_first_configured(struct bus_context *ctx, const char *programme, int64_t *ret_us)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_programme_first, BUS_TEXT(programme));
    if (status == BUS_OK)
        *ret_us = rows.n > 0 ? bus_row_time(&rows, 0, 0) : 0;
    return status;
}

enum bus_status programme_put(struct bus_context *ctx, const struct registry_programme_configured *row)
{
    struct registry_state *state = ctx->state;
    atlas_put(&state->atlas, ATLAS_PROGRAMME, row->programme, &(struct atlas_entry){.of = row->partnership});
    const struct common_rules_in_force *rules = &row->rules;
    const int64_t weights[] = {row->weights.distance,  row->weights.age,      row->weights.family,
                               row->weights.interests, row->weights.language, row->weights.waiting};
    return bus_exec(ctx->db, ctx->err, &registry_programme_put, BUS_TEXT(row->programme),
                    BUS_TEXT(row->partnership), BUS_TEXT(bus_word(common_programme_kind_words, row->kind)),
                    BUS_TEXT(row->name), row->has_action ? BUS_INT(row->action) : BUS_NULL,
                    BUS_INT(row->version), BUS_TIME(ctx->now_us), BUS_NUMBER(rules->max_distance_km),
                    BUS_INT(rules->min_shared_slots), BUS_BOOL(rules->same_language_required),
                    BUS_INT(rules->silence_after_days), BUS_INT(rules->proposal_valid_days),
                    BUS_INT(rules->match_every_hours), BUS_INT(rules->first_after_days),
                    BUS_INTS(weights, 6));
}

enum bus_status programme_goes_on(struct bus_context *ctx, const char *programme)
{
    const struct registry_state *state = ctx->state;
    const struct atlas_entry *ended = atlas_find(&state->atlas, ATLAS_ENDED, programme);
    return ended == NULL ? BUS_OK
                         : bus_fail_at(ctx->err, BUS_CONFLICT, "/programme",
                                       "programme %s ended on %s: take one that goes on, or set up a new one",
                                       programme, ended->of);
}

enum bus_status programme_end(struct bus_context *ctx, const struct registry_programme_ended *ended)
{
    struct registry_state *state = ctx->state;
    atlas_put(&state->atlas, ATLAS_ENDED, ended->programme, &(struct atlas_entry){.of = ended->on_date});
    return bus_exec(ctx->db, ctx->err, &registry_programme_end, BUS_TEXT(ended->programme),
                    BUS_TEXT(ended->on_date), BUS_TEXT(ended->reason));
}

enum bus_status programme_list(struct bus_context *ctx, const struct registry_programmes *query,
                               int64_t limit, const struct registry_programmes_reply_programmes **ret,
                               size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char *kind = bus_word_or_null(common_programme_kind_words, (int)query->kind);
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_programme_list, BUS_TEXT(query->partnership),
                  BUS_TEXT(query->programme), BUS_TEXT(kind), BUS_TEXT(query->cursor), BUS_INT(limit));
    if (status != BUS_OK)
        return status;
    struct registry_programmes_reply_programmes *found =
        bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *found);
    for (int i = 0; i < rows.n; i++) {
        found[i].programme = bus_row_text(&rows, i, 1, ctx->arena);
        found[i].partnership = bus_row_text(&rows, i, 2, ctx->arena);
        found[i].kind = bus_row_word(&rows, i, 3, common_programme_kind_words);
        found[i].name = bus_row_text(&rows, i, 4, ctx->arena);
        found[i].has_action = !bus_row_null(&rows, i, 5);
        found[i].action = bus_row_int(&rows, i, 5);
        found[i].version = bus_row_int(&rows, i, 6);
        found[i].configured = bus_row_time(&rows, i, 7);
        read_rules(&rows, i, &found[i].rules);
        read_weights(&rows, i, ctx->arena, &found[i].weights);
        found[i].ended_on = bus_row_text(&rows, i, 16, ctx->arena);
        found[i].end_reason = bus_row_text(&rows, i, 17, ctx->arena);
    }
    *ret = found;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
