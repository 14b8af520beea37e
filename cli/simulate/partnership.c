/* The partnership, its programmes' configuration, and its plan; and all of a parameter file in turn. */
#include <stdlib.h>

#include "bus/clock.h"
#include "schema/reporting.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

const char *date_text(struct people *people, int32_t day)
{
    char text[11];
    bus_date_format(day, text);
    return bus_strdup(people->world->arena, text);
}

int32_t weekday(int32_t day)
{
    /* 1970-01-01 was a Thursday. */
    int of_week = (int)((day + 3) % 7);
    return of_week < 5 ? day : day + 7 - of_week;
}

void configure_programme(struct people *people, const json_t *params, const char *kind, int32_t day)
{
    struct common_rules rules = {0};
    const json_t *given = param_object(params, "rules");
    if (given != NULL) {
        rules = (struct common_rules){
            .has_max_distance_km = true, .max_distance_km = param_number(given, "max_distance_km", 10),
            .has_silence_after_days = true, .silence_after_days = param_int(given, "silence_after_days", 45),
            .has_proposal_valid_days = true, .proposal_valid_days = param_int(given, "proposal_valid_days", 21)};
    }
    int64_t action = param_int(params, "action", 0);
    struct registry_configure_programme programme = {
        .programme = param_text(params, "programme"), .partnership = people->world->partnership,
        .kind = (enum common_programme_kind)bus_word_value(common_programme_kind_words, kind),
        .name = param_text(params, "name"), .has_action = action > 0, .action = action,
        .rules = given != NULL ? &rules : NULL};
    world_send(people->world, world_at(day, 8, 30), &registry_configure_programme_type, &programme);
}

static void send_plan(struct people *people, const json_t *plan, int32_t day)
{
    size_t i;
    const json_t *row;
    json_array_foreach(param_array(plan, "rates"), i, row)
    {
        struct reporting_set_rate rate = {
            .action = param_int(row, "action", 0), .cents_per_unit = param_int(row, "cents", 0),
            .unit = (enum reporting_unit)bus_word_value(reporting_unit_words, param_text(row, "unit")),
            .from = date_text(people, day)};
        world_send(people->world, world_at(day, 9, 10), &reporting_set_rate_type, &rate);
    }
    json_array_foreach(param_array(plan, "targets"), i, row)
    {
        struct reporting_confirm_target target = {
            .partnership = people->world->partnership, .action = param_int(row, "action", 0),
            .project_year = param_int(plan, "year", 0),
            .unit = (enum reporting_unit)bus_word_value(reporting_unit_words, param_text(row, "unit")),
            .requested = param_int(row, "requested", 0), .confirmed = param_int(row, "confirmed", 0)};
        world_send(people->world, world_at(day, 9, 20), &reporting_confirm_target_type, &target);
    }
}

void simulate_partnership(struct people *people)
{
    const json_t *params = param_object(people->params, "partnership");
    const json_t *members = param_array(params, "municipalities");
    size_t n = json_array_size(members);
    struct registry_form_partnership_municipalities *list =
        bus_alloc_array(people->world->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i].nis = json_string_value(json_array_get(members, i));
    int32_t first = param_day(people->params, "from") - 3;
    struct registry_form_partnership form = {
        .partnership = people->world->partnership, .name = param_text(params, "name"),
        .since = param_text(params, "since"), .lead_nis = param_text(params, "lead"), .municipalities = list,
        .municipalities_n = n};
    world_send(people->world, world_at(first, 8, 0), &registry_form_partnership_type, &form);
    const json_t *plan = param_object(people->params, "plan");
    if (plan != NULL)
        send_plan(people, plan, first);
}

void simulate_programmes(struct world *world, const json_t *params, const struct places *places, uint64_t seed)
{
    world->partnership = bus_strdup(world->arena, param_text(param_object(params, "partnership"), "id"));
    world->actor = bus_printf(world->arena, "coordinator:%s", world->partnership);
    struct people people;
    people_init(&people, world, params, places, seed);
    simulate_partnership(&people);
    if (param_object(params, "duos") != NULL)
        simulate_duos(&people, param_object(params, "duos"));
    if (param_object(params, "help") != NULL)
        simulate_help(&people, param_object(params, "help"));
    size_t i;
    const json_t *series;
    json_array_foreach(param_array(params, "series"), i, series) simulate_series(&people, series);
    if (param_object(params, "referrals") != NULL)
        simulate_referrals(&people, param_object(params, "referrals"));
    people_done(&people);
}
