/* The interests that are known by name, and what is nearly one of them. Interests are free words, and equal
 * words match: a slip of the pen would match nobody, without anyone seeing why. */
#include <string.h>

#include "facts/facts.h"

#define SLIP_LETTERS 4 /* a shorter word is nearly too many others */

/* Those that the board and lists of people offer. */
static const char *const interests[] = {
    "animals",  "baking",      "basketball", "board-games", "chess",    "computers", "cooking",
    "crafts",   "cycling",     "dancing",    "diy",         "drawing",  "film",      "fishing",
    "fitness",  "football",    "gardening",  "history",     "knitting", "music",     "nature",
    "painting", "photography", "reading",    "running",     "sewing",   "singing",   "swimming",
    "tennis",   "theatre",     "travel",     "volleyball",  "walking",
};

/* One letter too many, too few, or swapped with its neighbour. Another letter in the place of one is a word
 * of its own more often than not: biking is not baking. */
bool facts_is_slip(const char *given, const char *meant)
{
    const size_t given_n = strlen(given), meant_n = strlen(meant);
    size_t n = 0;
    if (given_n < SLIP_LETTERS)
        return false;
    while (given[n] != '\0' && given[n] == meant[n])
        n++;
    if (given_n == meant_n + 1)
        return strcmp(given + n + 1, meant + n) == 0;
    if (given_n + 1 == meant_n)
        return strcmp(given + n, meant + n + 1) == 0;
    return given_n == meant_n && n + 1 < given_n && given[n] == meant[n + 1] && given[n + 1] == meant[n] &&
           strcmp(given + n + 2, meant + n + 2) == 0;
}

bool facts_is_interest(const char *word)
{
    for (size_t i = 0; i < sizeof interests / sizeof *interests; i++)
        if (strcmp(word, interests[i]) == 0)
            return true;
    return false;
}

const char *facts_interest_meant(const char *word)
{
    if (facts_is_interest(word))
        return NULL;
    for (size_t i = 0; i < sizeof interests / sizeof *interests; i++)
        if (facts_is_slip(word, interests[i]))
            return interests[i];
    return NULL;
}
