/* Why these two, or why not: every rule and factor, and what the optimal matching does with them instead. */
#include <stdarg.h>

#include "acts.h"
#include "bus/service.h"
#include "kept.h"
#include "schema/matching.h"
#include "sql/matching.h"
#include "words.h"

#define WHY_MAX         12
#define DIFFERENCES_MAX 4 /* with each of two pairs: no more fit into the answer */

struct answer {
    struct bus_context *ctx;
    struct member *newcomer, *volunteer;
    struct matching_explain_reply reply;
    const char *why[WHY_MAX];
    size_t why_n;
};

__attribute__((format(printf, 2, 3))) static void say(struct answer *answer, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (answer->why_n < WHY_MAX)
        answer->why[answer->why_n++] = bus_vprintf(answer->ctx->arena, fmt, args);
    va_end(args);
}

static enum bus_status find_pair(struct bus_context *ctx, const struct matching_explain *in,
                                 struct state *state, struct answer *answer)
{
    struct programme *programme = state_programme(state, in->programme);
    struct person *newcomer = state_person(state, in->newcomer_id);
    struct person *volunteer = state_person(state, in->volunteer_id);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", in->programme);
    answer->newcomer = newcomer ? state_member(newcomer, programme, COMMON_SIDE_NEWCOMER) : NULL;
    answer->volunteer = volunteer ? state_member(volunteer, programme, COMMON_SIDE_VOLUNTEER) : NULL;
    if (!answer->newcomer)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "the newcomer is not in %s: hold an intake first",
                        in->programme);
    if (!answer->volunteer)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "the volunteer is not in %s: hold an intake first",
                        in->programme);
    return BUS_OK;
}

static void tell_rules(struct answer *answer, const struct state *state)
{
    const struct member *newcomer = answer->newcomer, *volunteer = answer->volunteer;
    const struct match_rules *rules = &newcomer->programme->rules;
    const struct match_person *n = &newcomer->person->about, *v = &volunteer->person->about;
    const struct exclusion *e = state_exclusion(state, newcomer->person->id, volunteer->person->id);
    const struct proposal *proposal = state_proposal_of(newcomer, volunteer);
    struct match_circumstances circumstances = {.no_place = !proposal &&
                                                            (newcomer->handle < 0 || volunteer->handle < 0),
                                                .declined_before = e && e->declined,
                                                .earlier_duo = e && e->ended,
                                                .same_person = newcomer->person == volunteer->person};
    struct match_verdict verdict;
    match_judge(n, v, rules, &circumstances, &verdict);
    struct matching_explain_reply_hard_rules *list =
        bus_alloc_array(answer->ctx->arena, MATCH_RULES, sizeof *list);
    for (int rule = 1; rule <= MATCH_RULES; rule++) {
        char text[MATCH_TEXT_MAX];
        match_rule_text((enum match_rule)rule, n, v, rules, &verdict, text);
        list[rule - 1] =
            (struct matching_explain_reply_hard_rules){.rule = (enum matching_hard_rule)rule,
                                                       .passes = verdict.passes[rule],
                                                       .text = bus_strdup(answer->ctx->arena, text)};
        if (!verdict.passes[rule])
            say(answer, "excluded by the rule %s: %s", bus_word(matching_hard_rule_words, rule), text);
    }
    const struct member *both[] = {newcomer, volunteer};
    for (int i = 0; circumstances.no_place && i < 2; i++)
        if (both[i]->handle < 0)
            say(answer, "%s", no_place_text(both[i], answer->ctx->arena));
    bool rests = e && e->rests.at_us != 0 && !proposal;
    if (rests) {
        char until[BUS_TIME_TEXT];
        bus_time_format(e->rests.at_us, until);
        say(answer, "their proposal expired; they may be proposed again from %.10s", until);
    }
    if (state_duo_of(newcomer, volunteer)) {
        answer->reply.has_are_duo = answer->reply.are_duo = true;
        say(answer, "the two are a duo now");
    }
    answer->reply.eligible = verdict.eligible && !rests;
    answer->reply.rests_until = rests ? e->rests.at_us : 0;
    answer->reply.hard_rules = list;
    answer->reply.hard_rules_n = MATCH_RULES;
}

