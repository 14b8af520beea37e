/* See state.h: finding, adding and removing. No rows, no events. */
#include "state.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#define WORDS_MIN 1024 /* below this many, words are not worth tidying */

static void *make(size_t size)
{
    void *made = calloc(1, size);
    if (!made)
        bus_die("out of memory: matching keeps its pools in memory");
    return made;
}

static uint64_t hash_of(struct bus_id id)
{
    return bus_map_hash(id.bytes, sizeof id.bytes);
}

static uint64_t hash_of_two(struct bus_id a, struct bus_id b)
{
    struct bus_id both[2] = {a, b};
    return bus_map_hash(both, sizeof both);
}

struct state *state_new(void)
{
    struct state *self = make(sizeof *self);
    self->words = match_words_new();
    self->words_max = WORDS_MIN;
    return self;
}

void state_tidy_words(struct state *self)
{
    if (match_words_count(self->words) < self->words_max)
        return;
    for (struct bus_map_node *node = bus_map_walk(&self->people, NULL); node;
         node = bus_map_walk(&self->people, node)) {
        const struct match_person *about = &((const struct person *)node)->about;
        for (int i = 0; i < about->interests_n; i++)
            match_words_mark(self->words, about->interests[i]);
    }
    match_words_sweep(self->words);
    int32_t twice = 2 * match_words_count(self->words);
    self->words_max = twice > WORDS_MIN ? twice : WORDS_MIN;
}

static void free_programme(struct bus_map_node *node)
{
    struct programme *programme = (struct programme *)node;
    match_pool_free(programme->pool);
    free(programme);
}

static void free_person(struct bus_map_node *node)
{
    struct person *person = (struct person *)node;
    for (struct member *member = person->members, *next; member; member = next) {
        next = member->next_of_person;
        free(member);
    }
    free(person);
}

static void free_pair(struct bus_map_node *node)
{
    struct pair *pair = (struct pair *)node;
    if (pair->kind == PAIR_PROPOSAL) {
        free(((struct proposal *)pair)->factors);
        free(((struct proposal *)pair)->explanation);
    }
    free(pair);
}

static void free_plain(struct bus_map_node *node)
{
    free(node);
}

void state_free(struct state *self)
{
    if (!self)
        return;
    bus_map_done(&self->pairs[PAIR_PROPOSAL], free_pair);
    bus_map_done(&self->pairs[PAIR_DUO], free_pair);
    bus_map_done(&self->requests, free_plain);
    bus_map_done(&self->exclusions, free_plain);
    bus_map_done(&self->programmes, free_programme);
    bus_map_done(&self->people, free_person);
    match_words_free(self->words);
    free(self);
}

/* ---- finding */

struct programme *state_programme(const struct state *self, const char *id)
{
    struct bus_map_node *node = bus_map_first(&self->programmes, bus_map_hash(id, strlen(id)));
    while (node && strcmp(((struct programme *)node)->id, id) != 0)
        node = bus_map_after(node);
    return (struct programme *)node;
}

struct person *state_person(const struct state *self, struct bus_id id)
{
    struct bus_map_node *node = bus_map_first(&self->people, hash_of(id));
    while (node && !bus_id_equal(((struct person *)node)->id, id))
        node = bus_map_after(node);
    return (struct person *)node;
}

static struct pair *find_pair(const struct bus_map *map, struct bus_id id)
{
    struct bus_map_node *node = bus_map_first(map, hash_of(id));
    while (node && !bus_id_equal(((struct pair *)node)->id, id))
        node = bus_map_after(node);
    return (struct pair *)node;
}

struct proposal *state_proposal(const struct state *self, struct bus_id id)
{
    return (struct proposal *)find_pair(&self->pairs[PAIR_PROPOSAL], id);
}

struct duo *state_duo(const struct state *self, struct bus_id id)
{
    return (struct duo *)find_pair(&self->pairs[PAIR_DUO], id);
}

