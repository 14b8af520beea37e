/* What matching keeps in memory: people, programmes with their pools, and everything that is not over. All of
 * it stands in the tables too; `open` rebuilds it from them. History is in the tables alone.
 *
 * Lists that are walked in handlers are in an order of their contents, so that a rebuilt state does and says
 * the same as one that grew: programmes and a person's members by id, requests by age. */
#ifndef MATCHING_STATE_H
#define MATCHING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/id.h"
#include "bus/map.h"
#include "due.h"
#include "logged.h"
#include "match/pool.h"
#include "schema/matching.h"

enum volunteer_state { VOLUNTEER_NONE, VOLUNTEER_AVAILABLE, VOLUNTEER_RESTING, VOLUNTEER_STOPPED };

struct state;

struct programme {
    struct bus_map_node node;
    struct state *state;
    char id[41], partnership[41];
    enum common_programme_kind kind;
    int64_t version;
    struct match_rules rules;
    struct match_weights weights;
    int64_t silence_after_us, proposal_valid_us, match_every_us;
    int64_t next_round_us; /* 0: nothing waits for a round */
    bool ended;            /* nobody waits; duos go on */
    struct match_pool *pool;
    struct member *members;   /* in no order */
    struct request *requests; /* not ended, the oldest first */
    struct programme *next;   /* of all, by id */
};

struct person {
    struct bus_map_node node;
    struct bus_id id;
    char partnership[41], nis[6];
    struct match_person about;
    enum volunteer_state volunteer;
    bool gone; /* erased, or merged into another */
    bool away; /* a partner told they moved away, died or cannot be reached; until an intake */
    struct member *members;
};

enum pair_kind { PAIR_PROPOSAL, PAIR_DUO };

/* Someone in a programme, on one side. A newcomer who waits has one place; a volunteer has `capacity` less
 * what is taken by duos, held by proposals and used by requests of others. Capacity counts per programme. */
struct member {
    struct person *person;
    struct programme *programme;
    enum common_side side;
    int capacity;
    bool waiting;
    struct bus_id waiting_id;
    int64_t since_us;   /* of this wait */
    int64_t entered_us; /* the start of the wait, or, of a volunteer, when a place came free since */
    int64_t credit_us;  /* earlier waiting that still counts */
    int held;           /* accepted or manual proposals */
    int duos;
    int tasks;             /* requests they have from people who are not in a duo with them */
    int handle;            /* in the pool, or -1 */
    struct pair *pairs[2]; /* not over, by kind; in no order */
    struct member *next_of_person, *next_of_programme;
};

/* What proposals and duos have in common. */
struct pair {
    struct bus_map_node node;
    struct bus_id id;
    enum pair_kind kind;
    struct member *newcomer, *volunteer;
    struct pair *next[2]; /* in the newcomer's list, in the volunteer's */
    char nis[6];
    int64_t distance_m;
};

struct proposal {
    struct pair pair;
    enum matching_proposal_state state;
    bool manual;
    bool held; /* counted in the members' `held`; else part of the pool's optimum */
    int64_t score, version;
    char *factors, *explanation; /* as in the row; owned */
    int64_t proposed_us, valid_until_us, decided_us;
    struct due expires; /* while it is to be decided */
    enum common_declined_by by;
    enum common_decline_reason reason;
    enum matching_withdraw_reason withdraw_reason;
    struct bus_id duo_id;
};

struct duo {
    struct pair pair;
    struct bus_id proposal_id;
    enum matching_duo_state state;
    int64_t started_us, last_contact_us, silent_since_us, ended_us;
    enum common_stop_reason reason;
    double hours;
    int64_t contacts;
};

struct request {
    struct bus_map_node node;
    struct bus_id id;
    struct programme *programme;
    struct person *person;
    struct member *buddy; /* NULL: open */
    bool task;            /* counted in the buddy's `tasks` */
    enum matching_help_topic topic;
    enum matching_help_state state;
    char nis[6];
    int64_t opened_us, assigned_us, ended_us;
    double hours;
    enum matching_help_drop_reason drop_reason;
    struct request *next;
};

/* Why two people are not proposed to each other, in any programme. */
struct exclusion {
    struct bus_map_node node;
    struct bus_id newcomer_id, volunteer_id;
    bool declined, ended;
    struct due rests; /* until when; 0: does not rest */
};

struct state {
    struct bus_map programmes, people, pairs[2], requests, exclusions;
    struct programme *first_programme;
    struct due_list expiring, resting; /* proposals, exclusions */
    struct match_words *words;         /* interests */
    int32_t words_max;                 /* so many words, and those that nobody has any more are forgotten */
    struct logged contacts;
};

struct state *state_new(void);
void state_free(struct state *self);
/* Keeps the words within twice those that people have; to be called before new ones are taken. */
void state_tidy_words(struct state *self);

/* Each NULL when there is none. */
struct programme *state_programme(const struct state *self, const char *id);
struct person *state_person(const struct state *self, struct bus_id id);
struct proposal *state_proposal(const struct state *self, struct bus_id id);
struct duo *state_duo(const struct state *self, struct bus_id id);
struct request *state_request(const struct state *self, struct bus_id id);
struct exclusion *state_exclusion(const struct state *self, struct bus_id newcomer_id,
                                  struct bus_id volunteer_id);
struct member *state_member(const struct person *person, const struct programme *programme,
                            enum common_side side);

struct programme *state_add_programme(struct state *self, const char *id);
struct person *state_add_person(struct state *self, struct bus_id id);
struct member *state_add_member(struct person *person, struct programme *programme, enum common_side side);
struct exclusion *state_add_exclusion(struct state *self, struct bus_id newcomer_id,
                                      struct bus_id volunteer_id);
/* Puts a pair or a request that the caller has filled where it is found, and counts it with its members. */
void state_add_pair(struct state *self, struct pair *pair);
void state_add_request(struct state *self, struct request *request);
/* Takes it out, uncounts and frees it. */
void state_remove_pair(struct state *self, struct pair *pair);
void state_remove_request(struct state *self, struct request *request);
/* Everything that is not over goes from one member to another of the same programme and side. */
void state_move_pairs(struct member *from, struct member *to);
/* Whether the request takes a place of the buddy: not when the two are a duo anyway. */
void state_give_request(struct request *request, struct member *buddy);

static inline struct proposal *first_proposal(const struct member *member)
{
    return (struct proposal *)member->pairs[PAIR_PROPOSAL];
}
static inline struct duo *first_duo(const struct member *member)
{
    return (struct duo *)member->pairs[PAIR_DUO];
}
static inline struct pair *pair_after(const struct pair *pair, const struct member *member)
{
    return pair->next[member->side == COMMON_SIDE_VOLUNTEER];
}
static inline struct proposal *next_proposal(const struct proposal *proposal, const struct member *member)
{
    return (struct proposal *)pair_after(&proposal->pair, member);
}
static inline struct duo *next_duo(const struct duo *duo, const struct member *member)
{
    return (struct duo *)pair_after(&duo->pair, member);
}

/* The live proposal or duo of just these two, or NULL. */
struct proposal *state_proposal_of(const struct member *newcomer, const struct member *volunteer);
struct duo *state_duo_of(const struct member *newcomer, const struct member *volunteer);

/* Whether another proposal of the programme, or the rest of a newcomer in it, was due from that moment on and
 * is not handled yet: it will be in a moment. */
bool state_more_due(const struct state *self, const struct programme *programme, int64_t from_us,
                    int64_t now_us);

#endif
