/* Which pairs the world has been told of, and what it is to be told next; see match/pool.h.
 * Who is proposed to one volunteer stands in a list through the people, so that a departure finds them. */
#include <stdlib.h>

#include "assignment_internal.h"
#include "match/pool.h"
#include "pool_internal.h"

static void join(struct match_pool *pool, int newcomer, int volunteer)
{
    struct pool_person *n = &pool->people[newcomer], *v = &pool->people[volunteer];
    n->proposed = n->before = volunteer;
    n->proposer = v->proposer;
    if (n->proposer >= 0)
        pool->people[n->proposer].before = newcomer;
    v->proposer = newcomer;
}

static void part(struct match_pool *pool, int newcomer)
{
    struct pool_person *n = &pool->people[newcomer];
    pool->people[n->before].proposer = n->proposer;
    if (n->proposer >= 0)
        pool->people[n->proposer].before = n->before;
    n->proposed = n->proposer = -1;
}

void match_pool_mark(struct match_pool *pool, int newcomer, int volunteer)
{
    if (pool->people[newcomer].proposed >= 0)
        part(pool, newcomer);
    join(pool, newcomer, volunteer);
    match_pool_reweigh(pool, newcomer, volunteer);
}

/* To be looked at when changes are taken next. */
static void list(struct match_pool *pool, int handle)
{
    struct pool_person *person = &pool->people[handle];
    if (!person->here || person->entrant.side != MATCH_LEFT || person->listed)
        return;
    person->listed = true;
    pool->listed = match_grow(pool->listed, &pool->listed_room, pool->listed_n + 1, sizeof *pool->listed);
    pool->listed[pool->listed_n++] = handle;
}

void match_pool_settle(struct match_pool *pool, int newcomer, int volunteer)
{
    if (volunteer < 0 || pool->people[newcomer].proposed != volunteer)
        return;
    part(pool, newcomer);
    match_pool_reweigh(pool, newcomer, volunteer);
    list(pool, newcomer);
}

static void note(struct match_pool *pool, int newcomer, int volunteer, bool appears)
{
    pool->changes =
        match_grow(pool->changes, &pool->changes_room, pool->changes_n + 1, sizeof *pool->changes);
    const struct match_entrant *n = &pool->people[newcomer].entrant, *v = &pool->people[volunteer].entrant;
    pool->changes[pool->changes_n++] = (struct match_change){.newcomer_tag = n->tag,
                                                             .volunteer_tag = v->tag,
                                                             .newcomer_key = n->key,
                                                             .volunteer_key = v->key,
                                                             .appears = appears};
}

static void vanish(struct match_pool *pool, int newcomer)
{
    int volunteer = pool->people[newcomer].proposed;
    note(pool, newcomer, volunteer, false);
    match_pool_settle(pool, newcomer, volunteer);
}

void match_pool_vanish_all(struct match_pool *pool, int handle)
{
    const struct pool_person *person = &pool->people[handle];
    if (person->proposed >= 0)
        vanish(pool, handle);
    while (person->proposer >= 0)
        vanish(pool, person->proposer);
}

static int compare_changes(const void *a, const void *b)
{
    const struct match_change *x = a, *y = b;
    if (x->appears != y->appears)
        return x->appears ? 1 : -1;
    if (x->newcomer_key != y->newcomer_key)
        return x->newcomer_key < y->newcomer_key ? -1 : 1;
    return x->volunteer_key < y->volunteer_key ? -1 : x->volunteer_key > y->volunteer_key;
}

/* Newcomers whose partner may be another than the one they are proposed to: a few, after a single change. */
static void list_rematched(struct match_pool *pool)
{
    size_t n = 0;
    const int *rematched = match_assignment_take_rematched(pool->assignment, &n);
    for (size_t i = 0; i < n; i++)
        list(pool, rematched[i]);
    for (int i = 0; pool->scan_all && i < pool->people_end; i++)
        list(pool, i);
    pool->scan_all = false;
}

static void tell_change(struct match_pool *pool, int newcomer)
{
    struct pool_person *person = &pool->people[newcomer];
    if (!person->here || person->entrant.side != MATCH_LEFT || person->proposed == person->wanted)
        return;
    if (person->proposed >= 0)
        vanish(pool, newcomer);
    if (person->wanted < 0)
        return;
    note(pool, newcomer, person->wanted, true);
    match_pool_mark(pool, newcomer, person->wanted);
}

/* The optimum is read before any mark is moved: a mark can only strengthen a pair of that optimum. */
const struct match_change *match_pool_take_changes(struct match_pool *pool, size_t *ret_n)
{
    list_rematched(pool);
    for (int32_t i = 0; i < pool->listed_n; i++) {
        struct pool_person *person = &pool->people[pool->listed[i]];
        bool newcomer = person->here && person->entrant.side == MATCH_LEFT;
        person->wanted = newcomer ? match_pool_partner(pool, pool->listed[i]) : -1;
    }
    for (int32_t i = 0; i < pool->listed_n; i++)
        tell_change(pool, pool->listed[i]);
    for (int32_t i = 0; i < pool->listed_n; i++)
        pool->people[pool->listed[i]].listed = false;
    pool->listed_n = 0;
    return match_pool_take_departures(pool, ret_n);
}

const struct match_change *match_pool_take_departures(struct match_pool *pool, size_t *ret_n)
{
    if (pool->changes_n > 1)
        qsort(pool->changes, (size_t)pool->changes_n, sizeof *pool->changes, compare_changes);
    *ret_n = (size_t)pool->changes_n;
    pool->changes_n = 0;
    return pool->changes;
}
