/* The same instance given to another solver, for the comparison alone. */
#ifndef TESTS_BENCH_MATCH_PEER_H
#define TESTS_BENCH_MATCH_PEER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct peer_edge {
    int left, right; /* each side counted from 0 */
    int64_t weight;
};

struct peer_time {
    double cpu_s, wall_s;
};

/* LEMON's NetworkSimplex, its run() alone: the graph has been built before the clock starts. Returns the
 * total. */
int64_t peer_solve(int lefts, int rights, const int *right_capacity, const struct peer_edge *edges,
                   size_t edge_count, struct peer_time *ret_time);

#ifdef __cplusplus
}
#endif

#endif
