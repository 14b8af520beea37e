/* A seeded random source: the same seed gives the same numbers on every machine. Pure. */
#ifndef CLI_SIMULATE_RANDOM_H
#define CLI_SIMULATE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

struct random random_seeded(uint64_t seed, const char *name); /* each name gives a source of its own */
int64_t random_between(struct random *self, int64_t low, int64_t high); /* both included */
bool random_chance(struct random *self, double probability);
double random_exponential(struct random *self, double mean);
/* An index below n, in proportion to weights[i]. */
size_t random_weighted(struct random *self, const double *weights, size_t n);

#endif
