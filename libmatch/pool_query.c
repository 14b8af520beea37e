/* Looking at a pool: the optimum, and what another choice would cost.
 * Nothing here changes what the pool stands for. */
#include "assignment_internal.h"
#include "match/pool.h"
#include "pool_internal.h"

const struct match_assignment *match_pool_assignment(const struct match_pool *pool)
{
    return pool->assignment;
}

void *match_pool_tag(const struct match_pool *pool, int handle)
{
    return pool->people[handle].entrant.tag;
}

int match_pool_candidates(const struct match_pool *pool, int handle)
{
    return match_assignment_degree(pool->assignment, handle);
}

int match_pool_partner(const struct match_pool *pool, int newcomer)
{
    return match_assignment_partner_count(pool->assignment, newcomer) > 0
               ? match_assignment_partner(pool->assignment, newcomer, 0)
               : -1;
}

int match_pool_partner_count(const struct match_pool *pool, int handle)
{
    return match_assignment_partner_count(pool->assignment, handle);
}

int match_pool_partner_at(const struct match_pool *pool, int handle, int index)
{
    return match_assignment_partner(pool->assignment, handle, index);
}

/* All tie-breakers together stay below one point, so what is above them is the sum of the scores. */
int64_t match_pool_total(const struct match_pool *pool)
{
    return (int64_t)(match_assignment_total(pool->assignment) >> POOL_LOW_BITS);
}

/* At the end the optimum is what it was, and there is no change to tell; if two tie to the last bit it may be
 * the other, which is told with the next change to these people. */
int64_t match_pool_total_with(struct match_pool *pool, int newcomer, int volunteer)
{
    const int32_t told = pool->assignment->rematched_count;
    int places = match_assignment_capacity(pool->assignment, volunteer);
    match_pool_hold(pool);
    (void)!match_assignment_set_capacity(pool->assignment, newcomer, 0);
    (void)!match_assignment_set_capacity(pool->assignment, volunteer, places > 0 ? places - 1 : 0);
    match_pool_release(pool);
    int64_t total = match_pool_total(pool) + match_pool_score(pool, newcomer, volunteer);
    match_pool_hold(pool);
    (void)!match_assignment_set_capacity(pool->assignment, volunteer, places);
    (void)!match_assignment_set_capacity(pool->assignment, newcomer, 1);
    match_pool_release(pool);
    pool->assignment->rematched_count = told;
    return total;
}

const char *match_pool_check(const struct match_pool *pool)
{
    return match_assignment_check(pool->assignment);
}
