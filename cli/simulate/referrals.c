/* Partners refer people: an adapter deposits the personal data, then publishes the event without them. Some
 * of the people are known already, and are found again by their mail address. */
#include "bus/clock.h"
#include "schema/gateway.h"
#include "simulate/names.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

static void deposit(struct people *people, int64_t at, struct bus_id id, const struct someone *known,
                    size_t number)
{
    struct registry_deposit_personal in = {.deposit_id = id};
    struct bus_arena *arena = people->world->arena;
    if (known != NULL) {
        in.first_name = known->first_name;
        in.last_name = known->last_name;
        in.email = known->email;
    } else {
        const struct names *names = names_of("ar");
        in.first_name = names->women[random_between(&people->random, 0, 9)];
        in.last_name = names->families[random_between(&people->random, 0, 11)];
        in.email = bus_printf(arena, "referred.%s%zu@example.org", people->world->partnership, number);
    }
    world_send(people->world, at, &registry_deposit_personal_type, &in);
}

static void refer(struct people *people, const json_t *params, int32_t day, const struct someone *known,
                  size_t number)
{
    struct world *world = people->world;
    int64_t at = world_at(day, 12, (int)random_between(&people->random, 0, 50));
    struct bus_id deposit_id = world_id(world, at, "deposit", (int64_t)number);
    const json_t *places = param_array(people->params, "places");
    deposit(people, at, deposit_id, known, number);
    struct gateway_referral_received in = {
        .referral_id = world_id(world, at, "referral", (int64_t)number),
        .from = param_text(params, "from"),
        .to = bus_printf(world->arena, "koppel:%s", world->partnership),
        .partner_type = (enum common_partner_type)bus_word_value(common_partner_type_words,
                                                                 param_text(params, "partner")),
        .reason = COMMON_REFERRAL_REASON_LANGUAGE_PRACTICE,
        .partnership = world->partnership,
        .postcode = json_string_value(json_array_get(json_array_get(places, 0), 0)),
        .preferred_language = "ar",
        .external_person = bus_printf(world->arena, "%s-%zu", param_text(params, "partner"), number),
        .deposit_id = deposit_id};
    world_send(world, at + BUS_MINUTE_US, &gateway_referral_received_type, &in);
}

void simulate_referrals(struct people *people, const json_t *params)
{
    int32_t from = param_day(people->params, "from"), to = param_day(people->params, "to");
    int64_t every = param_int(params, "every_days", 30);
    if (every < 1 || every > 3660)
        params_wrong("the parameter \"every_days\" must be 1 to 3660");
    size_t number = 0;
    for (int32_t day = from + (int32_t)every; day < to - 5;
         day += (int32_t)random_between(&people->random, every / 2 + 1, every + every / 2)) {
        const struct someone *known = NULL;
        if (random_chance(&people->random, param_number(params, "known", 0)))
            for (size_t tries = 0; tries < 50 && known == NULL && people->n > 0; tries++) {
                const struct someone *one =
                    people->all[random_between(&people->random, 0, (int64_t)people->n - 1)];
                known = one->side == COMMON_SIDE_NEWCOMER && one->registered + 10 < day ? one : NULL;
            }
        refer(people, params, weekday(day), known, ++number);
    }
}