struct request *state_request(const struct state *self, struct bus_id id)
{
    struct bus_map_node *node = bus_map_first(&self->requests, hash_of(id));
    while (node && !bus_id_equal(((struct request *)node)->id, id))
        node = bus_map_after(node);
    return (struct request *)node;
}

struct exclusion *state_exclusion(const struct state *self, struct bus_id newcomer_id,
                                  struct bus_id volunteer_id)
{
    struct bus_map_node *node = bus_map_first(&self->exclusions, hash_of_two(newcomer_id, volunteer_id));
    for (; node; node = bus_map_after(node)) {
        struct exclusion *found = (struct exclusion *)node;
        if (bus_id_equal(found->newcomer_id, newcomer_id) && bus_id_equal(found->volunteer_id, volunteer_id))
            return found;
    }
    return NULL;
}

struct member *state_member(const struct person *person, const struct programme *programme,
                            enum common_side side)
{
    struct member *member = person->members;
    while (member && (member->programme != programme || member->side != side))
        member = member->next_of_person;
    return member;
}

struct proposal *state_proposal_of(const struct member *newcomer, const struct member *volunteer)
{
    struct proposal *proposal = first_proposal(newcomer);
    while (proposal && proposal->pair.volunteer != volunteer)
        proposal = next_proposal(proposal, newcomer);
    return proposal;
}

struct duo *state_duo_of(const struct member *newcomer, const struct member *volunteer)
{
    struct duo *duo = first_duo(newcomer);
    while (duo && duo->pair.volunteer != volunteer)
        duo = next_duo(duo, newcomer);
    return duo;
}

/* ---- adding and removing */

struct programme *state_add_programme(struct state *self, const char *id)
{
    struct programme *programme = make(sizeof *programme);
    programme->state = self;
    strncpy(programme->id, id, sizeof programme->id - 1);
    struct programme **at = &self->first_programme;
    while (*at && strcmp((*at)->id, id) < 0)
        at = &(*at)->next;
    programme->next = *at;
    *at = programme;
    bus_map_add(&self->programmes, &programme->node, bus_map_hash(id, strlen(id)));
    return programme;
}

struct person *state_add_person(struct state *self, struct bus_id id)
{
    struct person *person = make(sizeof *person);
    person->id = id;
    bus_map_add(&self->people, &person->node, hash_of(id));
    return person;
}

static bool comes_before(const struct member *member, const struct programme *programme,
                         enum common_side side)
{
    int order = strcmp(member->programme->id, programme->id);
    return order < 0 || (order == 0 && member->side < side);
}

struct member *state_add_member(struct person *person, struct programme *programme, enum common_side side)
{
    struct member *member = make(sizeof *member);
    struct member **at = &person->members;
    while (*at && comes_before(*at, programme, side))
        at = &(*at)->next_of_person;
    *member = (struct member){.person = person,
                              .programme = programme,
                              .side = side,
                              .handle = -1,
                              .next_of_person = *at,
                              .next_of_programme = programme->members};
    *at = member;
    programme->members = member;
    return member;
}

struct exclusion *state_add_exclusion(struct state *self, struct bus_id newcomer_id,
                                      struct bus_id volunteer_id)
{
    struct exclusion *exclusion = state_exclusion(self, newcomer_id, volunteer_id);
    if (exclusion)
        return exclusion;
    exclusion = make(sizeof *exclusion);
    exclusion->newcomer_id = newcomer_id;
    exclusion->volunteer_id = volunteer_id;
    bus_map_add(&self->exclusions, &exclusion->node, hash_of_two(newcomer_id, volunteer_id));
    return exclusion;
}

static void count_pair(struct pair *pair, int by)
{
    bool held = pair->kind == PAIR_PROPOSAL && ((struct proposal *)pair)->held;
    if (pair->kind == PAIR_DUO) {
        pair->newcomer->duos += by;
        pair->volunteer->duos += by;
    } else if (held) {
        pair->newcomer->held += by;
        pair->volunteer->held += by;
    }
}

