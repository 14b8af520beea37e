/* What the programmes share: dates, working days, and how one is configured and ended. */
#include "bus/clock.h"
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
        rules = (struct common_rules){.has_max_distance_km = true,
                                      .max_distance_km = param_number(given, "max_distance_km", 10),
                                      .has_silence_after_days = true,
                                      .silence_after_days = param_int(given, "silence_after_days", 45),
                                      .has_proposal_valid_days = true,
                                      .proposal_valid_days = param_int(given, "proposal_valid_days", 21)};
    }
    int64_t action = param_int(params, "action", 0);
    struct registry_configure_programme programme = {
        .programme = param_text(params, "programme"),
        .partnership = people->world->partnership,
        .kind = (enum common_programme_kind)bus_word_value(common_programme_kind_words, kind),
        .name = param_text(params, "name"),
        .has_action = action > 0,
        .action = action,
        .rules = given != NULL ? &rules : NULL};
    world_send(people->world, world_at(day, 8, 30), &registry_configure_programme_type, &programme);
}

void end_programme(struct people *people, const json_t *params)
{
    int32_t last = param_day(people->params, "to");
    struct registry_end_programme in = {.programme = param_text(params, "programme"),
                                        .partnership = people->world->partnership,
                                        .on_date = date_text(people, last),
                                        .reason = "its history, as it was written down, ends here"};
    world_send(people->world, world_at(weekday(last + 1), 9, 30), &registry_end_programme_type, &in);
}
