/* See town.h. */
#include "town.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../../services/registry/programme.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

/* The rules and weights that registry gives such a programme, and what the parameters change. */
static void read_programme(struct town *self, const json_t *duos)
{
    struct common_rules_in_force rules = programme_rules_of(COMMON_PROGRAMME_KIND_LANGUAGE_DUO);
    struct common_weights_in_force weights = programme_weights_of(COMMON_PROGRAMME_KIND_LANGUAGE_DUO);
    const json_t *given = param_object(duos, "rules");
    rules.max_distance_km = param_number(given, "max_distance_km", rules.max_distance_km);
    self->rules = (struct match_rules){.max_distance_m = (int32_t)lround(rules.max_distance_km * 1000),
                                       .min_shared_slots = (int)rules.min_shared_slots,
                                       .same_language_required = rules.same_language_required,
                                       .first_after_days = (int)rules.first_after_days};
    self->weights.of[MATCH_DISTANCE] = (int)weights.distance;
    self->weights.of[MATCH_AGE] = (int)weights.age;
    self->weights.of[MATCH_FAMILY] = (int)weights.family;
    self->weights.of[MATCH_INTERESTS] = (int)weights.interests;
    self->weights.of[MATCH_LANGUAGE] = (int)weights.language;
    self->weights.of[MATCH_WAITING] = (int)weights.waiting;
    self->mean_days = param_number(duos, "mean_days", 500);
    self->half_at_km = param_number(duos, "half_at_km", 4);
    self->forever = param_number(duos, "forever", 0.05);
    self->declined = param_number(duos, "declined", 0.1);
    self->newcomer_returns = param_number(duos, "newcomer_returns", 0.4);
    self->volunteer_returns = param_number(duos, "volunteer_returns", 0.5);
}

static void multiply(json_t *value, int times)
{
    json_integer_set(value, json_integer_value(value) * times);
}

static void multiply_duos(const json_t *duos, int times)
{
    const char *year;
    json_t *value;
    size_t i;
    json_object_foreach((json_t *)param_object(duos, "started"), year, value) multiply(value, times);
    json_array_foreach(param_array(duos, "waiting"), i, value) multiply(value, times);
    if (param_object(duos, "call") != NULL)
        multiply(json_object_get(param_object(duos, "call"), "volunteers"), times);
}

static int by_day(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void take_arrivals(struct town *self, const struct people *people)
{
    self->arrivals = calloc(people->n + 1, sizeof *self->arrivals);
    if (self->arrivals == NULL)
        bus_die("out of memory");
    for (size_t i = 0; i < people->n; i++) {
        const struct someone *one = people->all[i];
        uint64_t key = 0;
        memcpy(&key, one->id.bytes + sizeof one->id.bytes - sizeof key, sizeof key);
        self->arrivals[self->arrivals_n++] =
            (struct arrival){.day = one->registered + 1,
                             .side = one->side == COMMON_SIDE_NEWCOMER ? MATCH_LEFT : MATCH_RIGHT,
                             .key = key,
                             .about = one->about};
    }
    qsort(self->arrivals, self->arrivals_n, sizeof *self->arrivals, by_day);
}

enum bus_status town_open(const char *params_path, const char *places_path, uint64_t seed, int times,
                          struct town *ret_town, struct bus_error *err)
{
    AUTO(places_close) struct places *places = NULL;
    json_t *params = NULL;
    enum bus_status status = places_open(places_path, &places, err);
    if (status == BUS_OK)
        status = params_read(params_path, &params, err);
    if (status != BUS_OK)
        return status;
    const json_t *duos = param_object(params, "duos");
    if (duos == NULL) {
        json_decref(params);
        return bus_fail(err, BUS_INVALID, "%s describes no duos", params_path);
    }
    struct town town = {.seed = seed, .from = param_day(params, "from"), .to = param_day(params, "to")};
    read_programme(&town, duos);
    multiply_duos(duos, times);
    struct world world;
    struct people people;
    world_init(&world, seed);
    world.partnership = param_text(param_object(params, "partnership"), "id");
    world.actor = "coordinator";
    people_init(&people, &world, params, places, seed);
    simulate_duos(&people, duos);
    take_arrivals(&town, &people);
    people_done(&people);
    world_done(&world);
    json_decref(params);
    *ret_town = town;
    return BUS_OK;
}

void town_close(struct town *self)
{
    free(self->arrivals);
    *self = (struct town){0};
}
