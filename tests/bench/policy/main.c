/* The same arrivals under every policy, a line of numbers for each seed and policy:
 *   match-policy PARAMS PLACES TIMES SEEDS     (TIMES: so many times the duos and people of the parameters)
 */
#include <stdio.h>
#include <stdlib.h>

#include "market.h"

static const struct {
    const char *name;
    const struct policy *policy;
    int every;
    int first_after; /* days of waiting after which somebody goes first; 0: never */
} policies[] = {
    {"optimal, at once", &policy_optimal, 0, 365},
    {"first after half a year", &policy_optimal, 0, 182},
    {"first after two years", &policy_optimal, 0, 730},
    {"nobody goes first", &policy_optimal, 0, 0},
    {"optimal, every day", &policy_optimal, 1, 365},
    {"optimal, every week", &policy_optimal, 7, 365},
    {"optimal, every ten days", &policy_optimal, 10, 365},
    {"optimal, every four weeks", &policy_optimal, 28, 365},
    {"greedy, at once", &policy_greedy, 0, 365},
    {"greedy, every week", &policy_greedy, 7, 365},
    {"greedy, every ten days", &policy_greedy, 10, 365},
    {"first come, at once", &policy_first_come, 0, 0},
};

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints mean, median and 90th percentile; takes `values` apart. */
static void print_spread(const char *name, double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    qsort(values, n, sizeof *values, by_number);
    printf(", \"%s\": %.4f, \"%s_p50\": %.4f, \"%s_p90\": %.4f", name, n ? sum / (double)n : 0, name,
           n ? values[n / 2] : 0, name, n ? values[n * 9 / 10] : 0);
}

static void print_outcome(const char *policy, uint64_t seed, const struct outcome *o)
{
    double *values = calloc(o->duos_n + 1, sizeof *values);
    if (values == NULL)
        bus_die("out of memory");
    printf("{\"policy\": \"%s\", \"seed\": %llu", policy, (unsigned long long)seed);
#define SPREAD(name, expression)                   \
    for (size_t i = 0; i < o->duos_n; i++)         \
        values[i] = (double)o->duos[i].expression; \
    print_spread(name, values, o->duos_n)
    SPREAD("newcomer_waited", newcomer_waited);
    SPREAD("volunteer_waited", volunteer_waited);
    SPREAD("km", metres / 1000);
    SPREAD("interests", interests);
    SPREAD("expected_days", expected_days);
#undef SPREAD
    printf(", \"duos\": %zu, \"proposed\": %ld, \"withdrawn\": %ld, \"declined\": %ld, \"newcomers\": %ld, "
           "\"volunteers\": %ld, \"newcomers_without\": %ld, \"volunteers_without\": %ld, \"days_together\": "
           "%.0f",
           o->duos_n, o->proposed, o->withdrawn, o->declined, o->newcomers, o->volunteers,
           o->newcomers_without, o->volunteers_without, o->days_together);
    printf(", \"newcomer_passed\": %d, \"volunteer_passed\": %d, \"newcomer_longest\": %d, "
           "\"volunteer_longest\": %d}\n",
           o->passed_most[MATCH_LEFT], o->passed_most[MATCH_RIGHT], o->waited_most[MATCH_LEFT],
           o->waited_most[MATCH_RIGHT]);
    free(values);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "match-policy PARAMS PLACES TIMES SEEDS\n");
        return 2;
    }
    for (int seed = 1; seed <= atoi(argv[4]); seed++) {
        struct town town;
        struct bus_error err = {0};
        if (town_open(argv[1], argv[2], (uint64_t)seed, atoi(argv[3]), &town, &err) != BUS_OK)
            bus_die("%s", err.text);
        for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
            struct outcome outcome;
            town.rules.first_after_days = policies[i].first_after;
            market_play(&town, policies[i].policy, policies[i].every, &outcome);
            print_outcome(policies[i].name, town.seed, &outcome);
            outcome_done(&outcome);
        }
        town_close(&town);
    }
    return 0;
}
