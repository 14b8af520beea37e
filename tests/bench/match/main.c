/* Times the matching engine: a full solve beside LEMON's NetworkSimplex, in turns; then single changes.
 * Usage: bench-match [people a side] [edges a newcomer] [rounds] [changes] [FOLDER to write the instances to]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "peer.h"
#include "world.h"

#define ROUNDS_MAX 15

static const char *const shape_names[] = {"uniform", "near", "scarce"};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare_double(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* The value below which this part of all lies; sorts them. */
static double quantile(double *values, int count, double part)
{
    qsort(values, (size_t)count, sizeof *values, compare_double);
    int at = (int)(part * count);
    return values[at < count ? at : count - 1];
}

/* ---- the full solve */

static int64_t solve_by_peer(const struct world *w, struct peer_time *ret_time)
{
    struct peer_edge *edges = calloc(w->edge_count, sizeof *edges);
    int *capacity = calloc((size_t)w->rights, sizeof *capacity);
    /* Handles count up from 0, the newcomers' first. */
    for (size_t i = 0; i < w->edge_count; i++)
        edges[i] = (struct peer_edge){w->edges[i].left, w->edges[i].right - w->lefts, w->edges[i].weight};
    for (int i = 0; i < w->rights; i++)
        capacity[i] = match_assignment_capacity(w->a, w->right[i]);
    int64_t total = peer_solve(w->lefts, w->rights, capacity, edges, w->edge_count, ret_time);
    free(edges);
    free(capacity);
    return total;
}

