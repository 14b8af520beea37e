/* Texts by their characters. */
#include "bus/text.h"

#include <string.h>

void bus_text_trim(char *text)
{
    size_t size = strlen(text), start = size;
    while (start > 0 && size - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char first = (unsigned char)text[start - 1];
    size_t wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (size - start + 1 < wanted)
        text[start - 1] = '\0';
}

uint32_t bus_text_point(const char **at)
{
    const uint8_t *c = (const uint8_t *)*at;
    size_t more = c[0] < 0x80 ? 0 : c[0] < 0xE0 ? 1 : c[0] < 0xF0 ? 2 : 3;
    uint32_t point = more == 0 ? c[0] : c[0] & (0x3FU >> more);
    size_t i = 1;
    for (; i <= more && (c[i] & 0xC0) == 0x80; i++)
        point = point << 6 | (c[i] & 0x3FU);
    *at += i;
    return point;
}
