/* A town's years under one policy: people come, wait, are proposed to each other, decide, meet, stop, come
 * back or give up. What chance decides (a decline, how long a duo lasts, who returns, whose patience ends) is
 * drawn from the seed and the people concerned, never from the order of things: the same two have the same
 * luck under every policy. */
#ifndef POLICY_MARKET_H
#define POLICY_MARKET_H

#include "town.h"

/* The days are those of the simulation's parameters, but for patience, which nobody has measured. */
#define DAYS_TO_DECIDE     4   /* from the proposal to the coordinator's yes or no */
#define DAYS_TO_MEET       6   /* from the yes to the acquaintance talk, where the duo starts */
#define DAYS_AT_LEAST      21  /* every duo lasts that long */
#define NEWCOMER_PATIENCE  720 /* mean days, exponential, until someone who waits gives up */
#define VOLUNTEER_PATIENCE 240

enum seeker_state { SEEKER_AWAY, SEEKER_WAITING, SEEKER_AGREED, SEEKER_DUO };

struct seeker {
    const struct arrival *who;
    enum seeker_state state;
    int since;  /* of this wait */
    int credit; /* days waited before, of a newcomer whose duo stopped */
    int gives_up;
    struct seeker *other; /* who is proposed, agreed or met */
    int next;             /* the day on which that goes on: decision, talk, end */
    int duos, waits;
    int passed;         /* in this wait: so often somebody they could have had went to who came later */
    uint64_t *excluded; /* of a newcomer: volunteers not proposed again, by key */
    size_t excluded_n;
    int handle; /* the policy's */
};

struct duo_made {
    int newcomer_waited, volunteer_waited;
    int32_t metres;
    int interests;
    double expected_days;
};

struct outcome {
    struct duo_made *duos;
    size_t duos_n;
    long proposed, declined;
    long withdrawn;             /* that stood overnight, so that somebody may have seen them */
    int passed_most[2];         /* the most often that anybody was, by side */
    int waited_most[2];         /* the longest wait in days, over or not, by side */
    long newcomers, volunteers; /* who came */
    long newcomers_without, volunteers_without; /* of them, who never had a duo */
    double days_together;                       /* of all duos, within the years played */
};

struct market {
    const struct town *town;
    const struct policy *policy;
    void *state; /* the policy's */
    int every, day;
    struct seeker *seekers;
    size_t seekers_n, come; /* of all, who have come so far */
    struct outcome outcome;
};

/* How a policy chooses. `look` proposes by market_propose(); `all`: a round, else only what cannot wait. */
struct policy {
    void *(*open)(struct market *market);
    void (*close)(void *state);
    void (*enters)(struct market *market, struct seeker *seeker);
    void (*leaves)(struct market *market, struct seeker *seeker);
    void (*declined)(struct market *market, struct seeker *newcomer, struct seeker *volunteer);
    void (*look)(struct market *market, bool all);
};
extern const struct policy policy_optimal, policy_greedy, policy_first_come;

/* `every` days a round, 0: at once. Free with outcome_done. */
void market_play(const struct town *town, const struct policy *policy, int every,
                 struct outcome *ret_outcome);
void outcome_done(struct outcome *self);

/* For policies. */
void market_propose(struct market *self, struct seeker *newcomer, struct seeker *volunteer);
void market_withdraw(struct market *self, struct seeker *newcomer, struct seeker *volunteer);
bool market_allowed(const void *newcomer, const void *volunteer, const void *context);
/* Days as the microseconds that libmatch counts in. */
int64_t seeker_waiting_since_us(const struct seeker *self);
int64_t seeker_entered_us(const struct seeker *self);

#endif
