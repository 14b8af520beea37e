/* A slow and simple second opinion on the best total of a small instance, for the tests alone.
 * Shares no idea with the engine: it tries, left by left, every set of edges for every state of the
 * rights. */
#ifndef TESTS_MATCH_MODEL_H
#define TESTS_MATCH_MODEL_H

#include <stdint.h>

#define MODEL_LEFTS    5
#define MODEL_RIGHTS   4
#define MODEL_CAPACITY 3
#define MODEL_NO_EDGE  INT64_MIN

struct model {
    int left_handle[MODEL_LEFTS]; /* -1: not there */
    int right_handle[MODEL_RIGHTS];
    int left_capacity[MODEL_LEFTS];
    int right_capacity[MODEL_RIGHTS];
    int64_t weight[MODEL_LEFTS][MODEL_RIGHTS];
};

static inline void model_init(struct model *m)
{
    for (int l = 0; l < MODEL_LEFTS; l++) {
        m->left_handle[l] = -1;
        m->left_capacity[l] = 0;
        for (int r = 0; r < MODEL_RIGHTS; r++)
            m->weight[l][r] = MODEL_NO_EDGE;
    }
    for (int r = 0; r < MODEL_RIGHTS; r++) {
        m->right_handle[r] = -1;
        m->right_capacity[r] = 0;
    }
}

/* The worth of giving left node l the set of rights `set`, or -1 when that cannot be; *state is what
 * remains of the rights' capacities, each a digit in base MODEL_CAPACITY + 1. */
static inline int64_t model_take(const struct model *m, int l, unsigned set, int *state)
{
    int64_t worth = 0;
    int digit = 1;
    if (__builtin_popcount(set) > m->left_capacity[l])
        return -1;
    for (int r = 0; r < MODEL_RIGHTS; r++, digit *= MODEL_CAPACITY + 1) {
        if ((set >> r & 1) == 0)
            continue;
        int room = *state / digit % (MODEL_CAPACITY + 1);
        /* A set with a negative edge is never better than the same set without it. */
        if (m->weight[l][r] < 0 || room == 0)
            return -1;
        worth += m->weight[l][r];
        *state -= digit;
    }
    return worth;
}

static inline int64_t model_best_total(const struct model *m)
{
    enum { STATES = 256 };
    int64_t best[STATES], next[STATES];
    int start = 0, digit = 1;
    for (int r = 0; r < MODEL_RIGHTS; r++, digit *= MODEL_CAPACITY + 1)
        start += m->right_capacity[r] * digit;
    for (int s = 0; s < STATES; s++)
        best[s] = s == start ? 0 : -1;
    for (int l = 0; l < MODEL_LEFTS; l++) {
        for (int s = 0; s < STATES; s++)
            next[s] = -1;
        for (int s = 0; s < STATES; s++) {
            for (unsigned set = 0; best[s] >= 0 && set < 1U << MODEL_RIGHTS; set++) {
                int after = s;
                int64_t worth = model_take(m, l, set, &after);
                if (worth >= 0 && best[s] + worth > next[after])
                    next[after] = best[s] + worth;
            }
        }
        for (int s = 0; s < STATES; s++)
            best[s] = next[s];
    }
    int64_t total = 0;
    for (int s = 0; s < STATES; s++)
        total = best[s] > total ? best[s] : total;
    return total;
}

#endif
