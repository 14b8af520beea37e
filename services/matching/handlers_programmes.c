/* Programmes: set up, changed, ended; and their rounds. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "bus/service.h"
#include "lifecycle.h"
#include "places.h"
#include "rows.h"
#include "schema/registry.h"
#include "timers.h"

static_assert(MATCH_DISTANCE == (int)MATCHING_FACTOR_DISTANCE && MATCH_AGE == (int)MATCHING_FACTOR_AGE &&
                  MATCH_FAMILY == (int)MATCHING_FACTOR_FAMILY &&
                  MATCH_INTERESTS == (int)MATCHING_FACTOR_INTERESTS &&
                  MATCH_LANGUAGE == (int)MATCHING_FACTOR_LANGUAGE &&
                  MATCH_WAITING == (int)MATCHING_FACTOR_WAITING,
              "the factors of libmatch and of the schemas have the same numbers");

/* Of a programme that was configured before it could be said: what its row was given then. */
#define FIRST_AFTER_DAYS 365

static void configure(struct programme *programme, const struct registry_programme_configured *in)
{
    snprintf(programme->partnership, sizeof programme->partnership, "%s", in->partnership);
    programme->kind = in->kind;
    programme->version = in->version;
    programme->rules = (struct match_rules){
        .max_distance_m = (int32_t)lround(in->rules.max_distance_km * 1000),
        .min_shared_slots = (int)in->rules.min_shared_slots,
        .same_language_required = in->rules.same_language_required,
        .first_after_days =
            in->rules.has_first_after_days ? (int)in->rules.first_after_days : FIRST_AFTER_DAYS};
    programme->weights = (struct match_weights){.of = {0, (int)in->weights.distance, (int)in->weights.age,
                                                       (int)in->weights.family, (int)in->weights.interests,
                                                       (int)in->weights.language, (int)in->weights.waiting}};
    programme->silence_after_us = in->rules.silence_after_days * BUS_DAY_US;
    programme->proposal_valid_us = in->rules.proposal_valid_days * BUS_DAY_US;
    programme->match_every_us = in->rules.match_every_hours * BUS_HOUR_US;
}

enum bus_status on_registry_programme_configured(struct bus_context *ctx,
                                                 const struct registry_programme_configured *in)
{
    struct state *state = ctx->state;
    struct programme *programme = state_programme(state, in->programme);
    if (!programme)
        programme = state_add_programme(state, in->programme);
    int64_t silence_us = programme->silence_after_us, every_us = programme->match_every_us;
    configure(programme, in);
    if (programme->match_every_us != every_us)
        programme->next_round_us = 0; /* the next is one of the new rhythm */
    if (!programme->pool) {
        struct match_pool_settings settings = {.rules = programme->rules,
                                               .weights = programme->weights,
                                               .allowed = member_may_meet,
                                               .context = state};
        programme->pool = match_pool_new(&settings);
    } else {
        match_pool_configure(programme->pool, &programme->rules, &programme->weights);
    }
    enum bus_status status = programme_put(ctx, programme);
    if (status == BUS_OK && programme->silence_after_us != silence_us)
        status = duos_watch_silence(ctx, programme);
    if (status != BUS_OK)
        return status;
    struct cause cause = {.reason = MATCHING_WITHDRAW_REASON_RECONFIGURED};
    return programme_match(ctx, programme, &cause);
}

static int by_age(const void *a, const void *b)
{
    const struct member *const *one = a, *const *other = b;
    return bus_id_compare((*one)->waiting_id, (*other)->waiting_id);
}

/* Who waits, the longest first. */
static struct member **waiting_members(struct bus_context *ctx, const struct programme *programme,
                                       size_t *ret_n)
{
    size_t n = 0;
    for (const struct member *m = programme->members; m; m = m->next_of_programme)
        n += m->waiting;
    struct member **waiting = bus_alloc_array(ctx->arena, n + 1, sizeof(struct member *));
    *ret_n = n;
    n = 0;
    for (struct member *m = programme->members; m; m = m->next_of_programme)
        if (m->waiting)
            waiting[n++] = m;
    qsort(waiting, n, sizeof(struct member *), by_age);
    return waiting;
}

static enum bus_status end_proposals(struct bus_context *ctx, struct member *const *waiting, size_t n)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < n && status == BUS_OK; i++)
        status = proposals_withdraw(ctx, waiting[i], MATCHING_WITHDRAW_REASON_PROGRAMME_ENDED);
    return status;
}

/* All leave the pool in one step. */
static enum bus_status end_waits(struct bus_context *ctx, struct programme *programme,
                                 struct member *const *waiting, size_t n, int64_t at_us)
{
    struct wait_end end = {.outcome = MATCHING_WAITING_OUTCOME_PROGRAMME_ENDED, .at_us = at_us};
    enum bus_status status = BUS_OK;
    match_pool_hold(programme->pool);
    for (size_t i = 0; i < n && status == BUS_OK; i++)
        status = wait_end(ctx, waiting[i], &end);
    match_pool_release(programme->pool);
    return status;
}

static enum bus_status drop_open_requests(struct bus_context *ctx, struct programme *programme)
{
    enum bus_status status = BUS_OK;
    for (struct request *r = programme->requests, *next; r && status == BUS_OK; r = next) {
        next = r->next;
        if (!r->buddy)
            status = request_drop(ctx, r, MATCHING_HELP_DROP_REASON_PROGRAMME_ENDED);
    }
    return status;
}

/* What two people have begun goes on: duos, and help that somebody gives. */
enum bus_status on_registry_programme_ended(struct bus_context *ctx,
                                            const struct registry_programme_ended *in)
{
    struct programme *programme = state_programme(ctx->state, in->programme);
    int32_t day = 0;
    size_t n = 0;
    if (!programme)
        return BUS_OK;
    if (!bus_date_parse(in->on_date, strlen(in->on_date), &day))
        return bus_fail_at(ctx->err, BUS_INVALID, "/on_date", "on_date must be a day such as 2026-11-22");
    int64_t at_us = told_time_us(day, ctx->now_us);
    struct member **waiting = waiting_members(ctx, programme, &n);
    programme->ended = true;
    enum bus_status status = programme_put(ctx, programme);
    if (status == BUS_OK)
        status = drop_open_requests(ctx, programme);
    if (status == BUS_OK)
        status = end_proposals(ctx, waiting, n);
    if (status == BUS_OK)
        status = end_waits(ctx, programme, waiting, n, at_us < ctx->now_us ? at_us : ctx->now_us);
    return status == BUS_OK ? programme_match(ctx, programme, NULL) : status;
}

enum bus_status on_round(struct bus_context *ctx, const char *key)
{
    struct programme *programme = state_programme(ctx->state, key);
    if (!programme)
        return BUS_OK;
    programme->next_round_us = 0;
    enum bus_status status = programme_put(ctx, programme);
    return status == BUS_OK ? programme_match_now(ctx, programme, NULL) : status;
}
