/* The points of each factor, and their weighted sum. See match/factors.h for the scales.
 * Whole numbers only, so that every machine gives the same score. */
#include "match/factors.h"

#include <stdlib.h>

static int shared(const uint32_t *a, int a_n, const uint32_t *b, int b_n)
{
    int n = 0;
    for (int i = 0; i < a_n; i++)
        for (int j = 0; j < b_n; j++)
            if (a[i] == b[j]) {
                n++;
                break;
            }
    return n;
}

static void score_distance(int32_t distance_m, const struct match_rules *rules, struct match_factor_score *s)
{
    s->known = true;
    s->value = distance_m;
    if (distance_m < rules->max_distance_m)
        s->points = (int)(100 - (int64_t)100 * distance_m / rules->max_distance_m);
}

static void score_age(const struct match_person *a, const struct match_person *b,
                      struct match_factor_score *s)
{
    s->known = a->birth_year != 0 && b->birth_year != 0;
    s->points = MATCH_UNKNOWN_POINTS;
    if (!s->known)
        return;
    s->value = abs(a->birth_year - b->birth_year);
    s->points = s->value < 25 ? 100 - 4 * s->value : 0;
}

static void score_family(const struct match_person *a, const struct match_person *b,
                         struct match_factor_score *s)
{
    s->known = a->children_n > 0 && b->children_n > 0;
    if (!s->known) {
        s->points = a->children_n == b->children_n ? 50 : 20;
        return;
    }
    for (int i = 0; i < a->children_n; i++)
        for (int j = 0; j < b->children_n; j++)
            if (abs(a->child_years[i] - b->child_years[j]) <= 3) {
                s->value++;
                break;
            }
    s->points = 60 + 40 * s->value / a->children_n;
}

static void score_interests(const struct match_person *a, const struct match_person *b,
                            struct match_factor_score *s)
{
    static const int points[] = {0, 50, 75, 90, 100};
    s->known = a->interests_n > 0 && b->interests_n > 0;
    s->points = MATCH_UNKNOWN_POINTS;
    if (!s->known)
        return;
    s->value = shared(a->interests, a->interests_n, b->interests, b->interests_n);
    s->points = points[s->value < 4 ? s->value : 4];
}

static void score_language(const struct match_person *newcomer, const struct match_person *volunteer,
                           struct match_factor_score *s)
{
    static const int without_bridge[] = {MATCH_UNKNOWN_POINTS, 0, 20, 40, 60, 80, 100, 100, 100};
    s->known = newcomer->languages_n > 0 && volunteer->languages_n > 0;
    s->value =
        shared(newcomer->languages, newcomer->languages_n, volunteer->languages, volunteer->languages_n);
    s->points = s->value > 0 ? 100 : without_bridge[newcomer->dutch_level <= 8 ? newcomer->dutch_level : 0];
}

static int first_days(int waited_days, const struct match_rules *rules)
{
    int days = abs(waited_days) - rules->first_after_days;
    if (rules->first_after_days == 0 || days <= 0)
        return 0;
    return days < MATCH_AHEAD_DAYS_MAX ? days : MATCH_AHEAD_DAYS_MAX;
}

static void score_waiting(int waited_days, struct match_factor_score *s)
{
    s->known = true;
    s->value = waited_days > 0 ? waited_days : 0;
    s->points = s->value < MATCH_WAITING_FULL_DAYS ? 100 * s->value / MATCH_WAITING_FULL_DAYS : 100;
}

void match_score(const struct match_person *newcomer, const struct match_person *volunteer,
                 const struct match_rules *rules, const struct match_weights *weights, int waited_days,
                 struct match_scores *ret_scores)
{
    *ret_scores = (struct match_scores){0};
    struct match_factor_score *of = ret_scores->of;
    score_distance(match_distance_m(newcomer, volunteer), rules, &of[MATCH_DISTANCE - 1]);
    score_age(newcomer, volunteer, &of[MATCH_AGE - 1]);
    score_family(newcomer, volunteer, &of[MATCH_FAMILY - 1]);
    score_interests(newcomer, volunteer, &of[MATCH_INTERESTS - 1]);
    score_language(newcomer, volunteer, &of[MATCH_LANGUAGE - 1]);
    score_waiting(waited_days, &of[MATCH_WAITING - 1]);
    for (int i = 0; i < MATCH_FACTORS; i++) {
        of[i].factor = (enum match_factor)(i + 1);
        of[i].weight = weights->of[i + 1];
        of[i].score = of[i].points * of[i].weight;
        ret_scores->total += of[i].score;
    }
    ret_scores->first_days = first_days(waited_days, rules);
    ret_scores->total += ret_scores->first_days * MATCH_AHEAD_A_DAY;
}

int match_score_total(const struct match_person *newcomer, const struct match_person *volunteer,
                      const struct match_rules *rules, const struct match_weights *weights, int waited_days)
{
    struct match_scores scores;
    match_score(newcomer, volunteer, rules, weights, waited_days, &scores);
    return scores.total;
}

void match_scores_sort(struct match_scores *scores)
{
    for (int i = 1; i < MATCH_FACTORS; i++)
        for (int j = i; j > 0 && (scores->of[j].score > scores->of[j - 1].score ||
                                  (scores->of[j].score == scores->of[j - 1].score &&
                                   scores->of[j].factor < scores->of[j - 1].factor));
             j--) {
            struct match_factor_score swap = scores->of[j];
            scores->of[j] = scores->of[j - 1];
            scores->of[j - 1] = swap;
        }
}
