/* See market.h. */
#include "market.h"

#include <math.h>
#include <stdlib.h>

#include "../../../services/matching/lifecycle.h"
#include "bus/clock.h"
#include "simulate/random.h"

/* A source for one question about one or two people. */
static struct random chance_of(const struct market *self, uint64_t key, uint64_t other, const char *question)
{
    return random_seeded(self->town->seed ^ key ^ (other * UINT64_C(0x9e3779b97f4a7c15)), question);
}

static void start_waiting(struct market *self, struct seeker *seeker)
{
    struct random random = chance_of(self, seeker->who->key, (uint64_t)++seeker->waits, "patience");
    double patience = seeker->who->side == MATCH_LEFT ? NEWCOMER_PATIENCE : VOLUNTEER_PATIENCE;
    seeker->state = SEEKER_WAITING;
    seeker->since = self->day;
    seeker->passed = 0;
    seeker->gives_up = self->day + 14 + (int)random_exponential(&random, patience);
    self->policy->enters(self, seeker);
}

static void note_wait(struct market *self, const struct seeker *seeker)
{
    int *most = &self->outcome.waited_most[seeker->who->side];
    if (self->day - seeker->since > *most)
        *most = self->day - seeker->since;
}

static void stop_waiting(struct market *self, struct seeker *seeker, enum seeker_state state)
{
    self->policy->leaves(self, seeker);
    seeker->state = state;
    note_wait(self, seeker);
}

static void part(struct seeker *newcomer, struct seeker *volunteer)
{
    newcomer->other = volunteer->other = NULL;
}

void market_propose(struct market *self, struct seeker *newcomer, struct seeker *volunteer)
{
    newcomer->other = volunteer;
    volunteer->other = newcomer;
    newcomer->next = volunteer->next = self->day + DAYS_TO_DECIDE;
    self->outcome.proposed++;
}

void market_withdraw(struct market *self, struct seeker *newcomer, struct seeker *volunteer)
{
    int stood = self->day - (newcomer->next - DAYS_TO_DECIDE);
    self->outcome.withdrawn += stood > 0;
    part(newcomer, volunteer);
}

static void exclude(struct seeker *newcomer, const struct seeker *volunteer)
{
    newcomer->excluded = realloc(newcomer->excluded, (newcomer->excluded_n + 1) * sizeof *newcomer->excluded);
    if (newcomer->excluded == NULL)
        bus_die("out of memory");
    newcomer->excluded[newcomer->excluded_n++] = volunteer->who->key;
}

bool market_allowed(const void *newcomer, const void *volunteer, const void *context)
{
    (void)context;
    const struct seeker *n = newcomer, *v = volunteer;
    for (size_t i = 0; i < n->excluded_n; i++)
        if (n->excluded[i] == v->who->key)
            return false;
    return true;
}

int64_t seeker_waiting_since_us(const struct seeker *self)
{
    return (self->since - self->credit) * BUS_DAY_US;
}

int64_t seeker_entered_us(const struct seeker *self)
{
    return self->since * BUS_DAY_US;
}

static double mean_days_at(const struct town *town, int32_t metres)
{
    return town->mean_days * exp2(-metres / 1000.0 / town->half_at_km);
}

static int shared_interests(const struct match_person *a, const struct match_person *b)
{
    int n = 0;
    for (int i = 0; i < a->interests_n; i++)
        for (int k = 0; k < b->interests_n; k++)
            n += a->interests[i] == b->interests[k];
    return n;
}

static bool could_have(const struct market *self, const struct seeker *one, const struct seeker *other)
{
    bool left = one->who->side == MATCH_LEFT;
    const struct seeker *newcomer = left ? one : other, *volunteer = left ? other : one;
    return match_eligible(&newcomer->who->about, &volunteer->who->about, &self->town->rules) &&
           market_allowed(newcomer, volunteer, NULL);
}

/* Everyone who waits with nobody proposed, came before `taker` and could have had whom they got. */
static void count_passed(struct market *self, const struct seeker *taker, const struct seeker *taken)
{
    for (struct seeker *one = self->seekers; one < self->seekers + self->come; one++) {
        if (one->who->side != taker->who->side || one->state != SEEKER_WAITING || one->other != NULL ||
            seeker_waiting_since_us(one) >= seeker_waiting_since_us(taker) || !could_have(self, one, taken))
            continue;
        int *most = &self->outcome.passed_most[one->who->side];
        one->passed++;
        if (one->passed > *most)
            *most = one->passed;
    }
}

static void decide(struct market *self, struct seeker *newcomer, struct seeker *volunteer)
{
    struct random random = chance_of(self, newcomer->who->key, volunteer->who->key, "decline");
    if (random_chance(&random, self->town->declined)) {
        part(newcomer, volunteer);
        exclude(newcomer, volunteer);
        self->outcome.declined++;
        self->policy->declined(self, newcomer, volunteer);
        return;
    }
    count_passed(self, newcomer, volunteer);
    count_passed(self, volunteer, newcomer);
    stop_waiting(self, newcomer, SEEKER_AGREED);
    stop_waiting(self, volunteer, SEEKER_AGREED);
    newcomer->next = volunteer->next = self->day + DAYS_TO_MEET;
}

