/* See names.h. */
#include "names.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bus/text.h"

/* U+00C0 to U+017F without their accents; "" for what is not a letter. */
static const char *const plain_latin[] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i", /* 00C0 */
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i", /* 00E0 */
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y",
    "a", "a", "a",  "a",  "a", "a", "c",  "c", "c", "c", "c", "c", "c", "c", "d",  "d", /* 0100 */
    "d", "d", "e",  "e",  "e", "e", "e",  "e", "e", "e", "e", "e", "g", "g", "g",  "g",
    "g", "g", "g",  "g",  "h", "h", "h",  "h", "i", "i", "i", "i", "i", "i", "i",  "i", /* 0120 */
    "i", "i", "ij", "ij", "j", "j", "k",  "k", "k", "l", "l", "l", "l", "l", "l",  "l",
    "l", "l", "l",  "n",  "n", "n", "n",  "n", "n", "n", "n", "n", "o", "o", "o",  "o", /* 0140 */
    "o", "o", "oe", "oe", "r", "r", "r",  "r", "r", "r", "s", "s", "s", "s", "s",  "s",
    "s", "s", "t",  "t",  "t", "t", "t",  "t", "u", "u", "u", "u", "u", "u", "u",  "u", /* 0160 */
    "u", "u", "u",  "u",  "w", "w", "y",  "y", "y", "z", "z", "z", "z", "z", "z",  "s",
};

static uint32_t without_case(uint32_t point)
{
    if ((point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F)) /* Greek, Cyrillic */
        return point + 0x20;
    if (point >= 0x400 && point <= 0x40F)
        return point + 0x50;
    if (point == 0x490) /* Ukrainian ghe with upturn */
        return 0x491;
    return point;
}

static char *put_point(char *out, uint32_t point)
{
    if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
    } else if (point < 0x10000) {
        *out++ = (char)(0xE0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
    } else {
        *out++ = (char)(0xF0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (point & 0x3F));
    return out;
}

static bool joins_words(uint32_t point) /* apostrophes, accents that stand alone */
{
    return point == '\'' || point == '`' || point == 0xB4 || point == 0x2019 || point == 0x2018 ||
           point == 0x2BC || (point >= 0x300 && point <= 0x36F);
}

static char *fold_point(char *out, uint32_t point)
{
    if (point >= 'A' && point <= 'Z')
        *out++ = (char)(point + 32);
    else if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9'))
        *out++ = (char)point;
    else if (point >= 0xC0 && point <= 0x17F)
        out = stpcpy(out, plain_latin[point - 0xC0]);
    else if (point >= 0x180 && !(point >= 0x2000 && point <= 0x206F))
        out = put_point(out, without_case(point));
    else
        *out++ = ' ';
    return out;
}

const char *name_fold(struct bus_arena *arena, const char *name)
{
    if (name == NULL)
        return "";
    char *folded = bus_alloc(arena, strlen(name) + 1); /* no letter grows */
    char *out = folded;
    while (*name != '\0') {
        uint32_t point = bus_text_point(&name);
        if (joins_words(point))
            continue;
        out = fold_point(out, point);
        if (out[-(out > folded)] == ' ' && (out - 1 == folded || out[-2] == ' '))
            out--; /* one blank between words, none in front */
    }
    while (out > folded && out[-1] == ' ')
        out--;
    *out = '\0';
    return folded;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *name_key(struct bus_arena *arena, const char *first_name, const char *last_name)
{
    const char *first = name_fold(arena, first_name), *last = name_fold(arena, last_name);
    if (first[0] == '\0' || last[0] == '\0')
        return NULL;
    char *both = bus_printf(arena, "%s %s", first, last);
    const char *key = bus_strdup(arena, both);
    size_t n = 0;
    const char **words = bus_alloc_array(arena, strlen(both) / 2 + 1, sizeof *words);
    char *rest = NULL;
    for (char *word = strtok_r(both, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        words[n++] = word;
    qsort(words, n, sizeof *words, compare_words);
    char *out = bus_alloc(arena, strlen(key) + 2);
    key = out;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *out++ = ' ';
        out = stpcpy(out, words[i]);
    }
    return key;
}
