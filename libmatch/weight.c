/* The tie-breaker of match/weight.h.
 * Not a secret: anyone who knows the keys can compute it. */
#include "match/weight.h"
#include "mix.h"

int64_t match_weight_unique(int64_t score, unsigned low_bits, unsigned spread_bits, uint64_t left_key,
                            uint64_t right_key)
{
    int64_t weight = score * ((int64_t)1 << low_bits);
    if (score <= 0)
        return weight;
    uint64_t hash = match_mix(match_mix(left_key + 0x9e3779b97f4a7c15U) ^ right_key);
    return weight + (int64_t)(hash & (((uint64_t)1 << spread_bits) - 1));
}