static void note_duo(struct market *self, const struct seeker *newcomer, const struct seeker *volunteer)
{
    struct outcome *outcome = &self->outcome;
    int32_t metres = match_distance_m(&newcomer->who->about, &volunteer->who->about);
    outcome->duos = realloc(outcome->duos, (outcome->duos_n + 1) * sizeof *outcome->duos);
    if (outcome->duos == NULL)
        bus_die("out of memory");
    outcome->duos[outcome->duos_n++] =
        (struct duo_made){.newcomer_waited = self->day - newcomer->since,
                          .volunteer_waited = self->day - volunteer->since,
                          .metres = metres,
                          .interests = shared_interests(&newcomer->who->about, &volunteer->who->about),
                          .expected_days = DAYS_AT_LEAST + mean_days_at(self->town, metres)};
}

static void meet(struct market *self, struct seeker *newcomer, struct seeker *volunteer)
{
    note_duo(self, newcomer, volunteer);
    struct random random = chance_of(self, newcomer->who->key, volunteer->who->key, "days");
    bool forever = random_chance(&random, self->town->forever);
    double mean = mean_days_at(self->town, match_distance_m(&newcomer->who->about, &volunteer->who->about));
    int end = self->day + DAYS_AT_LEAST + (int)random_exponential(&random, mean);
    if (forever || end > self->town->to)
        end = self->town->to + 1;
    self->outcome.days_together += end - self->day;
    newcomer->state = volunteer->state = SEEKER_DUO;
    newcomer->next = volunteer->next = end;
    newcomer->credit = self->day - newcomer->since;
    newcomer->duos++;
    volunteer->duos++;
}

static void stop(struct market *self, struct seeker *newcomer, struct seeker *volunteer)
{
    struct random random = chance_of(self, newcomer->who->key, volunteer->who->key, "returns");
    part(newcomer, volunteer);
    exclude(newcomer, volunteer);
    newcomer->state = volunteer->state = SEEKER_AWAY;
    if (random_chance(&random, self->town->newcomer_returns))
        start_waiting(self, newcomer);
    if (random_chance(&random, self->town->volunteer_returns))
        start_waiting(self, volunteer);
}

/* What this day brings for someone, and whether it brings anything; a pair goes on at its newcomer's turn. */
static bool live(struct market *self, struct seeker *seeker)
{
    bool due = seeker->other != NULL && seeker->who->side == MATCH_LEFT && seeker->next <= self->day;
    bool tired = seeker->other == NULL && seeker->gives_up <= self->day;
    if (seeker->state == SEEKER_WAITING && due)
        decide(self, seeker, seeker->other);
    else if (seeker->state == SEEKER_AGREED && due)
        meet(self, seeker, seeker->other);
    else if (seeker->state == SEEKER_DUO && due)
        stop(self, seeker, seeker->other);
    else if (seeker->state == SEEKER_WAITING && tired)
        stop_waiting(self, seeker, SEEKER_AWAY);
    else
        return false;
    return true;
}

/* At once means after every single thing that happens, also within a day. */
static void look_at_once(struct market *self)
{
    if (self->every == 0)
        self->policy->look(self, true);
}

static void play_day(struct market *self)
{
    for (size_t i = 0; i < self->come; i++)
        if (live(self, &self->seekers[i]))
            look_at_once(self);
    while (self->come < self->seekers_n && self->seekers[self->come].who->day <= self->day) {
        start_waiting(self, &self->seekers[self->come++]);
        look_at_once(self);
    }
    if (self->every == 0)
        return;
    int64_t now_us = self->day * BUS_DAY_US;
    self->policy->look(self, next_round_us(now_us - 1, self->every * BUS_DAY_US) == now_us);
}

static void count_without(struct market *self)
{
    struct outcome *outcome = &self->outcome;
    for (size_t i = 0; i < self->come; i++) {
        const struct seeker *one = &self->seekers[i];
        bool newcomer = one->who->side == MATCH_LEFT;
        *(newcomer ? &outcome->newcomers : &outcome->volunteers) += 1;
        if (one->state == SEEKER_WAITING)
            note_wait(self, one);
        *(newcomer ? &outcome->newcomers_without : &outcome->volunteers_without) += one->duos == 0;
    }
}

void market_play(const struct town *town, const struct policy *policy, int every, struct outcome *ret_outcome)
{
    struct market market = {.town = town, .policy = policy, .every = every, .seekers_n = town->arrivals_n};
    market.seekers = calloc(market.seekers_n + 1, sizeof *market.seekers);
    if (market.seekers == NULL)
        bus_die("out of memory");
    for (size_t i = 0; i < market.seekers_n; i++)
        market.seekers[i] = (struct seeker){.who = &town->arrivals[i], .handle = -1};
    market.state = policy->open(&market);
    for (market.day = town->from; market.day < town->to; market.day++)
        play_day(&market);
    count_without(&market);
    policy->close(market.state);
    for (size_t i = 0; i < market.seekers_n; i++)
        free(market.seekers[i].excluded);
    free(market.seekers);
    *ret_outcome = market.outcome;
}

void outcome_done(struct outcome *self)
{
    free(self->duos);
    *self = (struct outcome){0};
}
