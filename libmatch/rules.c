/* The hard rules: which pairs are excluded, whatever their score, and the words for it.
 * Also the distance, which a rule and a factor share. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/factors.h"

/* On a plane at the middle latitude: over tens of kilometres as good as the sphere, and much quicker. */
int32_t match_distance_m(const struct match_person *a, const struct match_person *b)
{
    const double metres_per_e4 = 6371008.8 * M_PI / 180.0 / 10000.0;
    double middle = ((double)a->lat_e4 + (double)b->lat_e4) / 2.0 / 10000.0 * M_PI / 180.0;
    double north = ((double)a->lat_e4 - (double)b->lat_e4) * metres_per_e4;
    double east = ((double)a->lon_e4 - (double)b->lon_e4) * metres_per_e4 * cos(middle);
    /* To ten metres: coordinates are no finer, and the last bit of a cosine must not change a score. */
    double tens = round(sqrt(north * north + east * east) / 10.0);
    return tens < 100000.0 ? (int32_t)tens * 10 : 1000000;
}

static bool gender_suits(const struct match_person *wanting, const struct match_person *other)
{
    return wanting->prefers == 0 || wanting->prefers == other->gender;
}

static bool language_shared(const struct match_person *a, const struct match_person *b)
{
    for (int i = 0; i < a->languages_n; i++)
        for (int j = 0; j < b->languages_n; j++)
            if (a->languages[i] == b->languages[j])
                return true;
    return false;
}

static int slots_shared(const struct match_person *a, const struct match_person *b)
{
    return a->slots == 0 || b->slots == 0 ? -1 : __builtin_popcount(a->slots & b->slots);
}

bool match_eligible(const struct match_person *newcomer, const struct match_person *volunteer,
                    const struct match_rules *rules)
{
    if (!gender_suits(newcomer, volunteer) || !gender_suits(volunteer, newcomer))
        return false;
    int slots = slots_shared(newcomer, volunteer);
    if (slots >= 0 && slots < rules->min_shared_slots)
        return false;
    if (rules->same_language_required && !language_shared(newcomer, volunteer))
        return false;
    return match_distance_m(newcomer, volunteer) <= rules->max_distance_m;
}

void match_judge(const struct match_person *newcomer, const struct match_person *volunteer,
                 const struct match_rules *rules, const struct match_circumstances *circumstances,
                 struct match_verdict *ret_verdict)
{
    struct match_verdict v = {.eligible = true,
                              .distance_m = match_distance_m(newcomer, volunteer),
                              .shared_slots = slots_shared(newcomer, volunteer)};
    v.passes[MATCH_RULE_CAPACITY] = !circumstances->no_place;
    v.passes[MATCH_RULE_DISTANCE] = v.distance_m <= rules->max_distance_m;
    v.passes[MATCH_RULE_AVAILABILITY] = v.shared_slots < 0 || v.shared_slots >= rules->min_shared_slots;
    v.passes[MATCH_RULE_GENDER] = gender_suits(newcomer, volunteer) && gender_suits(volunteer, newcomer);
    v.passes[MATCH_RULE_LANGUAGE] = !rules->same_language_required || language_shared(newcomer, volunteer);
    v.passes[MATCH_RULE_DECLINED_BEFORE] = !circumstances->declined_before;
    v.passes[MATCH_RULE_EARLIER_DUO] = !circumstances->earlier_duo;
    v.passes[MATCH_RULE_SAME_PERSON] = !circumstances->same_person;
    for (int rule = 1; rule <= MATCH_RULES; rule++)
        v.eligible = v.eligible && v.passes[rule];
    *ret_verdict = v;
}

static void say_gender(const struct match_person *newcomer, const struct match_person *volunteer, bool passes,
                       char text[MATCH_TEXT_MAX])
{
    static const char *const words[] = {"anyone", "a woman", "a man", "someone else"};
    if (passes && newcomer->prefers == 0 && volunteer->prefers == 0)
        snprintf(text, MATCH_TEXT_MAX, "neither asks for a woman or a man");
    else if (passes)
        snprintf(text, MATCH_TEXT_MAX, "each is who the other asks for");
    else if (!gender_suits(newcomer, volunteer))
        snprintf(text, MATCH_TEXT_MAX, "the newcomer asks for %s, and the volunteer is not known to be that",
                 words[newcomer->prefers & 3]);
    else
        snprintf(text, MATCH_TEXT_MAX, "the volunteer asks for %s, and the newcomer is not known to be that",
                 words[volunteer->prefers & 3]);
}

static void say_slots(const struct match_rules *rules, const struct match_verdict *verdict,
                      char text[MATCH_TEXT_MAX])
{
    if (verdict->shared_slots < 0)
        snprintf(text, MATCH_TEXT_MAX, "not both told when they are free, so no hindrance");
    else
        snprintf(text, MATCH_TEXT_MAX, "free together on %d half days of the week, %d needed",
                 verdict->shared_slots, rules->min_shared_slots);
}

const char *match_rule_text(enum match_rule rule, const struct match_person *newcomer,
                            const struct match_person *volunteer, const struct match_rules *rules,
                            const struct match_verdict *verdict, char text[MATCH_TEXT_MAX])
{
    static const char *const simple[MATCH_RULES + 1][2] = {
        [MATCH_RULE_CAPACITY] = {"one of the two has no place free now", "both have a place free"},
        [MATCH_RULE_DECLINED_BEFORE] = {"a proposal of the two was declined", "never declined"},
        [MATCH_RULE_EARLIER_DUO] = {"an earlier duo of the two ended", "no earlier duo of the two"},
        [MATCH_RULE_SAME_PERSON] = {"the two are the same person", "two different people"},
    };
    bool passes = verdict->passes[rule];
    switch (rule) {
    case MATCH_RULE_DISTANCE:
        snprintf(text, MATCH_TEXT_MAX, "%.1f km apart, at most %.1f km allowed", verdict->distance_m / 1000.0,
                 rules->max_distance_m / 1000.0);
        break;
    case MATCH_RULE_AVAILABILITY:
        say_slots(rules, verdict, text);
        break;
    case MATCH_RULE_GENDER:
        say_gender(newcomer, volunteer, passes, text);
        break;
    case MATCH_RULE_LANGUAGE:
        snprintf(text, MATCH_TEXT_MAX, "%s",
                 !rules->same_language_required ? "no language in common is asked"
                 : passes                       ? "a language besides Dutch in common"
                          : "no language besides Dutch in common, which the programme asks");
        break;
    case MATCH_RULE_CAPACITY:
    case MATCH_RULE_DECLINED_BEFORE:
    case MATCH_RULE_EARLIER_DUO:
    case MATCH_RULE_SAME_PERSON:
        snprintf(text, MATCH_TEXT_MAX, "%s", simple[rule][passes]);
        break;
    }
    return text;
}