static void link_pair(struct pair *pair, struct member *member)
{
    pair->next[member->side == COMMON_SIDE_VOLUNTEER] = member->pairs[pair->kind];
    member->pairs[pair->kind] = pair;
}

static void unlink_pair(struct pair *pair, struct member *member)
{
    int side = member->side == COMMON_SIDE_VOLUNTEER;
    struct pair **at = &member->pairs[pair->kind];
    while (*at != pair)
        at = &(*at)->next[side];
    *at = pair->next[side];
}

void state_add_pair(struct state *self, struct pair *pair)
{
    bus_map_add(&self->pairs[pair->kind], &pair->node, hash_of(pair->id));
    link_pair(pair, pair->newcomer);
    link_pair(pair, pair->volunteer);
    count_pair(pair, 1);
    if (pair->kind == PAIR_PROPOSAL) {
        struct proposal *proposal = (struct proposal *)pair;
        bool open = proposal->state == MATCHING_PROPOSAL_STATE_PROPOSED;
        due_at(&self->expiring, &proposal->expires, open ? proposal->valid_until_us : 0);
    }
}

void state_remove_pair(struct state *self, struct pair *pair)
{
    count_pair(pair, -1);
    if (pair->kind == PAIR_PROPOSAL)
        due_at(&self->expiring, &((struct proposal *)pair)->expires, 0);
    unlink_pair(pair, pair->newcomer);
    unlink_pair(pair, pair->volunteer);
    bus_map_remove(&self->pairs[pair->kind], &pair->node);
    free_pair(&pair->node);
}

void state_move_pairs(struct member *from, struct member *to)
{
    for (int kind = PAIR_PROPOSAL; kind <= PAIR_DUO; kind++)
        while (from->pairs[kind]) {
            struct pair *pair = from->pairs[kind];
            count_pair(pair, -1);
            unlink_pair(pair, from);
            if (from->side == COMMON_SIDE_NEWCOMER)
                pair->newcomer = to;
            else
                pair->volunteer = to;
            link_pair(pair, to);
            count_pair(pair, 1);
        }
}

void state_give_request(struct request *request, struct member *buddy)
{
    if (request->task)
        request->buddy->tasks--;
    struct member *asker = state_member(request->person, request->programme, COMMON_SIDE_NEWCOMER);
    request->buddy = buddy;
    request->task = buddy && !(asker && state_duo_of(asker, buddy));
    if (request->task)
        buddy->tasks++;
}

void state_add_request(struct state *self, struct request *request)
{
    struct request **at = &request->programme->requests;
    while (*at && ((*at)->opened_us < request->opened_us ||
                   ((*at)->opened_us == request->opened_us && bus_id_compare((*at)->id, request->id) < 0)))
        at = &(*at)->next;
    request->next = *at;
    *at = request;
    bus_map_add(&self->requests, &request->node, hash_of(request->id));
}

void state_remove_request(struct state *self, struct request *request)
{
    state_give_request(request, NULL);
    struct request **at = &request->programme->requests;
    while (*at != request)
        at = &(*at)->next;
    *at = request->next;
    bus_map_remove(&self->requests, &request->node);
    free(request);
}

/* ---- what comes due */

#define OF(due, type, member) ((const type *)((const char *)(due)-offsetof(type, member)))

bool state_more_due(const struct state *self, const struct programme *programme, int64_t from_us,
                    int64_t now_us)
{
    for (const struct due *d = self->expiring.first; d && d->at_us <= now_us; d = d->after)
        if (d->at_us >= from_us && OF(d, struct proposal, expires)->pair.newcomer->programme == programme)
            return true;
    for (const struct due *d = self->resting.first; d && d->at_us <= now_us; d = d->after) {
        const struct person *newcomer = state_person(self, OF(d, struct exclusion, rests)->newcomer_id);
        if (d->at_us >= from_us && newcomer && state_member(newcomer, programme, COMMON_SIDE_NEWCOMER))
            return true;
    }
    return false;
}
