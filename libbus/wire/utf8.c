/* UTF-8 checking: up to sixteen plain ASCII bytes at a step, the rest by the table of well-formed sequences.
 */
#include "wire/utf8.h"

#include <string.h>

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

static inline uint64_t load(const uint8_t *at, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, at, size);
    return word;
}

/* Zero when all eight bytes are from 1 to 127. */
static inline uint64_t odd(uint64_t word)
{
    return ((word - EACH_BYTE(1)) | word) & EACH_BYTE(0x80);
}

/* How many bytes, from `at` on, are taken at once as they stand; 0: look closer. The last few are looked at
 * together with those before them. */
static inline size_t plain_run(const uint8_t *text, size_t at, size_t size)
{
    const uint8_t *from = text + at;
    size_t left = size - at;
    if (left >= 16 && (odd(load(from, 8)) | odd(load(from + 8, 8))) == 0)
        return 16;
    if (left >= 8)
        return odd(load(from, 8)) == 0 ? 8 : from[0] - 1u < 0x7f;
    if (size >= 8 && odd(load(text + size - 8, 8)) == 0)
        return left;
    if (left >= 4 && odd(load(from, 4) | load(text + size - 4, 4) << 32) == 0)
        return left;
    return from[0] - 1u < 0x7f;
}

/* The length of the well-formed sequence at `at`, 0 when it is none. */
static size_t sequence(const uint8_t *at, size_t left)
{
    uint8_t first = at[0];
    size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first == 0 || (first >= 0x80 && first < 0xc2) || first > 0xf4 || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
    bool surrogate = first == 0xed && at[1] > 0x9f;
    bool beyond = first == 0xf4 && at[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : size;
}

bool wire_utf8_check(const uint8_t *text, size_t size, size_t *ret_chars)
{
    size_t at = 0, chars = 0;
    while (at < size) {
        size_t plain = plain_run(text, at, size);
        size_t n = plain > 0 ? plain : sequence(text + at, size - at);
        if (n == 0)
            return false;
        at += n;
        chars += plain > 0 ? plain : 1;
    }
    if (ret_chars)
        *ret_chars = chars;
    return true;
}