static void tell_factors(struct answer *answer)
{
    struct pair_words *words = bus_alloc(answer->ctx->arena, sizeof *words);
    pair_words(answer->newcomer, answer->volunteer, answer->ctx->now_us, answer->ctx->arena, words);
    for (int i = 0; i < MATCH_FACTORS; i++)
        words->factors[i].text = words->texts[i];
    answer->reply.factors = words->factors;
    answer->reply.factors_n = MATCH_FACTORS;
    answer->reply.score = words->score;
    answer->reply.has_first_days = words->first_days > 0;
    answer->reply.first_days = words->first_days;
}

/* Of a pair of the matching; without its words, which the figures tell in any language. */
static const struct pair_words *words_of(struct answer *answer, const struct member *newcomer,
                                         const struct member *volunteer)
{
    struct pair_words *words = bus_alloc(answer->ctx->arena, sizeof *words);
    pair_words(newcomer, volunteer, answer->ctx->now_us, answer->ctx->arena, words);
    return words;
}

static void tell_partners(struct answer *answer)
{
    struct match_pool *pool = answer->newcomer->programme->pool;
    int newcomer = answer->newcomer->handle, volunteer = answer->volunteer->handle;
    int partner = newcomer >= 0 ? match_pool_partner(pool, newcomer) : -1;
    if (partner >= 0) {
        const struct member *other = match_pool_tag(pool, partner);
        struct matching_explain_reply_newcomer_match *match = bus_alloc(answer->ctx->arena, sizeof *match);
        match->volunteer_id = other->person->id;
        match->score = match_pool_score(pool, newcomer, partner);
        const struct pair_words *words = words_of(answer, answer->newcomer, other);
        match->factors = words->factors;
        match->factors_n = MATCH_FACTORS;
        match->has_first_days = words->first_days > 0;
        match->first_days = words->first_days;
        answer->reply.newcomer_match = match;
        answer->reply.in_matching = partner == volunteer;
    }
    int n = volunteer >= 0 ? match_pool_partner_count(pool, volunteer) : 0;
    struct matching_explain_reply_volunteer_matches *list =
        bus_alloc_array(answer->ctx->arena, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++) {
        int at = match_pool_partner_at(pool, volunteer, i);
        const struct member *other = match_pool_tag(pool, at);
        list[i].newcomer_id = other->person->id;
        list[i].score = match_pool_score(pool, at, volunteer);
        const struct pair_words *words = words_of(answer, other, answer->volunteer);
        list[i].factors = words->factors;
        list[i].factors_n = MATCH_FACTORS;
        list[i].has_first_days = words->first_days > 0;
        list[i].first_days = words->first_days;
    }
    answer->reply.volunteer_matches = list;
    answer->reply.volunteer_matches_n = (size_t)n;
}

/* What speaks for a pair of the matching, factor by factor, beside the pair asked about. */
static void tell_differences(struct answer *answer, struct member *newcomer, struct member *volunteer)
{
    const char *lines[MATCH_FACTORS + 1];
    struct pair asked = {.newcomer = answer->newcomer, .volunteer = answer->volunteer};
    struct pair other = {.newcomer = newcomer, .volunteer = volunteer};
    size_t n = pair_differences(&asked, &other, answer->ctx->arena, lines);
    for (size_t i = 0; i < n && i < DIFFERENCES_MAX; i++)
        say(answer, "%s", lines[i]);
}

/* The one of the volunteer's pairs that these two would most likely take the place of. */
static int weakest_match(const struct matching_explain_reply *reply)
{
    int weakest = 0;
    for (int i = 1; i < (int)reply->volunteer_matches_n; i++)
        if (reply->volunteer_matches[i].score < reply->volunteer_matches[weakest].score)
            weakest = i;
    return weakest;
}

