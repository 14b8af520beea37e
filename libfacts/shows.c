/* Which characters are seen: Unicode has many that are not, and a name of those alone is none. */
#include <stddef.h>

#include "bus/text.h"
#include "facts/facts.h"

static const struct {
    uint32_t first, last;
} unseen[] = {
    {0x80, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},   {0x2028, 0x202F},
    {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

static bool is_unseen(uint32_t point)
{
    size_t i = 0;
    while (i < sizeof unseen / sizeof *unseen && point > unseen[i].last)
        i++;
    return i < sizeof unseen / sizeof *unseen && point >= unseen[i].first;
}

bool facts_shows(const char *text)
{
    bool blank = true;
    while (*text != '\0') {
        uint32_t point = bus_text_point(&text);
        if (point == ' ')
            continue;
        blank = false;
        if (!is_unseen(point))
            return true;
    }
    return blank;
}
