/* The pool's people and edges; see match/pool.h. The optimum itself is the assignment's.
 * A handle of the pool is the handle of the person's node in the assignment. */
#include "match/pool.h"

#include <stdlib.h>

#include "assignment_internal.h"
#include "match/weight.h"
#include "pool_internal.h"

#define DAY_US INT64_C(86400000000)

/* A result that can only fail through a mistake in this file, or beyond the limits of match/pool.h. */
static void must(enum match_status status)
{
    if (status != MATCH_OK)
        abort();
}

struct match_pool *match_pool_new(const struct match_pool_settings *settings)
{
    int32_t room = 0;
    struct match_pool *pool = match_grow(NULL, &room, 1, sizeof *pool);
    *pool = (struct match_pool){.settings = *settings, .assignment = match_assignment_new()};
    match_grid_init(&pool->grids[0], settings->rules.max_distance_m);
    match_grid_init(&pool->grids[1], settings->rules.max_distance_m);
    match_assignment_watch(pool->assignment, true);
    return pool;
}

void match_pool_free(struct match_pool *pool)
{
    if (pool == NULL)
        return;
    match_assignment_free(pool->assignment);
    match_grid_done(&pool->grids[0]);
    match_grid_done(&pool->grids[1]);
    free(pool->people);
    free(pool->links);
    free(pool->edges);
    free(pool->listed);
    free(pool->changes);
    free(pool);
}

int match_waited_days(int64_t waiting_since_us, int64_t volunteer_entered_us)
{
    int64_t days = (volunteer_entered_us - waiting_since_us) / DAY_US;
    return days < -36500 ? -36500 : days > 36500 ? 36500 : (int)days;
}

int match_pool_waited_days(const struct match_pool *pool, int newcomer, int volunteer)
{
    const struct match_entrant *n = &pool->people[newcomer].entrant, *v = &pool->people[volunteer].entrant;
    return match_waited_days(n->waiting_since_us, v->entered_us);
}

static int score_of(const struct match_pool *pool, const struct match_entrant *n,
                    const struct match_entrant *v)
{
    int waited = match_waited_days(n->waiting_since_us, v->entered_us);
    return match_score_total(&n->person, &v->person, &pool->settings.rules, &pool->settings.weights, waited);
}

int match_pool_score(const struct match_pool *pool, int newcomer, int volunteer)
{
    return score_of(pool, &pool->people[newcomer].entrant, &pool->people[volunteer].entrant);
}

static bool may_pair(const struct match_pool *pool, const struct match_entrant *n,
                     const struct match_entrant *v)
{
    return match_eligible(&n->person, &v->person, &pool->settings.rules) &&
           (pool->settings.allowed == NULL || pool->settings.allowed(n->tag, v->tag, pool->settings.context));
}

static int64_t weight_of(const struct match_pool *pool, const struct match_entrant *n,
                         const struct match_entrant *v)
{
    return match_weight_unique(score_of(pool, n, v), POOL_LOW_BITS, POOL_SPREAD_BITS, n->key, v->key);
}

static int64_t weight(const struct match_pool *pool, int newcomer, int volunteer)
{
    int64_t unique = weight_of(pool, &pool->people[newcomer].entrant, &pool->people[volunteer].entrant);
    bool keep = unique > 0 && pool->people[newcomer].proposed == volunteer;
    return keep ? unique + POOL_KEEP : unique;
}

static bool has_edge(const struct match_pool *pool, int newcomer, int volunteer)
{
    return match_assignment_find_edge(pool->assignment, newcomer, volunteer, NULL, NULL) == MATCH_OK;
}

void match_pool_reweigh(struct match_pool *pool, int newcomer, int volunteer)
{
    if (has_edge(pool, newcomer, volunteer))
        must(match_assignment_set_weight(pool->assignment, newcomer, volunteer,
                                         weight(pool, newcomer, volunteer)));
}

