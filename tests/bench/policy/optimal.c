/* What services/matching does: libmatch's pool keeps the optimum; a round tells what has changed, a decline
 * or a departure between rounds only takes back. A standing proposal gives way to a better total until it is
 * decided. */
#include "match/pool.h"

#include "market.h"

static void *open_pool(struct market *market)
{
    struct match_pool_settings settings = {
        .rules = market->town->rules, .weights = market->town->weights, .allowed = market_allowed};
    return match_pool_new(&settings);
}

static void close_pool(void *state)
{
    const char *broken = match_pool_check(state);
    if (broken != NULL)
        bus_die("the matching is not optimal: %s", broken);
    match_pool_free(state);
}

static void enters(struct market *market, struct seeker *seeker)
{
    struct match_entrant entrant = {.side = seeker->who->side,
                                    .key = seeker->who->key,
                                    .places = 1,
                                    .waiting_since_us = seeker_waiting_since_us(seeker),
                                    .entered_us = seeker_entered_us(seeker),
                                    .person = seeker->who->about,
                                    .tag = seeker};
    seeker->handle = match_pool_add(market->state, &entrant);
}

/* An agreed pair is settled when its first half leaves: its end is no change of the matching. */
static void leaves(struct market *market, struct seeker *seeker)
{
    const struct seeker *other = seeker->other;
    if (other != NULL && other->handle >= 0) {
        bool newcomer = seeker->who->side == MATCH_LEFT;
        match_pool_settle(market->state, newcomer ? seeker->handle : other->handle,
                          newcomer ? other->handle : seeker->handle);
    }
    match_pool_remove(market->state, seeker->handle);
    seeker->handle = -1;
}

static void declined(struct market *market, struct seeker *newcomer, struct seeker *volunteer)
{
    match_pool_settle(market->state, newcomer->handle, volunteer->handle);
    match_pool_review(market->state, newcomer->handle, volunteer->handle);
}

static void look(struct market *market, bool all)
{
    size_t n = 0;
    const struct match_change *changes =
        all ? match_pool_take_changes(market->state, &n) : match_pool_take_departures(market->state, &n);
    for (size_t i = 0; i < n; i++) {
        struct seeker *newcomer = changes[i].newcomer_tag, *volunteer = changes[i].volunteer_tag;
        if (changes[i].appears)
            market_propose(market, newcomer, volunteer);
        else if (newcomer->other == volunteer)
            market_withdraw(market, newcomer, volunteer);
    }
}

const struct policy policy_optimal = {open_pool, close_pool, enters, leaves, declined, look};
