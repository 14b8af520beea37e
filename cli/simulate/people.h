/* People of a simulation: invented, with names that are common where their language is spoken, and mail
 * addresses that lead nowhere. */
#ifndef CLI_SIMULATE_PEOPLE_H
#define CLI_SIMULATE_PEOPLE_H

#include <jansson.h>

#include "match/factors.h"
#include "schema/registry.h"
#include "simulate/places.h"
#include "simulate/random.h"
#include "simulate/world.h"

struct someone {
    struct bus_id id;
    const char *first_name, *last_name, *email;
    struct match_person about;
    enum common_side side;
    int32_t registered; /* day */
    int32_t free_from;  /* day from which they wait, as far as the simulation knows */
};

struct people {
    struct world *world;
    const json_t *params;
    const struct places *places;
    struct random random;
    struct match_words *words;
    struct someone **all;
    size_t n, capacity;
};

void people_init(struct people *self, struct world *world, const json_t *params, const struct places *places,
                 uint64_t seed);
void people_done(struct people *self);
/* Registers someone on that day; a volunteer is recruited too. */
struct someone *people_register(struct people *self, int32_t day, enum common_side side);
/* Puts them on a programme's waiting list. */
void people_intake(struct people *self, const struct someone *someone, const char *programme, int32_t day);

#endif
