/* Texts that snprintf has cut. */
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