/* Both could be paired and are not: what the whole would lose. */
static void tell_cost(struct answer *answer)
{
    struct match_pool *pool = answer->newcomer->programme->pool;
    struct matching_explain_reply *reply = &answer->reply;
    int64_t best = match_pool_total(pool);
    int64_t with = match_pool_total_with(pool, answer->newcomer->handle, answer->volunteer->handle);
    reply->has_loses = true;
    reply->loses = best - with;
    say(answer, "the matching of all is worth %lld now, and at most %lld with these two together: %lld less",
        (long long)best, (long long)with, (long long)(best - with));
    if (reply->newcomer_match) {
        int other = match_pool_partner(pool, answer->newcomer->handle);
        say(answer, "the newcomer is matched with %s instead, with a score of %lld; these two have %lld",
            bus_id_text(answer->ctx, reply->newcomer_match->volunteer_id),
            (long long)reply->newcomer_match->score, (long long)reply->score);
        tell_differences(answer, answer->newcomer, match_pool_tag(pool, other));
    }
    if (reply->volunteer_matches_n > 0) {
        int i = weakest_match(reply), other = match_pool_partner_at(pool, answer->volunteer->handle, i);
        say(answer, "the volunteer is matched with %s instead, with a score of %lld; these two have %lld",
            bus_id_text(answer->ctx, reply->volunteer_matches[i].newcomer_id),
            (long long)reply->volunteer_matches[i].score, (long long)reply->score);
        tell_differences(answer, match_pool_tag(pool, other), answer->volunteer);
    }
}

static void tell_why(struct answer *answer)
{
    struct matching_explain_reply *reply = &answer->reply;
    const struct proposal *proposal = state_proposal_of(answer->newcomer, answer->volunteer);
    bool both_wait = answer->newcomer->handle >= 0 && answer->volunteer->handle >= 0;
    if (proposal) {
        reply->proposed = true;
        reply->proposal_id = proposal->pair.id;
        say(answer, "the two are %s%s", bus_word(matching_proposal_state_words, (int)proposal->state),
            proposal->manual ? ", by hand" : "");
    }
    if (reply->in_matching)
        say(answer, "they are part of the best matching of all who wait, with a score of %lld",
            (long long)reply->score);
    else if (reply->eligible && both_wait && !proposal && reply->score == 0)
        say(answer, "no factor speaks for the pair: its score is 0");
    else if (reply->eligible && both_wait && !proposal && answer->why_n == 0)
        tell_cost(answer);
}

enum bus_status on_matching_explain(struct bus_context *ctx, const struct matching_explain *in)
{
    struct answer answer = {.ctx = ctx};
    struct kept *kept;
    enum bus_status status = kept_read(ctx, in->programme, &kept);
    if (status == BUS_OK)
        status = find_pair(ctx, in, kept->state, &answer);
    if (status != BUS_OK)
        return status;
    answer.reply.partnership = answer.newcomer->programme->partnership;
    tell_rules(&answer, kept->state);
    tell_factors(&answer);
    tell_partners(&answer);
    tell_why(&answer);
    if (bus_id_is_nil(answer.reply.proposal_id)) {
        AUTO(bus_rows_done) struct bus_rows rows = {0};
        status = bus_query(ctx->db, ctx->err, &rows, &matching_last_proposal, BUS_TEXT(in->programme),
                           BUS_ID(in->newcomer_id), BUS_ID(in->volunteer_id));
        if (status != BUS_OK)
            return status;
        if (rows.n > 0)
            answer.reply.proposal_id = bus_row_id(&rows, 0, 0);
    }
    answer.reply.why = answer.why;
    answer.reply.why_n = answer.why_n;
    return bus_reply(ctx, &answer.reply);
}
