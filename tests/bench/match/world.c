/* See world.h. The same seed, so the same instances, in every run. */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define REACH 64 /* how many neighbours on either side someone could be paired with, but for "uniform" */

static uint64_t random_state = 1;

static uint64_t random_next(void)
{
    random_state += 0x9e3779b97f4a7c15U;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

int random_below(int bound)
{
    return (int)(random_next() % (uint64_t)bound);
}

void must(enum match_status status)
{
    if (status == MATCH_OK)
        return;
    fprintf(stderr, "bench: %s\n", match_status_text(status));
    exit(1);
}

static struct match_link random_link(const struct world *w, enum match_side side, int person)
{
    int own = side == MATCH_LEFT ? w->lefts : w->rights;
    int others = side == MATCH_LEFT ? w->rights : w->lefts;
    int other = random_below(others);
    int64_t weight = 1 + random_below(1000000);
    if (w->shape != SHAPE_UNIFORM) {
        int offset = random_below(2 * REACH + 1) - REACH;
        other = (int)((int64_t)person * others / own + offset + others) % others;
        weight = 600000 - 6000 * abs(offset) + random_below(400000);
    }
    return (struct match_link){.node = side == MATCH_LEFT ? w->right[other] : w->left[other],
                               .weight = weight};
}

size_t world_links(struct world *w, enum match_side side, int person)
{
    size_t count = 0;
    for (int tries = 0; tries < 4 * w->degree && count < (size_t)w->degree; tries++) {
        struct match_link link = random_link(w, side, person);
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || w->links[i].node == link.node;
        if (!known)
            w->links[count++] = link;
    }
    return count;
}

int world_capacity(const struct world *w)
{
    return w->shape == SHAPE_SCARCE && random_below(3) == 0 ? 2 : 1;
}

void world_init(struct world *w, enum shape shape, int people, int degree)
{
    *w = (struct world){.shape = shape, .lefts = people, .degree = degree, .a = match_assignment_new()};
    w->rights = shape == SHAPE_SCARCE ? people / 2 : people;
    w->left = calloc((size_t)w->lefts, sizeof *w->left);
    w->right = calloc((size_t)w->rights, sizeof *w->right);
    w->links = calloc((size_t)degree, sizeof *w->links);
    w->edges = calloc((size_t)people * (size_t)degree, sizeof *w->edges);
    for (int i = 0; i < w->lefts; i++)
        must(match_assignment_add_node(w->a, MATCH_LEFT, 1, NULL, 0, &w->left[i]));
    for (int i = 0; i < w->rights; i++)
        must(match_assignment_add_node(w->a, MATCH_RIGHT, world_capacity(w), NULL, 0, &w->right[i]));
    for (int i = 0; i < w->lefts; i++) {
        size_t n = world_links(w, MATCH_LEFT, i);
        for (size_t k = 0; k < n; k++)
            w->edges[w->edge_count++] = (struct match_edge){
                .left = w->left[i], .right = w->links[k].node, .weight = w->links[k].weight};
    }
}

void world_done(struct world *w)
{
    match_assignment_free(w->a);
    free(w->left);
    free(w->right);
    free(w->links);
    free(w->edges);
}

void world_write(const struct world *w, const char *path)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        exit(1);
    }
    for (int i = 0; i < w->rights; i++)
        fprintf(out, "capacity right r%d %d\n", w->right[i], match_assignment_capacity(w->a, w->right[i]));
    for (size_t i = 0; i < w->edge_count; i++)
        fprintf(out, "l%d r%d %" PRId64 "\n", w->edges[i].left, w->edges[i].right, w->edges[i].weight);
    fclose(out);
}
