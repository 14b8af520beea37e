/* Makes the optimum unique, all but certainly: a hash of the pair's own keys in the low bits of a weight
 * breaks ties, so that the pairs follow from who is there and not from the order in which they came. */
#ifndef MATCH_WEIGHT_H
#define MATCH_WEIGHT_H

#include <stdint.h>

/* Returns score * 2^low_bits plus a tie-breaker of at most `spread_bits` bits, drawn from both keys.
 * A positive score gives a positive weight; zero or a negative one gives a weight that is never matched.
 *
 * With P pairs at most in a matching, low_bits >= spread_bits + log2(P) keeps the total *score* exactly
 * optimal: all tie-breakers together stay below one point. The chance that two best matchings still tie is at
 * most E / 2^spread_bits for E edges (the isolation lemma, for hashes as good as chance): from 2^spread_bits
 * edges on that promises nothing. Score must lie within +-2^(53 - low_bits).
 *
 * Example: scores to 10,000 (14 bits), a thousand pairs: low_bits 36, spread_bits 26. */
int64_t match_weight_unique(int64_t score, unsigned low_bits, unsigned spread_bits, uint64_t left_key,
                            uint64_t right_key);

#endif
