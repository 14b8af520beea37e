/* See suppression.h. Every way to another table with the same published cells goes round in the network:
 * along some cells, which become larger, and against others, which become smaller. So whether a cell can be
 * told is a question of ways, and what must be hidden with it is the cheapest way. */
#include "suppression.h"

#include <string.h>

#define FEWEST_E2 INT64_C(500)
#define ONE_E2    INT64_C(100)
#define FAR       INT64_MAX
#define TOTAL     (INT64_C(1) << 48) /* what hiding a total costs more than hiding a part */

struct edge {
    size_t from, to;
    int64_t size_e2, cost, used_e2;
    bool told, guarded;
    bool *hidden;
};

/* How a sum was reached: over an edge, along it or against it. */
struct step {
    int64_t cost;
    size_t edge;
    bool against;
};

struct network {
    struct bus_arena *arena;
    struct edge *edges;
    size_t n, room, sums;
    struct step *steps; /* a search: for each sum, the last step of the cheapest way to it */
};

/* A search from one sum to another. `full`: an edge takes no more than its size along it, and any amount
 * against it. Otherwise it takes one more always, and gives one up if it has two. */
struct search {
    size_t from, to;
    bool full;
    const struct edge *without;
};

/* Of how many a cell tells, in hundredths: of its amount, or of the `parts` that rests on if those are fewer
 * (hours; else 0). */
static int64_t size_of_e2(int64_t amount_e2, int64_t parts)
{
    int64_t size_e2 = amount_e2 < 0 ? -amount_e2 : amount_e2;
    return parts > 0 && size_e2 > parts * 100 ? parts * 100 : size_e2;
}

bool cell_is_small(int64_t amount_e2, int64_t parts)
{
    int64_t size_e2 = size_of_e2(amount_e2, parts);
    return size_e2 > 0 && size_e2 < FEWEST_E2;
}

struct network *network_new(struct bus_arena *arena)
{
    struct network *self = bus_alloc(arena, sizeof *self);
    self->arena = arena;
    return self;
}

size_t network_sum(struct network *self)
{
    return self->sums++;
}

static void make_room(struct network *self)
{
    if (self->n < self->room)
        return;
    self->room = self->room ? self->room * 2 : 64;
    struct edge *edges = bus_alloc_array(self->arena, self->room, sizeof *edges);
    if (self->n > 0)
        memcpy(edges, self->edges, self->n * sizeof *edges);
    self->edges = edges;
}

/* Less than nothing of a cell is as much of it the other way. */
void network_add(struct network *self, size_t from, size_t to, const struct network_cell *cell)
{
    if (cell->amount_e2 == 0)
        return;
    bool turned = cell->amount_e2 < 0;
    int64_t size_e2 = size_of_e2(cell->amount_e2, cell->parts);
    make_room(self);
    self->edges[self->n++] = (struct edge){.from = turned ? to : from,
                                           .to = turned ? from : to,
                                           .size_e2 = size_e2,
                                           .cost = size_e2 + (cell->total ? TOTAL : 0),
                                           .told = cell->told,
                                           .guarded = cell->guarded || size_e2 < FEWEST_E2,
                                           .hidden = cell->hidden};
}

static bool improve(struct network *self, size_t edge, bool against)
{
    const struct edge *over = &self->edges[edge];
    const struct step *here = &self->steps[against ? over->to : over->from];
    struct step *there = &self->steps[against ? over->from : over->to];
    int64_t cost = here->cost == FAR ? FAR : here->cost + (*over->hidden ? 0 : over->cost);
    if (cost >= there->cost)
        return false;
    *there = (struct step){cost, edge, against};
    return true;
}

/* The cheapest way, where hidden cells cost nothing; FAR when there is none. */
static int64_t find_way(struct network *self, const struct search *search)
{
    for (size_t i = 0; i < self->sums; i++)
        self->steps[i] = (struct step){.cost = FAR};
    self->steps[search->from].cost = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < self->n; i++) {
            const struct edge *edge = &self->edges[i];
            if (edge == search->without || (edge->told && !*edge->hidden))
                continue;
            if (!search->full || edge->used_e2 < edge->size_e2)
                changed |= improve(self, i, false);
            if (search->full || edge->size_e2 > ONE_E2)
                changed |= improve(self, i, true);
        }
    }
    return self->steps[search->to].cost;
}

/* Hides what lies on the way that was found, and takes as much along it as goes, up to `most_e2`. */
static int64_t take_way(struct network *self, const struct search *search, int64_t most_e2)
{
    for (size_t at = search->to; at != search->from;) {
        const struct step *step = &self->steps[at];
        const struct edge *edge = &self->edges[step->edge];
        int64_t left_e2 = edge->size_e2 - edge->used_e2;
        *edge->hidden = true;
        if (!step->against && left_e2 < most_e2)
            most_e2 = left_e2;
        at = step->against ? edge->to : edge->from;
    }
    for (size_t at = search->to; at != search->from;) {
        const struct step *step = &self->steps[at];
        struct edge *edge = &self->edges[step->edge];
        edge->used_e2 += step->against ? -most_e2 : most_e2;
        at = step->against ? edge->to : edge->from;
    }
    return most_e2;
}

/* A sum of hidden cells that can be worked out is what parts the network in two, and all goes one way there.
 * So none with this cell in it is small when enough can go from its one end to the other. */
static void guard_sums(struct network *self, const struct edge *edge)
{
    struct search search = {.from = edge->from, .to = edge->to, .full = true};
    for (size_t i = 0; i < self->n; i++)
        self->edges[i].used_e2 = 0;
    for (int64_t more_e2 = FEWEST_E2; more_e2 > 0 && find_way(self, &search) != FAR;)
        more_e2 -= take_way(self, &search, more_e2);
}

/* One more of it must come back to where it came from, or one less be made up for. */
static void guard_number(struct network *self, const struct edge *edge)
{
    struct search more = {.from = edge->to, .to = edge->from, .without = edge};
    struct search less = {.from = edge->from, .to = edge->to, .without = edge};
    int64_t cost = edge->size_e2 > ONE_E2 ? find_way(self, &less) : FAR;
    if (find_way(self, &more) < cost)
        take_way(self, &more, 0);
    else if (cost != FAR && find_way(self, &less) != FAR)
        take_way(self, &less, 0);
}

/* Hiding more only opens ways, so what is guarded once stays so. */
void network_suppress(struct network *self)
{
    self->steps = bus_alloc_array(self->arena, self->sums, sizeof *self->steps);
    for (size_t i = 0; i < self->n; i++)
        *self->edges[i].hidden |= self->edges[i].size_e2 < FEWEST_E2;
    for (size_t i = 0; i < self->n; i++) {
        if (!self->edges[i].guarded)
            continue;
        guard_sums(self, &self->edges[i]);
        guard_number(self, &self->edges[i]);
    }
}
