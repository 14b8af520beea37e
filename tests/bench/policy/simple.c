/* The policies to compare with: the pair with the best score first, and who waits longest first. A proposal,
 * once made, stands until it is decided. Who may be paired and what a pair scores is libmatch's. */
#include "market.h"
#include "match/pool.h"

static void *open_nothing(struct market *market)
{
    (void)market;
    return NULL;
}

static void close_nothing(void *state)
{
    (void)state;
}

static void ignore(struct market *market, struct seeker *seeker)
{
    (void)market, (void)seeker;
}

static void ignore_pair(struct market *market, struct seeker *newcomer, struct seeker *volunteer)
{
    (void)market, (void)newcomer, (void)volunteer;
}

static bool is_free(const struct seeker *seeker)
{
    return seeker->state == SEEKER_WAITING && seeker->other == NULL;
}

/* 0 for two who cannot be paired. */
static int score(const struct market *market, const struct seeker *newcomer, const struct seeker *volunteer)
{
    const struct match_person *n = &newcomer->who->about, *v = &volunteer->who->about;
    const struct town *town = market->town;
    if (!match_eligible(n, v, &town->rules) || !market_allowed(newcomer, volunteer, NULL))
        return 0;
    int waited = match_waited_days(seeker_waiting_since_us(newcomer), seeker_entered_us(volunteer));
    return match_score_total(n, v, &town->rules, &town->weights, waited);
}

static bool propose_best(struct market *market)
{
    struct seeker *newcomer = NULL, *volunteer = NULL;
    int best = 0;
    for (struct seeker *n = market->seekers; n < market->seekers + market->come; n++) {
        if (n->who->side != MATCH_LEFT || !is_free(n))
            continue;
        for (struct seeker *v = market->seekers; v < market->seekers + market->come; v++) {
            int found = v->who->side == MATCH_RIGHT && is_free(v) ? score(market, n, v) : 0;
            if (found <= best)
                continue;
            best = found;
            newcomer = n;
            volunteer = v;
        }
    }
    if (best > 0)
        market_propose(market, newcomer, volunteer);
    return best > 0;
}

static void look_greedy(struct market *market, bool all)
{
    while (all && propose_best(market))
        ;
}

static int64_t waited_since_us(const struct seeker *seeker)
{
    return seeker_waiting_since_us(seeker);
}

/* Who has waited longest among those for whom somebody is there, with the one who has waited longest for
 * them. */
static bool propose_longest(struct market *market)
{
    struct seeker *newcomer = NULL, *volunteer = NULL;
    for (struct seeker *n = market->seekers; n < market->seekers + market->come; n++) {
        bool better = newcomer == NULL || waited_since_us(n) < waited_since_us(newcomer);
        if (n->who->side != MATCH_LEFT || !is_free(n) || !better)
            continue;
        struct seeker *longest = NULL;
        for (struct seeker *v = market->seekers; v < market->seekers + market->come; v++)
            if (v->who->side == MATCH_RIGHT && is_free(v) && score(market, n, v) > 0 &&
                (longest == NULL || waited_since_us(v) < waited_since_us(longest)))
                longest = v;
        if (longest == NULL)
            continue;
        newcomer = n;
        volunteer = longest;
    }
    if (newcomer != NULL)
        market_propose(market, newcomer, volunteer);
    return newcomer != NULL;
}

static void look_first_come(struct market *market, bool all)
{
    while (all && propose_longest(market))
        ;
}

const struct policy policy_greedy = {open_nothing, close_nothing, ignore, ignore, ignore_pair, look_greedy};
const struct policy policy_first_come = {open_nothing, close_nothing, ignore,
                                         ignore,       ignore_pair,   look_first_come};
