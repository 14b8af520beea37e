/* See meeting_store.h. */
#include "meeting_store.h"

#include "may.h"
#include "sql/scheduling.h"

static struct talk read_talk(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    return (struct talk){
        .proposal_id = bus_row_id(rows, row, 0),
        .partnership = bus_row_text(rows, row, 1, ctx->arena),
        .programme = bus_row_text(rows, row, 2, ctx->arena),
        .newcomer_id = bus_row_id(rows, row, 3),
        .volunteer_id = bus_row_id(rows, row, 4),
        .nis = bus_row_text(rows, row, 5, ctx->arena),
        .accepted = bus_row_bool(rows, row, 6),
        .meeting_id = bus_row_id(rows, row, 7),
        .at = bus_row_time(rows, row, 8),
        .duration_minutes = bus_row_int(rows, row, 9),
        .place_kind = (enum scheduling_place_kind)bus_row_word(rows, row, 10, scheduling_place_kind_words),
        .proposed_us = bus_row_time(rows, row, 11),
    };
}

static enum bus_status look(struct bus_context *ctx, const struct talk_key *key, struct talk *ret, int *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status;
    if (!bus_id_is_nil(key->meeting_id))
        status = bus_query(ctx->db, ctx->err, &rows, &scheduling_talk_by_meeting, BUS_ID(key->meeting_id),
                           BUS_ID(key->proposal_id), BUS_TEXT(key->programme), BUS_ID(key->newcomer_id),
                           BUS_ID(key->volunteer_id));
    else if (!bus_id_is_nil(key->proposal_id))
        status = bus_query(ctx->db, ctx->err, &rows, &scheduling_talk_by_proposal, BUS_ID(key->proposal_id),
                           BUS_TEXT(key->programme), BUS_ID(key->newcomer_id), BUS_ID(key->volunteer_id));
    else
        status = bus_query(ctx->db, ctx->err, &rows, &scheduling_talk_by_pair, BUS_TEXT(key->programme),
                           BUS_ID(key->newcomer_id), BUS_ID(key->volunteer_id));
    if (status != BUS_OK)
        return status;
    *ret_n = rows.n;
    if (rows.n > 0)
        *ret = read_talk(ctx, &rows, 0);
    return BUS_OK;
}

enum bus_status talk_get(struct bus_context *ctx, const struct talk_key *key, struct talk *ret)
{
    bool by_id = !bus_id_is_nil(key->meeting_id) || !bus_id_is_nil(key->proposal_id);
    bool by_person = !bus_id_is_nil(key->newcomer_id) || !bus_id_is_nil(key->volunteer_id);
    if (!by_id && (key->programme == NULL || !by_person))
        return bus_fail_at(ctx->err, BUS_INVALID, "/meeting_id",
                           "say which talk: by meeting_id, by proposal_id, or by programme with "
                           "newcomer_id or volunteer_id");
    int n = 0;
    enum bus_status status = look(ctx, key, ret, &n);
    if (status != BUS_OK)
        return status;
    if (n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND,
                        "there is no accepted proposal that fits; accept the match first");
    status = may_touch(ctx, ret->partnership, ret->nis);
    if (status != BUS_OK)
        return status;
    if (n > 1)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "several accepted proposals fit; give proposal_id, or both newcomer_id "
                        "and volunteer_id");
    return BUS_OK;
}

static enum bus_status look_one(struct bus_context *ctx, const struct talk_key *key, struct talk *ret,
                                bool *ret_known)
{
    int n = 0;
    enum bus_status status = look(ctx, key, ret, &n);
    if (status == BUS_OK)
        *ret_known = n > 0;
    return status;
}

enum bus_status talk_look(struct bus_context *ctx, struct bus_id proposal_id, struct talk *ret,
                          bool *ret_known)
{
    return look_one(ctx, &(struct talk_key){.proposal_id = proposal_id}, ret, ret_known);
}

enum bus_status talk_look_meeting(struct bus_context *ctx, struct bus_id meeting_id, struct talk *ret,
                                  bool *ret_known)
{
    return look_one(ctx, &(struct talk_key){.meeting_id = meeting_id}, ret, ret_known);
}

enum bus_status talks_of(struct bus_context *ctx, struct bus_id person_id, struct talk **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_talk_by_person, BUS_ID(person_id));
    if (status != BUS_OK)
        return status;
    *ret_n = (size_t)rows.n;
    *ret = bus_alloc_array(ctx->arena, *ret_n, sizeof **ret);
    for (int i = 0; i < rows.n; i++)
        (*ret)[i] = read_talk(ctx, &rows, i);
    return BUS_OK;
}

enum bus_status proposal_put(struct bus_context *ctx, struct talk *talk, bool *ret_new)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_proposal_put, BUS_ID(talk->proposal_id),
                  BUS_TEXT(talk->partnership), BUS_TEXT(talk->programme), BUS_ID(talk->newcomer_id),
                  BUS_ID(talk->volunteer_id), BUS_TEXT(talk->nis), BUS_TIME(talk->proposed_us));
    *ret_new = status == BUS_OK && rows.n > 0;
    if (*ret_new) {
        talk->newcomer_id = bus_row_id(&rows, 0, 0);
        talk->volunteer_id = bus_row_id(&rows, 0, 1);
    }
    return status;
}

enum bus_status proposal_close(struct bus_context *ctx, struct bus_id proposal_id, bool started)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_proposal_state, BUS_ID(proposal_id),
                    BUS_TEXT(started ? "started" : "ended"));
}

enum bus_status meeting_look(struct bus_context *ctx, struct bus_id meeting_id, bool *ret_known)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &scheduling_meeting_get, BUS_ID(meeting_id));
    if (status == BUS_OK)
        *ret_known = rows.n > 0;
    return status;
}

static const char *place_word(const struct talk *talk)
{
    return bus_word_or_null(scheduling_place_kind_words, (int)talk->place_kind);
}

enum bus_status meeting_put(struct bus_context *ctx, const struct talk *talk)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_meeting_put, BUS_ID(talk->meeting_id),
                    BUS_ID(talk->proposal_id), BUS_TIME(talk->at), BUS_INT(talk->duration_minutes),
                    BUS_TEXT(place_word(talk)), BUS_TIME(ctx->now_us));
}

enum bus_status meeting_move(struct bus_context *ctx, const struct talk *talk)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_meeting_move, BUS_ID(talk->meeting_id), BUS_TIME(talk->at),
                    BUS_INT(talk->duration_minutes), BUS_TEXT(place_word(talk)), BUS_TIME(ctx->now_us));
}

enum bus_status meeting_hold(struct bus_context *ctx, struct bus_id meeting_id,
                             enum scheduling_meeting_outcome outcome, const char *reason)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_meeting_close, BUS_ID(meeting_id), BUS_TEXT("held"),
                    BUS_TEXT(bus_word(scheduling_meeting_outcome_words, (int)outcome)), BUS_TEXT(reason),
                    BUS_TIME(ctx->now_us));
}

enum bus_status meeting_cancel(struct bus_context *ctx, struct bus_id meeting_id, const char *reason)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_meeting_close, BUS_ID(meeting_id), BUS_TEXT("cancelled"),
                    BUS_NULL, BUS_TEXT(reason), BUS_TIME(ctx->now_us));
}
