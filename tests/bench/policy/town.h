/* A programme as the parameters under data/simulation describe it: its rules and weights, who comes when, and
 * how long duos last. The people are those of `koppel simulate`, drawn by the same code from the same seed.
 */
#ifndef POLICY_TOWN_H
#define POLICY_TOWN_H

#include <stddef.h>
#include <stdint.h>

#include "bus/status.h"
#include "match/assignment.h"
#include "match/factors.h"

struct arrival {
    int day; /* from which they wait; days since 1970 */
    enum match_side side;
    uint64_t key;
    struct match_person about;
};

struct town {
    uint64_t seed;
    int from, to;
    struct match_rules rules;
    struct match_weights weights;
    struct arrival *arrivals; /* by day */
    size_t arrivals_n;
    double mean_days, half_at_km, forever; /* of duos: see durability.h */
    double declined, newcomer_returns, volunteer_returns;
};

/* `times` multiplies the duos of each year and with them the people: a city with the same distances. */
BUS_CHECKED enum bus_status town_open(const char *params_path, const char *places_path, uint64_t seed,
                                      int times, struct town *ret_town, struct bus_error *err);
void town_close(struct town *self);

#endif
