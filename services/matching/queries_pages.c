/* Pages of what stands in the tables: proposals, duos, requests for help. */
#include "bus/page.h"
#include "bus/service.h"
#include "known.h"
#include "lifecycle.h"
#include "schema/matching.h"
#include "sql/matching.h"
#include "words.h"

#define WORD(words, value) BUS_TEXT(bus_word_or_null(words, (int)(value)))

static struct matching_proposals_reply_proposals read_proposal(struct bus_context *ctx,
                                                               const struct bus_rows *rows, int row)
{
    struct matching_proposals_reply_proposals p = {
        .proposal_id = bus_row_id(rows, row, 0),
        .programme = bus_row_text(rows, row, 1, ctx->arena),
        .partnership = bus_row_text(rows, row, 2, ctx->arena),
        .newcomer_id = bus_row_id(rows, row, 3),
        .volunteer_id = bus_row_id(rows, row, 4),
        .nis = bus_row_text(rows, row, 5, ctx->arena),
        .state = (enum matching_proposal_state)bus_row_word(rows, row, 6, matching_proposal_state_words),
        .manual = bus_row_bool(rows, row, 7),
        .score = bus_row_int(rows, row, 8),
        .has_distance_m = true,
        .distance_m = bus_row_int(rows, row, 9),
        .proposed = bus_row_time(rows, row, 13),
        .valid_until = bus_row_time(rows, row, 14),
        .decided = bus_row_time(rows, row, 15),
        .by = (enum common_declined_by)bus_row_word(rows, row, 16, common_declined_by_words),
        .reason = (enum common_decline_reason)bus_row_word(rows, row, 17, common_decline_reason_words),
        .withdraw_reason =
            (enum matching_withdraw_reason)bus_row_word(rows, row, 18, matching_withdraw_reason_words),
        .duo_id = bus_row_id(rows, row, 19),
    };
    p.factors = factors_read(bus_row_text(rows, row, 10, ctx->arena), ctx->arena, &p.factors_n);
    p.explanation = lines_read(bus_row_text(rows, row, 11, ctx->arena), ctx->arena, &p.explanation_n);
    return p;
}

enum bus_status on_matching_proposals(struct bus_context *ctx, const struct matching_proposals *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->proposal_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "give a partnership, a programme, a person or a proposal");
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &matching_proposals_page, BUS_TEXT(in->partnership),
                       BUS_TEXT(in->programme), BUS_ID(in->person_id), BUS_ID(in->proposal_id),
                       WORD(matching_proposal_state_words, in->state), BUS_TIME(page.at_us),
                       BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct matching_proposals_reply_proposals *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_proposal(ctx, &rows, (int)i);
    struct matching_proposals_reply reply = {
        .proposals = list, .proposals_n = n, .total = rows.n ? bus_row_int(&rows, 0, 20) : 0};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].proposed, list[n - 1].proposal_id);
    return bus_reply(ctx, &reply);
}

static struct matching_duos_reply_duos read_duo(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    struct matching_duos_reply_duos d = {
        .duo_id = bus_row_id(rows, row, 0),
        .proposal_id = bus_row_id(rows, row, 1),
        .programme = bus_row_text(rows, row, 2, ctx->arena),
        .partnership = bus_row_text(rows, row, 3, ctx->arena),
        .newcomer_id = bus_row_id(rows, row, 4),
        .volunteer_id = bus_row_id(rows, row, 5),
        .nis = bus_row_text(rows, row, 6, ctx->arena),
        .state = (enum matching_duo_state)bus_row_word(rows, row, 7, matching_duo_state_words),
        .started = bus_row_time(rows, row, 8),
        .last_contact = bus_row_time(rows, row, 9),
        .silent_since = bus_row_time(rows, row, 10),
        .ended = bus_row_time(rows, row, 11),
        .reason = (enum common_stop_reason)bus_row_word(rows, row, 12, common_stop_reason_words),
        .hours_total = bus_row_number(rows, row, 13),
        .contacts = bus_row_int(rows, row, 14),
        .has_distance_m = true,
        .distance_m = bus_row_int(rows, row, 15),
    };
    d.days = days_between(d.started, d.ended ? d.ended : ctx->now_us);
    return d;
}

enum bus_status on_matching_duos(struct bus_context *ctx, const struct matching_duos *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->duo_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "give a partnership, a programme, a person or a duo");
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &matching_duos_page, BUS_TEXT(in->partnership),
                       BUS_TEXT(in->programme), BUS_ID(in->person_id), BUS_ID(in->duo_id), BUS_TEXT(in->nis),
                       WORD(matching_duo_state_words, in->state), BUS_TIME(page.at_us), BUS_ID(page.at_id),
                       BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct matching_duos_reply_duos *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_duo(ctx, &rows, (int)i);
    struct matching_duos_reply reply = {
        .duos = list, .duos_n = n, .total = rows.n ? bus_row_int(&rows, 0, 16) : 0};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].started, list[n - 1].duo_id);
    return bus_reply(ctx, &reply);
}

static struct matching_help_requests_reply_requests read_request(struct bus_context *ctx,
                                                                 const struct bus_rows *rows, int row)
{
    struct matching_help_requests_reply_requests r = {
        .request_id = bus_row_id(rows, row, 0),
        .programme = bus_row_text(rows, row, 1, ctx->arena),
        .partnership = bus_row_text(rows, row, 2, ctx->arena),
        .person_id = bus_row_id(rows, row, 3),
        .topic = (enum matching_help_topic)bus_row_word(rows, row, 4, matching_help_topic_words),
        .nis = bus_row_text(rows, row, 5, ctx->arena),
        .state = (enum matching_help_state)bus_row_word(rows, row, 6, matching_help_state_words),
        .buddy_id = bus_row_id(rows, row, 7),
        .opened = bus_row_time(rows, row, 8),
        .assigned = bus_row_time(rows, row, 9),
        .ended = bus_row_time(rows, row, 10),
        .hours = bus_row_number(rows, row, 11),
        .drop_reason =
            (enum matching_help_drop_reason)bus_row_word(rows, row, 12, matching_help_drop_reason_words),
    };
    r.has_hours = r.state == MATCHING_HELP_STATE_FULFILLED;
    return r;
}

enum bus_status on_matching_help_requests(struct bus_context *ctx, const struct matching_help_requests *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme && bus_id_is_nil(in->person_id) && bus_id_is_nil(in->buddy_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership",
                           "give a partnership, a programme, a person or a buddy");
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &matching_help_requests_page, BUS_TEXT(in->partnership),
                       BUS_TEXT(in->programme), BUS_ID(in->person_id), BUS_ID(in->buddy_id),
                       WORD(matching_help_state_words, in->state), WORD(matching_help_topic_words, in->topic),
                       BUS_TIME(page.at_us), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct matching_help_requests_reply_requests *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_request(ctx, &rows, (int)i);
    struct matching_help_requests_reply reply = {
        .requests = list, .requests_n = n, .total = rows.n ? bus_row_int(&rows, 0, 13) : 0};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].opened, list[n - 1].request_id);
    return bus_reply(ctx, &reply);
}
