/* The two waiting lists of one programme in memory, and the optimal matching of who waits, kept optimal while
 * people come, go and change. Owns copies of what it is given; knows no clock, no ids but 64-bit keys, no
 * I/O. */
#ifndef MATCH_POOL_H
#define MATCH_POOL_H

#include "match/assignment.h"
#include "match/factors.h"

/* Newcomers have one place, volunteers one or more. Every eligible pair is an edge whose weight is its score,
 * with two tie-breakers far below one point: a pair that is proposed now is kept, and then a hash of the two
 * keys decides. So the sum of the scores is the greatest possible; a proposal that people are considering
 * gives way only to a better total, or where for the same total more than MATCH_POOL_KEPT_PAIRS would all
 * have to change hands; and the same people give the same pairs in whatever order they came, unless two
 * choices are equal to the last bit: then the order of the calls decides between these. The chance of that is
 * at most E / 16,384 with E eligible pairs (match/weight.h), which from some thousands of them on
 * promises little. A pair of score 0, for which nothing speaks, is never proposed.
 *
 * Candidates are found through a grid of squares as wide as the distance limit, so that nobody is compared
 * with the whole country.
 *
 * Limits, which the caller keeps: weights of 0 to 100; 0 to MATCH_CAPACITY_MAX places; a handle is that of
 * someone who is in the pool, on the side that is meant. Beyond them, and out of memory, the process ends or
 * what comes is undefined: nothing here returns an error. Up to MATCH_POOL_PAIRS_MAX pairs at once the sum of
 * the scores is exactly the greatest. */
#define MATCH_POOL_PAIRS_MAX  (1 << 14)
#define MATCH_POOL_KEPT_PAIRS 32

struct match_pool;

/* Whether the caller's own knowledge lets these two be matched (an earlier decline, the same person). */
typedef bool match_pool_allowed_fn(const void *newcomer_tag, const void *volunteer_tag, const void *context);

struct match_pool_settings {
    struct match_rules rules;
    struct match_weights weights;
    match_pool_allowed_fn *allowed; /* NULL: everyone */
    const void *context;
};

/* Someone on a list. `tag` is the caller's, comes back in changes, and must live as long as changes are not
 * taken. */
struct match_entrant {
    enum match_side side;     /* MATCH_LEFT: newcomer */
    uint64_t key;             /* of the person; breaks ties */
    int places;               /* 1 or more; of a newcomer 1 */
    int64_t waiting_since_us; /* of a newcomer: from when waiting counts, earlier waits included */
    int64_t entered_us;       /* of a volunteer: since when a place is free */
    struct match_person person;
    void *tag;
};

struct match_pool *match_pool_new(const struct match_pool_settings *settings);
void match_pool_free(struct match_pool *pool);

/* Other rules or weights: everyone is compared anew. */
void match_pool_configure(struct match_pool *pool, const struct match_rules *rules,
                          const struct match_weights *weights);

/* Handles are small numbers; one is given out again after its removal. */
int match_pool_add(struct match_pool *pool, const struct match_entrant *entrant);
/* As many as are waiting at the start: one solve rather than a repair for each. */
void match_pool_load(struct match_pool *pool, const struct match_entrant *entrants, size_t n,
                     int *ret_handles);
void match_pool_remove(struct match_pool *pool, int handle);
/* Other attributes or times for someone who stays: proposals that remain best are not touched. Not another
 * side. */
void match_pool_update(struct match_pool *pool, int handle, const struct match_entrant *entrant);
void match_pool_set_places(struct match_pool *pool, int handle, int places);
/* Changes between these two are worked into the optimum together, at the release; queries wait until then. */
void match_pool_hold(struct match_pool *pool);
void match_pool_release(struct match_pool *pool);
/* These two have found each other: each has a place fewer, and they are not compared again while they stay.
 * Costs nothing where they are a pair of the optimum; does nothing where they are not. */
void match_pool_take_pair(struct match_pool *pool, int newcomer, int volunteer);
/* Compares these two again, after the answer of `allowed` changed. */
void match_pool_review(struct match_pool *pool, int newcomer, int volunteer);

/* ---- proposals: which pairs the world has been told of */

/* A pair that was proposed before, at loading. */
void match_pool_mark(struct match_pool *pool, int newcomer, int volunteer);
/* The proposal of these two was decided: it is not reported as vanished. Nothing happens if it is not
 * theirs. */
void match_pool_settle(struct match_pool *pool, int newcomer, int volunteer);

struct match_change {
    void *newcomer_tag;
    void *volunteer_tag;
    uint64_t newcomer_key, volunteer_key;
    bool appears; /* else: no longer part of the optimum */
};
/* What has changed since the last call: first what vanishes, then what appears, each by keys. The result is
 * the pool's, valid until the next call to it. */
const struct match_change *match_pool_take_changes(struct match_pool *pool, size_t *ret_n);

/* Only the proposals of who was removed, for a caller who proposes anew at fixed hours. */
const struct match_change *match_pool_take_departures(struct match_pool *pool, size_t *ret_n);

/* ---- queries */

const struct match_assignment *match_pool_assignment(const struct match_pool *pool);
void *match_pool_tag(const struct match_pool *pool, int handle);
int match_pool_candidates(const struct match_pool *pool, int handle); /* eligible people on the other list */
/* The handle of the volunteer a newcomer has in the optimum, or -1. */
int match_pool_partner(const struct match_pool *pool, int newcomer);
int match_pool_partner_count(const struct match_pool *pool, int handle);
int match_pool_partner_at(const struct match_pool *pool, int handle, int index);
int64_t match_pool_total(const struct match_pool *pool); /* sum of the scores of the optimum */
int match_pool_waited_days(const struct match_pool *pool, int newcomer, int volunteer);
int match_pool_score(const struct match_pool *pool, int newcomer, int volunteer);
/* How long the newcomer had waited when the volunteer's place came free; below zero: how long the place had
 * been free when the newcomer came. Also for people who are not in the pool. It is the same whenever it is
 * asked, and it compares all who seek one volunteer at one moment: who comes back from a duo gains nothing on
 * who waited on. */
int match_waited_days(int64_t waiting_since_us, int64_t volunteer_entered_us);
/* The greatest total that contains this pair, which must both be in the pool: what pairing them would
 * cost. */
int64_t match_pool_total_with(struct match_pool *pool, int newcomer, int volunteer);
/* NULL, or the condition of the optimum that is broken. */
const char *match_pool_check(const struct match_pool *pool);

#endif
