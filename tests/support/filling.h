/* Bytes that no compression makes smaller, the same for the same seed: what a measured event is filled with.
 * Letters, digits, - and _, so that text may hold them too. */
#ifndef SUPPORT_FILLING_H
#define SUPPORT_FILLING_H

#include <stddef.h>
#include <stdint.h>

static inline void filling_write(char *to, size_t size, uint64_t seed)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t random = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15); /* seeds beside each other begin far apart */
    for (size_t i = 0; i < size; i++) {
        if (i % 10 == 0) { /* xorshift, ten letters of six bits at a time */
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
        }
        to[i] = letters[random >> (i % 10 * 6) & 63];
    }
}

#endif
