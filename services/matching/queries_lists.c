/* Who waits, and the optimal matching of them. */
#include <stdlib.h>
#include <string.h>

#include "bus/page.h"
#include "bus/service.h"
#include "kept.h"
#include "known.h"
#include "lifecycle.h"
#include "places.h"
#include "schema/matching.h"
#include "sql/matching.h"

/* ---- waiting-list */

static struct bus_id live_proposal(const struct member *member)
{
    struct bus_id lowest = {0};
    for (struct proposal *p = first_proposal(member); p; p = next_proposal(p, member))
        if (bus_id_is_nil(lowest) || bus_id_compare(p->pair.id, lowest) < 0)
            lowest = p->pair.id;
    return lowest;
}

static void fill_from_pool(struct matching_waiting_list_reply_people *row, const struct state *state)
{
    struct person *person = state_person(state, row->person_id);
    struct programme *programme = state_programme(state, row->programme);
    struct member *member = person && programme ? state_member(person, programme, row->side) : NULL;
    if (!member)
        return;
    row->places = row->side == COMMON_SIDE_NEWCOMER ? 1 : member_places(member);
    row->candidates = member->handle >= 0 ? match_pool_candidates(programme->pool, member->handle) : 0;
    row->proposal_id = live_proposal(member);
}

/* Programme by programme: few are kept, however many a partnership has. */
static enum bus_status fill_page(struct bus_context *ctx, struct matching_waiting_list_reply_people *list,
                                 size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].places >= 0)
            continue;
        struct kept *kept;
        enum bus_status status = kept_read(ctx, list[i].programme, &kept);
        if (status != BUS_OK)
            return status;
        for (size_t j = i; j < n; j++)
            if (list[j].places < 0 && strcmp(list[j].programme, list[i].programme) == 0) {
                list[j].places = 0;
                fill_from_pool(&list[j], kept->state);
            }
    }
    return BUS_OK;
}

enum bus_status on_matching_waiting_list(struct bus_context *ctx, const struct matching_waiting_list *in)
{
    struct bus_page page;
    if (!in->partnership && !in->programme)
        return bus_fail_at(ctx->err, BUS_INVALID, "/partnership", "give a partnership or a programme");
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, in->programme);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &matching_waiting_page, BUS_TEXT(in->partnership),
                       BUS_TEXT(in->programme), BUS_TEXT(bus_word_or_null(common_side_words, (int)in->side)),
                       BUS_TEXT(in->nis), BUS_ID(in->person_id), BUS_TIME(page.at_us), BUS_ID(page.at_id),
                       BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct matching_waiting_list_reply_people *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        int row = (int)i;
        list[i] = (struct matching_waiting_list_reply_people){
            .waiting_id = bus_row_id(&rows, row, 0),
            .person_id = bus_row_id(&rows, row, 1),
            .partnership = bus_row_text(&rows, row, 2, ctx->arena),
            .programme = bus_row_text(&rows, row, 3, ctx->arena),
            .side = (enum common_side)bus_row_word(&rows, row, 4, common_side_words),
            .nis = bus_row_text(&rows, row, 5, ctx->arena),
            .since = bus_row_time(&rows, row, 6),
            .has_in_vain = bus_row_int(&rows, row, 8) > 0,
            .in_vain = bus_row_int(&rows, row, 8),
            .places = -1};
        list[i].days = days_between(list[i].since, ctx->now_us);
    }
    status = fill_page(ctx, list, n);
    if (status != BUS_OK)
        return status;
    struct matching_waiting_list_reply reply = {
        .people = list, .people_n = n, .total = rows.n ? bus_row_int(&rows, 0, 7) : 0};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].since, list[n - 1].waiting_id);
    return bus_reply(ctx, &reply);
}

/* ---- current-matching */

static int best_first(const void *a, const void *b)
{
    const struct matching_current_matching_reply_pairs *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    int order = bus_id_compare(x->newcomer_id, y->newcomer_id);
    return order ? order : bus_id_compare(x->volunteer_id, y->volunteer_id);
}

/* Once for all pages, with the proof that the matching is the best. */
static enum bus_status list_pairs(struct bus_context *ctx, struct kept *kept,
                                  const struct programme *programme)
{
    if (kept->pairs)
        return BUS_OK;
    const char *broken = match_pool_check(programme->pool);
    if (broken)
        return bus_fail(ctx->err, BUS_BUG, "the matching of %s is not optimal: %s", programme->id, broken);
    const struct match_assignment *assignment = match_pool_assignment(programme->pool);
    kept->pairs_n = match_assignment_pair_count(assignment);
    kept->pairs = calloc(kept->pairs_n + 1, sizeof *kept->pairs);
    if (!kept->pairs)
        bus_die("out of memory: no room for the pairs of a programme");
    struct match_cursor cursor = {0};
    struct match_edge edge;
    for (size_t i = 0; match_assignment_next_pair(assignment, &cursor, &edge); i++) {
        const struct member *newcomer = match_pool_tag(programme->pool, edge.left);
        const struct member *volunteer = match_pool_tag(programme->pool, edge.right);
        const struct proposal *proposal = state_proposal_of(newcomer, volunteer);
        kept->pairs[i] = (struct matching_current_matching_reply_pairs){
            .newcomer_id = newcomer->person->id,
            .volunteer_id = volunteer->person->id,
            .score = match_pool_score(programme->pool, edge.left, edge.right)};
        if (proposal)
            kept->pairs[i].proposal_id = proposal->pair.id;
    }
    qsort(kept->pairs, kept->pairs_n, sizeof *kept->pairs, best_first);
    return BUS_OK;
}

/* The matching is computed as a whole, so the cursor is simply the place of a pair in it. */
static enum bus_status read_place(struct bus_context *ctx, const char *cursor, size_t *ret_place)
{
    char *end = NULL;
    *ret_place = cursor ? strtoul(cursor, &end, 10) : 0;
    if (cursor && (end == cursor || *end != '\0'))
        return bus_page_bad_cursor(ctx);
    return BUS_OK;
}

enum bus_status on_matching_current_matching(struct bus_context *ctx,
                                             const struct matching_current_matching *in)
{
    size_t place = 0;
    enum bus_status status = read_place(ctx, in->cursor, &place);
    if (status != BUS_OK)
        return status;
    struct kept *kept;
    status = kept_read(ctx, in->programme, &kept);
    if (status != BUS_OK)
        return status;
    struct programme *programme = state_programme(kept->state, in->programme);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", in->programme);
    status = list_pairs(ctx, kept, programme);
    if (status != BUS_OK)
        return status;
    const struct match_assignment *assignment = match_pool_assignment(programme->pool);
    size_t n = kept->pairs_n, limit = (size_t)bus_page_limit(in->has_limit, in->limit);
    size_t first = place < n ? place : n, shown = n - first < limit ? n - first : limit;
    struct matching_current_matching_reply reply = {
        .partnership = programme->partnership,
        .programme = programme->id,
        .version = programme->version,
        .pairs = kept->pairs + first,
        .pairs_n = shown,
        .pairs_total = (int64_t)n,
        .total = match_pool_total(programme->pool),
        .eligible_pairs = (int64_t)match_assignment_edge_count(assignment),
        .newcomers = (int64_t)match_assignment_node_count(assignment, MATCH_LEFT),
        .volunteers = (int64_t)match_assignment_node_count(assignment, MATCH_RIGHT)};
    if (first + shown < n)
        reply.next = bus_printf(ctx->arena, "%zu", first + shown);
    return bus_reply(ctx, &reply);
}
