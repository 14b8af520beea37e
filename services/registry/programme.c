/* See programme.h. */
#include "programme.h"

#include <string.h>

#include "bus/clock.h"

/* A day begins in Belgium up to so long before it does in UTC. */
#define BELGIUM_AHEAD_US (2 * BUS_HOUR_US)

/* An end is told at most so late: a wrong month or year would be as final as the right one. */
#define END_TOLD_WITHIN_DAYS 31

static const struct common_rules_in_force rules_of_kind[] = {
    /* The closer two live, the longer a duo lasts; they meet as they wish, so silence is noticed late. */
    [COMMON_PROGRAMME_KIND_LANGUAGE_DUO] = {.max_distance_km = 10,
                                            .min_shared_slots = 1,
                                            .silence_after_days = 45,
                                            .proposal_valid_days = 21,
                                            .match_every_hours = 0,
                                            .has_first_after_days = true,
                                            .first_after_days = 365},
    /* A request waits for help: decide sooner, notice silence sooner; a buddy drives a little farther. */
    [COMMON_PROGRAMME_KIND_SUPPORT_BUDDY] = {.max_distance_km = 15,
                                             .min_shared_slots = 1,
                                             .silence_after_days = 30,
                                             .proposal_valid_days = 14,
                                             .match_every_hours = 0,
                                             .has_first_after_days = true,
                                             .first_after_days = 365},
    /* People come to a fixed place and hour: distance counts as travel, the hours of two need not fit. */
    [COMMON_PROGRAMME_KIND_CONVERSATION_GROUP] = {.max_distance_km = 20,
                                                  .min_shared_slots = 0,
                                                  .silence_after_days = 60,
                                                  .proposal_valid_days = 21,
                                                  .match_every_hours = 24,
                                                  .has_first_after_days = true,
                                                  .first_after_days = 365},
};

static const struct common_weights_in_force weights_of_kind[] = {
    /* What coordinators weigh in the acquaintance talk: residence, age, family situation, interests. */
    [COMMON_PROGRAMME_KIND_LANGUAGE_DUO] =
        {.distance = 30, .age = 15, .family = 15, .interests = 20, .language = 10, .waiting = 10},
    /* Help with school or a doctor asks a buddy nearby, who understands them, soon. */
    [COMMON_PROGRAMME_KIND_SUPPORT_BUDDY] =
        {.distance = 30, .age = 5, .family = 15, .interests = 5, .language = 20, .waiting = 25},
    /* A group lives on what its people have in common. */
    [COMMON_PROGRAMME_KIND_CONVERSATION_GROUP] =
        {.distance = 25, .age = 10, .family = 5, .interests = 30, .language = 10, .waiting = 20},
};

struct common_rules_in_force programme_rules_of(enum common_programme_kind kind)
{
    return rules_of_kind[kind];
}

struct common_weights_in_force programme_weights_of(enum common_programme_kind kind)
{
    return weights_of_kind[kind];
}

void programme_change_rules(struct common_rules_in_force *rules, const struct common_rules *change)
{
    if (change == NULL)
        return;
    if (change->has_max_distance_km)
        rules->max_distance_km = change->max_distance_km;
    if (change->has_min_shared_slots)
        rules->min_shared_slots = change->min_shared_slots;
    if (change->has_same_language_required)
        rules->same_language_required = change->same_language_required;
    if (change->has_silence_after_days)
        rules->silence_after_days = change->silence_after_days;
    if (change->has_proposal_valid_days)
        rules->proposal_valid_days = change->proposal_valid_days;
    if (change->has_match_every_hours)
        rules->match_every_hours = change->match_every_hours;
    if (change->has_first_after_days)
        rules->first_after_days = change->first_after_days;
}

void programme_change_weights(struct common_weights_in_force *weights, const struct common_weights *change)
{
    if (change == NULL)
        return;
    if (change->has_distance)
        weights->distance = change->distance;
    if (change->has_age)
        weights->age = change->age;
    if (change->has_family)
        weights->family = change->family;
    if (change->has_interests)
        weights->interests = change->interests;
    if (change->has_language)
        weights->language = change->language;
    if (change->has_waiting)
        weights->waiting = change->waiting;
}

static bool same_rules(const struct common_rules_in_force *a, const struct common_rules_in_force *b)
{
    return !(a->max_distance_km < b->max_distance_km) && !(a->max_distance_km > b->max_distance_km) &&
           a->min_shared_slots == b->min_shared_slots &&
           a->same_language_required == b->same_language_required &&
           a->silence_after_days == b->silence_after_days &&
           a->proposal_valid_days == b->proposal_valid_days && a->match_every_hours == b->match_every_hours &&
           a->first_after_days == b->first_after_days;
}

static bool same_weights(const struct common_weights_in_force *a, const struct common_weights_in_force *b)
{
    return a->distance == b->distance && a->age == b->age && a->family == b->family &&
           a->interests == b->interests && a->language == b->language && a->waiting == b->waiting;
}

bool programme_same(const struct registry_programme_configured *a,
                    const struct registry_programme_configured *b)
{
    return strcmp(a->programme, b->programme) == 0 && strcmp(a->partnership, b->partnership) == 0 &&
           a->kind == b->kind && strcmp(a->name, b->name) == 0 && a->has_action == b->has_action &&
           (!a->has_action || a->action == b->action) && same_rules(&a->rules, &b->rules) &&
           same_weights(&a->weights, &b->weights);
}

enum bus_status programme_end_day(const char *on_date, int64_t configured_us, int64_t now_us,
                                  struct bus_error *err)
{
    int32_t day = 0;
    if (!bus_date_parse(on_date, strlen(on_date), &day))
        return bus_fail_at(err, BUS_INVALID, "/on_date", "`on_date` is not a date, such as 2026-11-22");
    if (day * BUS_DAY_US - BELGIUM_AHEAD_US > now_us)
        return bus_fail_at(err, BUS_CONFLICT, "/on_date",
                           "`on_date` is in the future: end the programme once it has been");
    if ((day + 1) * BUS_DAY_US <= configured_us)
        return bus_fail_at(err, BUS_CONFLICT, "/on_date", "`on_date` is before the programme was configured");
    if (now_us / BUS_DAY_US - day > END_TOLD_WITHIN_DAYS)
        return bus_fail_at(err, BUS_CONFLICT, "/on_date",
                           "`on_date` is more than %d days ago, and an end is final: give a later day",
                           END_TOLD_WITHIN_DAYS);
    return BUS_OK;
}
