// Times the matching engine: a full solve of a large instance, then single changes on it.
// Usage: match_assignment_bench [uniform|near|scarce] [people a side] [changes] [edges a left node] [FILE to
// write]
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "match/assignment.h"

static uint64_t random_state = 1;

static uint64_t random_next(void)
{
    random_state += 0x9e3779b97f4a7c15U;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int random_below(int bound)
{
    return (int)(random_next() % (uint64_t)bound);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

enum shape { SHAPE_UNIFORM, SHAPE_NEAR, SHAPE_SCARCE };

struct world {
    enum shape shape;
    int side; // people on the left
    int rights;
    int degree;
    struct match_assignment *a;
    int *left, *right; // handles
};

// uniform: strangers, any weight. near: people on a circle of towns, who match within their own surroundings
// and better when nearer. scarce: as near, with half as many volunteers, a third of whom take two.
static struct match_link random_link(const struct world *w, int from, enum match_side side)
{
    int others = side == MATCH_LEFT ? w->rights : w->side;
    int own = side == MATCH_LEFT ? w->side : w->rights;
    int other = random_below(others);
    int64_t weight = 1 + random_below(1000000);
    if (w->shape != SHAPE_UNIFORM) {
        int reach = 64;
        int centre = (int)((int64_t)from * others / own);
        int offset = random_below(2 * reach + 1) - reach;
        other = ((centre + offset) % others + others) % others;
        weight = 600000 - 6000 * abs(offset) + random_below(400000);
    }
    return (struct match_link){.node = side == MATCH_LEFT ? w->right[other] : w->left[other],
                               .weight = weight};
}

static size_t random_links(const struct world *w, int from, enum match_side side, struct match_link *links)
{
    size_t count = 0;
    for (int tries = 0; tries < 4 * w->degree && count < (size_t)w->degree; tries++) {
        struct match_link link = random_link(w, from, side);
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || links[i].node == link.node;
        if (!known)
            links[count++] = link;
    }
    return count;
}

static int random_capacity(const struct world *w)
{
    return w->shape == SHAPE_SCARCE && random_below(3) == 0 ? 2 : 1;
}

static void must(enum match_status status)
{
    if (status != MATCH_OK) {
        fprintf(stderr, "bench: %s\n", match_status_text(status));
        exit(1);
    }
}

static void build(struct world *w, const char *file)
{
    w->a = match_assignment_new();
    w->left = malloc((size_t)w->side * sizeof *w->left);
    w->right = malloc((size_t)w->rights * sizeof *w->right);
    for (int i = 0; i < w->side; i++)
        must(match_assignment_add_node(w->a, MATCH_LEFT, 1, NULL, 0, &w->left[i]));
    for (int i = 0; i < w->rights; i++)
        must(match_assignment_add_node(w->a, MATCH_RIGHT, random_capacity(w), NULL, 0, &w->right[i]));
    struct match_edge *edges = malloc((size_t)w->side * (size_t)w->degree * sizeof *edges);
    struct match_link *links = malloc((size_t)w->degree * sizeof *links);
    size_t count = 0;
    for (int i = 0; i < w->side; i++) {
        size_t n = random_links(w, i, MATCH_LEFT, links);
        for (size_t k = 0; k < n; k++)
            edges[count++] =
                (struct match_edge){.left = w->left[i], .right = links[k].node, .weight = links[k].weight};
    }
    FILE *out = file != NULL ? fopen(file, "w") : NULL;
    for (int i = 0; out != NULL && i < w->rights; i++)
        fprintf(out, "capacity right r%d %d\n", w->right[i], match_assignment_capacity(w->a, w->right[i]));
    for (size_t i = 0; out != NULL && i < count; i++)
        fprintf(out, "l%d r%d %" PRId64 "\n", edges[i].left, edges[i].right, edges[i].weight);
    if (out != NULL)
        fclose(out);
    double start = now_us();
    must(match_assignment_load(w->a, edges, count, NULL));
    double loaded = now_us();
    match_assignment_solve(w->a);
    double solved = now_us();
    const char *fault = match_assignment_check(w->a);
    printf("%d x %d, %zu edges: load and solve %.0f ms, solve alone %.0f ms, check %.0f ms (%s)\n", w->side,
           w->rights, count, (loaded - start) / 1e3, (solved - loaded) / 1e3, (now_us() - solved) / 1e3,
           fault != NULL ? fault : "optimal");
    printf("  pairs %zu, total %lld\n", match_assignment_pair_count(w->a),
           (long long)match_assignment_total(w->a));
    free(edges);
    free(links);
}

static int compare_double(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void report(const char *what, double *us, int count)
{
    if (count == 0)
        return;
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += us[i];
    qsort(us, (size_t)count, sizeof *us, compare_double);
    printf("  %-22s %6d  mean %7.1f  p50 %7.1f  p90 %7.1f  p99 %7.1f  max %8.1f us\n", what, count,
           sum / count, us[count / 2], us[count * 9 / 10], us[count * 99 / 100], us[count - 1]);
}

enum change { ARRIVE_LEFT, LEAVE_LEFT, ARRIVE_RIGHT, LEAVE_RIGHT, DECLINE, REWEIGH, PAUSE, RESUME, CHANGES };

static const char *const change_names[CHANGES] = {"newcomer arrives", "newcomer leaves",  "volunteer arrives",
                                                  "volunteer leaves", "pair declined",    "pair reweighed",
                                                  "volunteer paused", "volunteer resumed"};

static void churn(struct world *w, int changes)
{
    double *us[CHANGES];
    int count[CHANGES] = {0};
    double *all = malloc((size_t)changes * 2 * sizeof *all);
    int all_count = 0;
    struct match_link *links = malloc((size_t)w->degree * sizeof *links);
    for (int i = 0; i < CHANGES; i++)
        us[i] = malloc((size_t)changes * sizeof(double));
#define TIMED(kind, call)               \
    do {                                \
        double start = now_us();        \
        must(call);                     \
        double took = now_us() - start; \
        us[kind][count[kind]++] = took; \
        all[all_count++] = took;        \
    } while (0)
    for (int i = 0; i < changes; i++) {
        int l = random_below(w->side), r = random_below(w->rights);
        switch (random_below(5)) {
        case 0: {
            TIMED(LEAVE_LEFT, match_assignment_remove_node(w->a, w->left[l]));
            size_t n = random_links(w, l, MATCH_LEFT, links);
            TIMED(ARRIVE_LEFT, match_assignment_add_node(w->a, MATCH_LEFT, 1, links, n, &w->left[l]));
            break;
        }
        case 1: {
            TIMED(LEAVE_RIGHT, match_assignment_remove_node(w->a, w->right[r]));
            size_t n = random_links(w, r, MATCH_RIGHT, links);
            TIMED(ARRIVE_RIGHT,
                  match_assignment_add_node(w->a, MATCH_RIGHT, random_capacity(w), links, n, &w->right[r]));
            break;
        }
        case 2:
            if (match_assignment_partner_count(w->a, w->left[l]) > 0)
                TIMED(DECLINE, match_assignment_remove_edge(w->a, w->left[l],
                                                            match_assignment_partner(w->a, w->left[l], 0)));
            break;
        case 3:
            if (match_assignment_partner_count(w->a, w->left[l]) > 0)
                TIMED(REWEIGH, match_assignment_set_weight(w->a, w->left[l],
                                                           match_assignment_partner(w->a, w->left[l], 0),
                                                           1 + random_below(1000000)));
            break;
        default: {
            int capacity = match_assignment_capacity(w->a, w->right[r]);
            TIMED(PAUSE, match_assignment_set_capacity(w->a, w->right[r], 0));
            TIMED(RESUME, match_assignment_set_capacity(w->a, w->right[r], capacity));
        }
        }
    }
#undef TIMED
    for (int i = 0; i < CHANGES; i++) {
        report(change_names[i], us[i], count[i]);
        free(us[i]);
    }
    report("every change", all, all_count);
    free(all);
    free(links);
}

static void compare_with_full_solve(struct world *w)
{
    const char *fault = match_assignment_check(w->a);
    __int128 kept = match_assignment_total(w->a);
    match_assignment_solve(w->a);
    printf("  after the changes: %s; a full solve gives %s\n", fault != NULL ? fault : "optimal",
           match_assignment_total(w->a) == kept ? "the same total" : "ANOTHER TOTAL");
}

int main(int argc, char **argv)
{
    struct world w = {.side = argc > 2 ? atoi(argv[2]) : 100000, .degree = argc > 4 ? atoi(argv[4]) : 16};
    const char *shape = argc > 1 ? argv[1] : "uniform";
    w.shape = strcmp(shape, "near") == 0     ? SHAPE_NEAR
              : strcmp(shape, "scarce") == 0 ? SHAPE_SCARCE
                                             : SHAPE_UNIFORM;
    w.rights = w.shape == SHAPE_SCARCE ? w.side / 2 : w.side;
    printf("%s: ", shape);
    build(&w, argc > 5 ? argv[5] : NULL);
    churn(&w, argc > 3 ? atoi(argv[3]) : 10000);
    compare_with_full_solve(&w);
    match_assignment_free(w.a);
    free(w.left);
    free(w.right);
    return 0;
}
