/* See places.h. */
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 256 /* a power of two, well above how many there are */

static struct place places[PLACES_MAX];

struct place *place_of(const char *label)
{
    size_t at = ((uintptr_t)label * UINT64_C(0x9E3779B97F4A7C15) >> 32) % PLACES_MAX;
    for (size_t tries = 0; tries < PLACES_MAX; tries++, at = (at + 1) % PLACES_MAX) {
        if (places[at].label == NULL)
            places[at].label = label;
        if (places[at].label == label)
            return &places[at];
    }
    abort();
}

static int by_label(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->label == NULL || y->label == NULL)
        return (x->label == NULL) - (y->label == NULL);
    return strcmp(x->label, y->label);
}

/* Those of one label become one; returns how many are left. */
static size_t merge(void)
{
    size_t n = 0;
    qsort(places, PLACES_MAX, sizeof *places, by_label);
    for (size_t i = 0; i < PLACES_MAX && places[i].label != NULL; i++) {
        if (n == 0 || strcmp(places[n - 1].label, places[i].label) != 0) {
            places[n++] = places[i];
            continue;
        }
        places[n - 1].passed += places[i].passed;
        places[n - 1].kills += places[i].kills;
        places[n - 1].stops += places[i].stops;
    }
    return n;
}

void places_tell(void)
{
    size_t n = merge(), killed = 0, stopped = 0;
    for (size_t i = 0; i < n; i++) {
        killed += places[i].kills > 0;
        stopped += places[i].stops > 0;
    }
    printf("  of %zu labelled steps %zu saw a kill, %zu a stop", n, killed, stopped);
    const char *sep = "; not killed at: ";
    for (size_t i = 0; i < n; i++)
        if (places[i].kills == 0) {
            printf("%s%s", sep, places[i].label);
            sep = ", ";
        }
    putchar('\n');
}