static void compare_solves(struct world *w, int rounds)
{
    double ours[ROUNDS_MAX], peers[ROUNDS_MAX], ratio[ROUNDS_MAX], ours_wall[ROUNDS_MAX],
        peers_wall[ROUNDS_MAX];
    bool equal = true;
    for (int i = 0; i < rounds; i++) {
        struct peer_time peer;
        int64_t expected = solve_by_peer(w, &peer);
        double cpu = seconds(CLOCK_THREAD_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
        if (i == 0)
            must(match_assignment_load(w->a, w->edges, w->edge_count, NULL));
        else
            match_assignment_solve(w->a);
        ours[i] = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
        ours_wall[i] = seconds(CLOCK_MONOTONIC) - wall;
        peers[i] = peer.cpu_s;
        peers_wall[i] = peer.wall_s;
        ratio[i] = ours[i] / peers[i];
        equal = equal && match_assignment_total(w->a) == expected && match_assignment_check(w->a) == NULL;
    }
    printf("%-8s %9zu  %8.2f %8.2f  %8.2f %8.2f  %6.2f  %s\n", shape_names[w->shape], w->edge_count,
           quantile(ours, rounds, 0.5), quantile(ours_wall, rounds, 0.5), quantile(peers, rounds, 0.5),
           quantile(peers_wall, rounds, 0.5), quantile(ratio, rounds, 0.5),
           equal ? "equal, proven" : "TOTALS DIFFER");
    fflush(stdout);
}

/* ---- changes */

enum change {
    NEWCOMER_ARRIVES,
    NEWCOMER_LEAVES,
    VOLUNTEER_ARRIVES,
    VOLUNTEER_LEAVES,
    ACCEPTED,
    STOPPED,
    DECLINED,
    REWEIGHED,
    PAUSED,
    RESUMED,
    CHANGES
};

static const char *const change_names[CHANGES] = {
    "newcomer arrives", "newcomer leaves", "volunteer arrives", "volunteer leaves", "pair accepted",
    "duo stopped",      "pair declined",   "pair reweighed",    "volunteer paused", "volunteer resumes"};

struct sample {
    double cpu_us, wall_us, nodes;
};

struct log {
    struct sample *samples[CHANGES];
    int count[CHANGES];
    struct sample before;
};

static struct sample now(const struct world *w)
{
    return (struct sample){.cpu_us = seconds(CLOCK_THREAD_CPUTIME_ID) * 1e6,
                           .wall_us = seconds(CLOCK_MONOTONIC) * 1e6,
                           .nodes = (double)match_assignment_effort(w->a).nodes};
}

static void log_done(struct log *log, enum change change, const struct world *w)
{
    struct sample after = now(w);
    log->samples[change][log->count[change]++] =
        (struct sample){.cpu_us = after.cpu_us - log->before.cpu_us,
                        .wall_us = after.wall_us - log->before.wall_us,
                        .nodes = after.nodes - log->before.nodes};
}

/* Runs one change, notes what it cost, and ends the program when it failed. */
#define TIMED(log, change, w, call) ((log)->before = now(w), must(call), log_done(log, change, w))

static enum match_status arrive(struct world *w, enum match_side side, int person, int capacity, size_t links)
{
    int *handle = side == MATCH_LEFT ? &w->left[person] : &w->right[person];
    return match_assignment_add_node(w->a, side, capacity, w->links, links, handle);
}

static void leave_and_arrive(struct world *w, struct log *log, enum match_side side, int person)
{
    bool left = side == MATCH_LEFT;
    int capacity = left ? 1 : world_capacity(w);
    TIMED(log, left ? NEWCOMER_LEAVES : VOLUNTEER_LEAVES, w,
          match_assignment_remove_node(w->a, left ? w->left[person] : w->right[person]));
    size_t links = world_links(w, side, person);
    TIMED(log, left ? NEWCOMER_ARRIVES : VOLUNTEER_ARRIVES, w, arrive(w, side, person, capacity, links));
}

/* The volunteer has a place fewer, the newcomer leaves. */
static enum match_status accept(struct world *w, int left, int right)
{
    enum match_status status = match_assignment_take_pair(w->a, left, right);
    return status != MATCH_OK ? status : match_assignment_remove_node(w->a, left);
}

/* Both wait again. */
static enum match_status stop(struct world *w, int person, int right, size_t links)
{
    int capacity = match_assignment_capacity(w->a, right);
    match_assignment_hold(w->a);
    enum match_status status = match_assignment_set_capacity(w->a, right, capacity + 1);
    if (status == MATCH_OK)
        status = arrive(w, MATCH_LEFT, person, 1, links);
    match_assignment_release(w->a);
    return status;
}

static void accept_and_stop(struct world *w, struct log *log, int person, int right)
{
    TIMED(log, ACCEPTED, w, accept(w, w->left[person], right));
    size_t links = world_links(w, MATCH_LEFT, person);
    TIMED(log, STOPPED, w, stop(w, person, right, links));
}

static void change_at_random(struct world *w, struct log *log)
{
    int person = random_below(w->lefts), left = w->left[person];
    int right = w->right[random_below(w->rights)];
    bool paired = match_assignment_partner_count(w->a, left) > 0;
    int partner = paired ? match_assignment_partner(w->a, left, 0) : -1;
    switch (random_below(6)) {
    case 0:
        leave_and_arrive(w, log, MATCH_LEFT, person);
        break;
    case 1:
        leave_and_arrive(w, log, MATCH_RIGHT, random_below(w->rights));
        break;
    case 2:
        if (paired)
            accept_and_stop(w, log, person, partner);
        break;
    case 3:
        if (paired)
            TIMED(log, DECLINED, w, match_assignment_remove_edge(w->a, left, partner));
        break;
    case 4:
        if (paired)
            TIMED(log, REWEIGHED, w,
                  match_assignment_set_weight(w->a, left, partner, 1 + random_below(1000000)));
        break;
    default: {
        int capacity = match_assignment_capacity(w->a, right);
        TIMED(log, PAUSED, w, match_assignment_set_capacity(w->a, right, 0));
        TIMED(log, RESUMED, w, match_assignment_set_capacity(w->a, right, capacity));
    }
    }
}

static double part_of(const struct sample *samples, int count, size_t field, double part)
{
    double *values = calloc((size_t)count, sizeof *values);
    for (int i = 0; i < count; i++)
        values[i] = *(const double *)((const char *)&samples[i] + field);
    double found = quantile(values, count, part);
    free(values);
    return found;
}

static void report(const struct log *log, enum change change)
{
    const struct sample *samples = log->samples[change];
    int count = log->count[change];
    if (count == 0)
        return;
    printf("  %-18s %6d", change_names[change], count);
    for (size_t field = 0; field < sizeof(struct sample); field += sizeof(double))
        printf("  %7.0f %7.0f", part_of(samples, count, field, 0.5), part_of(samples, count, field, 0.99));
    printf("\n");
}

static void time_changes(struct world *w, int changes)
{
    struct log log = {0};
    for (int i = 0; i < CHANGES; i++)
        log.samples[i] = calloc((size_t)changes, sizeof *log.samples[i]);
    for (int i = 0; i < changes; i++)
        change_at_random(w, &log);
    printf("%s\n", shape_names[w->shape]);
    for (int i = 0; i < CHANGES; i++) {
        report(&log, (enum change)i);
        free(log.samples[i]);
    }
    const char *fault = match_assignment_check(w->a);
    __int128 kept = match_assignment_total(w->a);
    match_assignment_solve(w->a);
    printf("  afterwards: %s; a full solve gives %s\n", fault != NULL ? fault : "proven optimal",
           match_assignment_total(w->a) == kept ? "the same total" : "ANOTHER TOTAL");
    fflush(stdout);
}

static int argument(int argc, char **argv, int index, int otherwise)
{
    int value = argc > index ? atoi(argv[index]) : otherwise;
    return value > 0 ? value : otherwise;
}

int main(int argc, char **argv)
{
    int people = argument(argc, argv, 1, 100000), degree = argument(argc, argv, 2, 16);
    int rounds = argument(argc, argv, 3, 3), changes = argument(argc, argv, 4, 5000);
    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    struct world worlds[3];
    printf(
        "Full solve of %d a side, %d rounds in turns, medians in seconds; LEMON without building its graph,\n"
        "Koppel in the first round with reading the edges in\n\n",
        people, rounds);
    printf("%-8s %9s  %17s  %17s  %6s  %s\n", "", "edges", "Koppel cpu    wall", "LEMON cpu     wall",
           "ratio", "totals");
    for (int i = 0; i < 3; i++) {
        world_init(&worlds[i], (enum shape)i, people, degree);
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.txt", argc > 5 ? argv[5] : "", shape_names[i]);
        if (argc > 5)
            world_write(&worlds[i], path);
        compare_solves(&worlds[i], rounds);
    }
    printf("\n%d random changes each, in microseconds; nodes: what the searches looked at\n\n", changes);
    printf("  %-18s %6s  %15s  %15s  %15s\n", "", "", "cpu p50     p99", "wall p50     p99",
           "nodes p50     p99");
    for (int i = 0; i < 3; i++) {
        time_changes(&worlds[i], changes);
        world_done(&worlds[i]);
    }
    return 0;
}