static void seat(struct match_pool *pool, int handle, const struct match_entrant *entrant)
{
    int32_t before = pool->people_room;
    pool->people = match_grow(pool->people, &pool->people_room, handle + 1, sizeof *pool->people);
    for (int32_t i = before; i < pool->people_room; i++)
        pool->people[i] = (struct pool_person){.proposed = -1, .proposer = -1};
    pool->people[handle] =
        (struct pool_person){.entrant = *entrant, .here = true, .proposed = -1, .proposer = -1};
    if (handle >= pool->people_end)
        pool->people_end = handle + 1;
    match_grid_add(&pool->grids[entrant->side], entrant->person.lat_e4, entrant->person.lon_e4, handle);
}

/* Everyone of the other list who could be paired with this one, as links of a node that is new. */
static size_t find_links(struct match_pool *pool, const struct match_entrant *entrant)
{
    const struct match_square *squares[9];
    size_t squares_n = match_grid_near(&pool->grids[!entrant->side], entrant->person.lat_e4,
                                       entrant->person.lon_e4, squares);
    int32_t n = 0;
    for (size_t s = 0; s < squares_n; s++)
        for (int32_t i = 0; i < squares[s]->count; i++) {
            const struct match_entrant *other = &pool->people[squares[s]->handles[i]].entrant;
            const struct match_entrant *newcomer = entrant->side == MATCH_LEFT ? entrant : other;
            const struct match_entrant *volunteer = entrant->side == MATCH_LEFT ? other : entrant;
            if (!may_pair(pool, newcomer, volunteer))
                continue;
            pool->links = match_grow(pool->links, &pool->links_room, n + 1, sizeof *pool->links);
            pool->links[n++] = (struct match_link){.node = squares[s]->handles[i],
                                                   .weight = weight_of(pool, newcomer, volunteer)};
        }
    return (size_t)n;
}

int match_pool_add(struct match_pool *pool, const struct match_entrant *entrant)
{
    int handle;
    size_t n = find_links(pool, entrant);
    must(
        match_assignment_add_node(pool->assignment, entrant->side, entrant->places, pool->links, n, &handle));
    seat(pool, handle, entrant);
    return handle;
}

static void load_edges(struct match_pool *pool)
{
    int32_t n = 0;
    for (int handle = 0; handle < pool->people_end; handle++) {
        if (!pool->people[handle].here || pool->people[handle].entrant.side != MATCH_LEFT)
            continue;
        size_t links_n = find_links(pool, &pool->people[handle].entrant);
        pool->edges = match_grow(pool->edges, &pool->edges_room, n + (int32_t)links_n, sizeof *pool->edges);
        for (size_t i = 0; i < links_n; i++)
            pool->edges[n++] = (struct match_edge){.left = handle,
                                                   .right = pool->links[i].node,
                                                   .weight = weight(pool, handle, pool->links[i].node)};
    }
    match_assignment_watch(pool->assignment, false);
    must(match_assignment_load(pool->assignment, pool->edges, (size_t)n, NULL));
    match_assignment_watch(pool->assignment, true);
    pool->scan_all = true;
    free(pool->edges);
    pool->edges = NULL;
    pool->edges_room = 0;
}

void match_pool_load(struct match_pool *pool, const struct match_entrant *entrants, size_t n,
                     int *ret_handles)
{
    for (size_t i = 0; i < n; i++) {
        must(match_assignment_add_node(pool->assignment, entrants[i].side, entrants[i].places, NULL, 0,
                                       &ret_handles[i]));
        seat(pool, ret_handles[i], &entrants[i]);
    }
    load_edges(pool);
}

static int any_neighbour(const struct match_pool *pool, int handle)
{
    const struct match_assignment *a = pool->assignment;
    return a->halves[a->nodes[handle].first].node;
}

/* Without places nobody is paired, and edges come off without repairs. */
static void cut_edges(struct match_pool *pool, int handle)
{
    bool left = pool->people[handle].entrant.side == MATCH_LEFT;
    while (match_assignment_degree(pool->assignment, handle) > 0) {
        int other = any_neighbour(pool, handle);
        must(match_assignment_remove_edge(pool->assignment, left ? handle : other, left ? other : handle));
    }
}

