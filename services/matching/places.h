/* Who may be on a list, how many places they have there, and who may meet whom: as the pool wants to know it.
 */
#ifndef MATCHING_PLACES_H
#define MATCHING_PLACES_H

#include "state.h"

/* Whether they may be on this list: who is gone is on none, nobody is in a programme that has ended or that
 * another partnership runs than theirs, nor a newcomer who is away, nor a volunteer who rests or has stopped.
 * Places are another matter. */
bool member_may_wait(const struct member *member);
/* Whether they are a volunteer still: not gone, and not stopped. */
bool member_volunteers(const struct member *volunteer);
/* How many more they can take now; 0 for who does not wait. */
int member_places(const struct member *member);
/* The member as the pool wants it. */
struct match_entrant member_entrant(const struct member *member);
/* Whether nothing but the score stands between the two; the pool's question. */
bool member_may_meet(const void *newcomer, const void *volunteer, const void *state);

#endif
