/* Spreads the bits of a number over all of it: a small change in gives an unrelated number out.
 * For hash tables and tie-breakers, not for secrets. */
#ifndef MATCH_MIX_H
#define MATCH_MIX_H

#include <stdint.h>

static inline uint64_t match_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

#endif
