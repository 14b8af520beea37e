/* Large made-up instances: who is there and who could be paired with whom. */
#ifndef TESTS_BENCH_MATCH_WORLD_H
#define TESTS_BENCH_MATCH_WORLD_H

#include <stdint.h>

#include "match/assignment.h"

/* uniform: strangers, any weight. near: people on a circle of towns, who match within their surroundings and
 * better when nearer. scarce: as near, with half as many volunteers, a third of whom take two. */
enum shape { SHAPE_UNIFORM, SHAPE_NEAR, SHAPE_SCARCE };

struct world {
    enum shape shape;
    int lefts, rights, degree;
    struct match_assignment *a;
    int *left, *right; /* handles */
    struct match_edge *edges;
    size_t edge_count;
    struct match_link *links; /* scratch for one person */
};

int random_below(int bound);

/* People and edges, not yet loaded into the assignment. */
void world_init(struct world *w, enum shape shape, int people, int degree);
void world_done(struct world *w);

/* The links of someone new in the place of this person, into w->links. */
size_t world_links(struct world *w, enum match_side side, int person);
int world_capacity(const struct world *w);

/* As `koppel match` reads it. */
void world_write(const struct world *w, const char *path);

/* Ends the program when the call failed. */
void must(enum match_status status);

#endif
