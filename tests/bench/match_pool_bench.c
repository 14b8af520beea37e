// Times the pool: loading a country of waiting people, then single arrivals and departures with their
// proposals. Usage: match_pool_bench [people a side] [changes]
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "match/pool.h"

static uint64_t random_state = 1;

static int below(int bound)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (int)((random_state >> 33) % (uint64_t)bound);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Flanders is about 220 by 90 km: spread evenly, a reach of 2 km gives about a person in 1600 as a neighbour.
static struct match_entrant someone(enum match_side side, int number)
{
    struct match_entrant entrant = {.side = side, .key = (uint64_t)number * 2 + side, .places = 1};
    entrant.person.lat_e4 = 507000 + below(8000);
    entrant.person.lon_e4 = 25500 + below(31500);
    entrant.person.birth_year = (int16_t)(1950 + below(55));
    entrant.person.dutch_level = (uint8_t)(1 + below(4));
    entrant.person.interests_n = 3;
    for (int i = 0; i < 3; i++)
        entrant.person.interests[i] = (uint32_t)(10 * i + below(10));
    return entrant;
}

int main(int argc, char **argv)
{
    int side = argc > 1 ? atoi(argv[1]) : 100000, changes = argc > 2 ? atoi(argv[2]) : 5000;
    struct match_pool_settings settings = {.rules = {.max_distance_m = 1000},
                                           .weights = {.of = {0, 30, 15, 15, 20, 10, 10}}};
    struct match_entrant *entrants = calloc((size_t)side * 2, sizeof *entrants);
    int *handles = calloc((size_t)side * 2, sizeof *handles);
    double *times = calloc((size_t)changes, sizeof *times);
    if (entrants == NULL || handles == NULL || times == NULL)
        return 1;
    for (int i = 0; i < 2 * side; i++)
        entrants[i] = someone(i % 2 ? MATCH_RIGHT : MATCH_LEFT, i / 2);
    double begin = now_us();
    struct match_pool *pool = match_pool_new(&settings);
    match_pool_load(pool, entrants, (size_t)side * 2, handles);
    size_t n;
    match_pool_take_changes(pool, &n);
    printf("loaded %d people and %zu eligible pairs, %zu proposals, in %.2f s\n", 2 * side,
           match_assignment_edge_count(match_pool_assignment(pool)), n, (now_us() - begin) / 1e6);
    size_t told = 0;
    for (int i = 0; i < changes; i++) {
        int who = below(2 * side);
        double start = now_us();
        if (i % 2 == 0) {
            match_pool_remove(pool, handles[who]);
            match_pool_take_changes(pool, &n);
            told += n;
            times[i] = now_us() - start;
            entrants[who] = someone(entrants[who].side, who / 2);
        }
        if (i % 2 == 0 && i + 1 < changes) {
            start = now_us();
            handles[who] = match_pool_add(pool, &entrants[who]);
            match_pool_take_changes(pool, &n);
            told += n;
            times[i + 1] = now_us() - start;
        }
    }
    qsort(times, (size_t)changes, sizeof *times, compare);
    printf("%d changes, each with its proposals: p50 %.0f us, p99 %.0f us, most %.0f us; %.1f proposals a "
           "change\n",
           changes, times[changes / 2], times[changes * 99 / 100], times[changes - 1],
           (double)told / changes);
    const char *broken = match_pool_check(pool);
    printf("%s\n", broken ? broken : "still optimal");
    match_pool_free(pool);
    free(entrants);
    free(handles);
    free(times);
    return broken != NULL;
}
