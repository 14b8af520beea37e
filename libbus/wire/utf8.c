/* UTF-8 checking: eight plain ASCII bytes at a step, the rest by the table of well-formed sequences. */
#include "wire/utf8.h"

#include <string.h>

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Eight bytes, all from 1 to 127. */
static bool is_plain(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return (((word - EACH_BYTE(1)) | word) & EACH_BYTE(0x80)) == 0;
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
        if (size - at >= 8 && is_plain(text + at)) {
            at += 8;
            chars += 8;
            continue;
        }
        size_t n = sequence(text + at, size - at);
        if (n == 0)
            return false;
        at += n;
        chars++;
    }
    if (ret_chars)
        *ret_chars = chars;
    return true;
}