void match_pool_configure(struct match_pool *pool, const struct match_rules *rules,
                          const struct match_weights *weights)
{
    pool->settings.rules = *rules;
    pool->settings.weights = *weights;
    for (int side = 0; side < 2; side++) {
        match_grid_done(&pool->grids[side]);
        match_grid_init(&pool->grids[side], rules->max_distance_m);
    }
    match_pool_hold(pool);
    for (int handle = 0; handle < pool->people_end; handle++)
        if (pool->people[handle].here)
            must(match_assignment_set_capacity(pool->assignment, handle, 0));
    for (int handle = 0; handle < pool->people_end; handle++) {
        const struct match_entrant *entrant = &pool->people[handle].entrant;
        if (!pool->people[handle].here)
            continue;
        cut_edges(pool, handle);
        must(match_assignment_set_capacity(pool->assignment, handle, entrant->places));
        match_grid_add(&pool->grids[entrant->side], entrant->person.lat_e4, entrant->person.lon_e4, handle);
    }
    load_edges(pool);
    match_pool_release(pool);
}

void match_pool_update(struct match_pool *pool, int handle, const struct match_entrant *entrant)
{
    struct match_entrant *now = &pool->people[handle].entrant;
    match_pool_hold(pool);
    must(match_assignment_set_capacity(pool->assignment, handle, 0));
    cut_edges(pool, handle);
    match_grid_remove(&pool->grids[now->side], now->person.lat_e4, now->person.lon_e4, handle);
    *now = *entrant;
    match_grid_add(&pool->grids[now->side], now->person.lat_e4, now->person.lon_e4, handle);
    size_t n = find_links(pool, now);
    for (size_t i = 0; i < n; i++) {
        int newcomer = now->side == MATCH_LEFT ? handle : pool->links[i].node;
        int volunteer = now->side == MATCH_LEFT ? pool->links[i].node : handle;
        must(match_assignment_add_edge(pool->assignment, newcomer, volunteer,
                                       weight(pool, newcomer, volunteer)));
    }
    must(match_assignment_set_capacity(pool->assignment, handle, entrant->places));
    match_pool_release(pool);
}

void match_pool_remove(struct match_pool *pool, int handle)
{
    struct pool_person *person = &pool->people[handle];
    match_pool_vanish_all(pool, handle);
    match_grid_remove(&pool->grids[person->entrant.side], person->entrant.person.lat_e4,
                      person->entrant.person.lon_e4, handle);
    person->here = false;
    must(match_assignment_remove_node(pool->assignment, handle));
}

void match_pool_set_places(struct match_pool *pool, int handle, int places)
{
    pool->people[handle].entrant.places = places;
    must(match_assignment_set_capacity(pool->assignment, handle, places));
}

void match_pool_hold(struct match_pool *pool)
{
    match_assignment_hold(pool->assignment);
}

void match_pool_release(struct match_pool *pool)
{
    match_assignment_release(pool->assignment);
}

void match_pool_take_pair(struct match_pool *pool, int newcomer, int volunteer)
{
    if (match_assignment_take_pair(pool->assignment, newcomer, volunteer) != MATCH_OK)
        return;
    pool->people[newcomer].entrant.places--;
    pool->people[volunteer].entrant.places--;
}

void match_pool_review(struct match_pool *pool, int newcomer, int volunteer)
{
    bool edge = has_edge(pool, newcomer, volunteer);
    bool wanted = may_pair(pool, &pool->people[newcomer].entrant, &pool->people[volunteer].entrant);
    if (edge && !wanted)
        must(match_assignment_remove_edge(pool->assignment, newcomer, volunteer));
    else if (!edge && wanted)
        must(match_assignment_add_edge(pool->assignment, newcomer, volunteer,
                                       weight(pool, newcomer, volunteer)));
    else if (edge)
        match_pool_reweigh(pool, newcomer, volunteer);
}
