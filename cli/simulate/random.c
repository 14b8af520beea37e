/* See random.h: splitmix64. */
#include "simulate/random.h"

#include <math.h>

static uint64_t next(struct random *self)
{
    uint64_t z = self->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct random random_seeded(uint64_t seed, const char *name)
{
    struct random self = {.state = seed};
    for (; *name != '\0'; name++)
        self.state = next(&self) ^ (uint8_t)*name;
    return self;
}

int64_t random_between(struct random *self, int64_t low, int64_t high)
{
    return low + (int64_t)(next(self) % (uint64_t)(high - low + 1));
}

/* 0 ≤ x < 1 */
static double unit(struct random *self)
{
    return (double)(next(self) >> 11) * 0x1.0p-53;
}

bool random_chance(struct random *self, double probability)
{
    return unit(self) < probability;
}

double random_exponential(struct random *self, double mean)
{
    return -mean * log1p(-unit(self));
}

size_t random_weighted(struct random *self, const double *weights, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    double left = unit(self) * sum;
    for (size_t i = 0; i + 1 < n; i++) {
        left -= weights[i];
        if (left < 0)
            return i;
    }
    return n - 1;
}
