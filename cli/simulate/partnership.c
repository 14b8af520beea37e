/* The partnership and its plan; and all of a parameter file in turn. */
#include "schema/reporting.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

static void send_plan(struct people *people, const json_t *plan, int32_t day)
{
    size_t i;
    const json_t *row;
    json_array_foreach(param_array(plan, "rates"), i, row)
    {
        struct reporting_set_rate rate = {
            .action = param_int(row, "action", 0),
            .cents_per_unit = param_int(row, "cents", 0),
            .unit = (enum reporting_unit)bus_word_value(reporting_unit_words, param_text(row, "unit")),
            .from = date_text(people, day)};
        world_send(people->world, world_at(day, 9, 10), &reporting_set_rate_type, &rate);
    }
    json_array_foreach(param_array(plan, "targets"), i, row)
    {
        struct reporting_confirm_target target = {
            .partnership = people->world->partnership,
            .action = param_int(row, "action", 0),
            .project_year = param_int(plan, "year", 0),
            .unit = (enum reporting_unit)bus_word_value(reporting_unit_words, param_text(row, "unit")),
            .requested = param_int(row, "requested", 0),
            .confirmed = param_int(row, "confirmed", 0)};
        world_send(people->world, world_at(day, 9, 20), &reporting_confirm_target_type, &target);
    }
}

/* The partnership itself, its plan's rates and targets. */
static void simulate_partnership(struct people *people)
{
    const json_t *params = param_object(people->params, "partnership");
    const json_t *members = param_array(params, "municipalities");
    size_t n = json_array_size(members);
    struct registry_form_partnership_municipalities *list =
        bus_alloc_array(people->world->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i].nis = json_string_value(json_array_get(members, i));
    int32_t first = param_day(people->params, "from") - 3;
    struct registry_form_partnership form = {.partnership = people->world->partnership,
                                             .name = param_text(params, "name"),
                                             .since = param_text(params, "since"),
                                             .lead_nis = param_text(params, "lead"),
                                             .municipalities = list,
                                             .municipalities_n = n};
    world_send(people->world, world_at(first, 8, 0), &registry_form_partnership_type, &form);
    const json_t *plan = param_object(people->params, "plan");
    if (plan != NULL)
        send_plan(people, plan, first);
}

void simulate_programmes(struct world *world, const json_t *params, const struct places *places,
                         uint64_t seed)
{
    world->partnership = bus_strdup(world->arena, param_text(param_object(params, "partnership"), "id"));
    world->actor = bus_printf(world->arena, "coordinator:%s", world->partnership);
    struct people people;
    people_init(&people, world, params, places, seed);
    simulate_partnership(&people);
    const json_t *duos = param_object(params, "duos"), *help = param_object(params, "help"), *series;
    bool ends = param_bool(params, "ends");
    size_t i;
    if (duos != NULL)
        simulate_duos(&people, duos);
    if (help != NULL)
        simulate_help(&people, help);
    json_array_foreach(param_array(params, "series"), i, series) simulate_series(&people, series);
    if (param_object(params, "referrals") != NULL)
        simulate_referrals(&people, param_object(params, "referrals"));
    if (ends && duos != NULL)
        end_programme(&people, duos);
    if (ends && help != NULL)
        end_programme(&people, help);
    json_array_foreach(param_array(params, "series"), i, series) if (ends) end_programme(&people, series);
    people_done(&people);
}
