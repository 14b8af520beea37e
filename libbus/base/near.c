/* See text.h: how many letters a word is away from another. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bus/text.h"

#define WORD_MAX 100

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to add, leave out, change, or swap with their neighbour: three rows of the usual table. */
static size_t distance(const char *a, size_t a_n, const char *b, size_t b_n)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t k = 0; k <= b_n; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a_n; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t k = 1; k <= b_n; k++) {
            now[k] = least(least(before[k], now[k - 1]) + 1, before[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], earlier[k - 2] + 1);
        }
    }
    return rows[a_n % 3][b_n];
}

const char *bus_text_near(const char *word, const char *const *names, size_t n)
{
    const char *nearest = NULL;
    size_t size = strlen(word), best = size / 3 + 1;
    for (size_t i = 0; i < n && size <= WORD_MAX; i++) {
        size_t name_size = strlen(names[i]);
        if (name_size > WORD_MAX)
            continue;
        size_t away = distance(word, size, names[i], name_size);
        bool begun = size >= 3 && strncmp(word, names[i], size) == 0;
        if (begun && away > best)
            away = best;
        if (away < best || (away == best && nearest == NULL && begun)) {
            nearest = names[i];
            best = away;
        }
    }
    return nearest;
}

void bus_text_list(char *out, size_t size, const char *const *names, size_t n)
{
    static const size_t tail = sizeof " and 1000000 more";
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        size_t wanted = strlen(names[i]) + strlen(", ");
        if (used + wanted + (i + 1 < n ? tail : 1) > size) {
            (void)snprintf(out + used, size - used, " and %zu more", n - i);
            return;
        }
        used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
}
