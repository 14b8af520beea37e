/* See places.h. */
#include "places.h"

#include <string.h>

bool member_may_wait(const struct member *member)
{
    const struct person *person = member->person;
    const struct programme *programme = member->programme;
    if (person->gone || programme->ended || strcmp(person->partnership, programme->partnership) != 0)
        return false;
    return member->side == COMMON_SIDE_NEWCOMER ? !person->away : person->volunteer <= VOLUNTEER_AVAILABLE;
}

bool member_volunteers(const struct member *volunteer)
{
    return !volunteer->person->gone && volunteer->person->volunteer != VOLUNTEER_STOPPED;
}

int member_places(const struct member *member)
{
    if (!member->waiting || member->person->gone)
        return 0;
    if (member->side == COMMON_SIDE_NEWCOMER)
        return member->held == 0;
    int places = member->capacity - member->duos - member->held - member->tasks;
    return places > 0 ? places : 0;
}

struct match_entrant member_entrant(const struct member *member)
{
    return (struct match_entrant){
        .side = member->side == COMMON_SIDE_NEWCOMER ? MATCH_LEFT : MATCH_RIGHT,
        .key = bus_map_hash(member->person->id.bytes, sizeof member->person->id.bytes),
        .places = member_places(member),
        .waiting_since_us = member->since_us - member->credit_us,
        .entered_us = member->entered_us,
        .person = member->person->about,
        .tag = (void *)member,
    };
}

bool member_may_meet(const void *newcomer, const void *volunteer, const void *state)
{
    const struct member *n = newcomer, *v = volunteer;
    if (n->person == v->person)
        return false;
    const struct exclusion *e = state_exclusion(state, n->person->id, v->person->id);
    if (e && (e->declined || e->ended || e->rests.at_us))
        return false;
    return !state_duo_of(n, v);
}
