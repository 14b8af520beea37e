/* Rules and factors on cases worked out by hand, with the words they give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "match/factors.h"

static const struct match_rules rules = {.max_distance_m = 15000, .min_shared_slots = 2};
static const struct match_weights weights = {.of = {0, 30, 15, 15, 20, 10, 10}};

static struct match_scores score(const struct match_person *newcomer, const struct match_person *volunteer,
                                 int waited)
{
    struct match_scores scores;
    match_score(newcomer, volunteer, &rules, &weights, waited, &scores);
    assert_int_equal(scores.total, match_score_total(newcomer, volunteer, &rules, &weights, waited));
    int sum = 0;
    for (int i = 0; i < MATCH_FACTORS; i++) {
        assert_int_equal(scores.of[i].factor, i + 1);
        assert_int_equal(scores.of[i].score, scores.of[i].points * scores.of[i].weight);
        assert_in_range(scores.of[i].points, 0, 100);
        sum += scores.of[i].score;
    }
    assert_int_equal(scores.total, sum);
    return scores;
}

static int points(const struct match_person *newcomer, const struct match_person *volunteer,
                  enum match_factor factor)
{
    return score(newcomer, volunteer, 0).of[factor - 1].points;
}

static void distances_are_those_of_the_map(void **state)
{
    (void)state;
    struct match_person herentals = {.lat_e4 = 511766, .lon_e4 = 48325},
                        olen = {.lat_e4 = 511436, .lon_e4 = 48598};
    struct match_person asse = {.lat_e4 = 509101, .lon_e4 = 41984};
    assert_int_equal(match_distance_m(&herentals, &herentals), 0);
    assert_in_range(match_distance_m(&herentals, &olen), 4000, 4250);   /* 4.13 km on the sphere */
    assert_in_range(match_distance_m(&herentals, &asse), 53000, 53700); /* 53.3 km */
    assert_int_equal(match_distance_m(&asse, &herentals), match_distance_m(&herentals, &asse));
    struct match_person far = {.lat_e4 = -500000, .lon_e4 = 1700000};
    assert_int_equal(match_distance_m(&asse, &far), 1000000);
}

static void nearer_is_better(void **state)
{
    (void)state;
    struct match_person here = {.lat_e4 = 510000}, mid = {.lat_e4 = 510674}, edge = {.lat_e4 = 511349};
    assert_int_equal(points(&here, &here, MATCH_DISTANCE), 100);
    assert_in_range(points(&here, &mid, MATCH_DISTANCE), 49, 51);
    assert_in_range(points(&here, &edge, MATCH_DISTANCE), 0, 1);
    struct match_person out = {.lat_e4 = 520000};
    assert_int_equal(points(&here, &out, MATCH_DISTANCE), 0);
}

static void age_counts_the_years_between(void **state)
{
    (void)state;
    struct match_person a = {.birth_year = 1980}, b = {.birth_year = 1990}, c = {.birth_year = 1950},
                        unknown = {0};
    assert_int_equal(points(&a, &a, MATCH_AGE), 100);
    assert_int_equal(points(&a, &b, MATCH_AGE), 60);
    assert_int_equal(points(&b, &a, MATCH_AGE), 60);
    assert_int_equal(points(&a, &c, MATCH_AGE), 0);
    assert_int_equal(points(&a, &unknown, MATCH_AGE), MATCH_UNKNOWN_POINTS);
    assert_false(score(&a, &unknown, 0).of[MATCH_AGE - 1].known);
}

static void family_looks_at_children_of_like_age(void **state)
{
    (void)state;
    struct match_person none = {0};
    struct match_person two = {.children_n = 2, .child_years = {2015, 2020}};
    struct match_person one = {.children_n = 1, .child_years = {2018}};
    struct match_person grown = {.children_n = 1, .child_years = {1990}};
    assert_int_equal(points(&none, &none, MATCH_FAMILY), 50);
    assert_int_equal(points(&none, &one, MATCH_FAMILY), 20);
    assert_int_equal(points(&two, &one, MATCH_FAMILY), 100);
    assert_int_equal(points(&one, &grown, MATCH_FAMILY), 60);
    struct match_person half = {.children_n = 2, .child_years = {2018, 2005}};
    assert_int_equal(points(&half, &one, MATCH_FAMILY), 80);
}

static void interests_and_languages_in_common(void **state)
{
    (void)state;
    struct match_person a = {.interests_n = 4, .interests = {1, 2, 3, 4}, .languages_n = 1, .dutch_level = 3};
    struct match_person b = {.interests_n = 2, .interests = {4, 9}, .languages_n = 2};
    struct match_person nobody = {0};
    a.languages[0] = b.languages[1] = match_language("ar");
    b.languages[0] = match_language("fr");
    assert_int_equal(points(&a, &b, MATCH_INTERESTS), 50);
    assert_int_equal(points(&a, &a, MATCH_INTERESTS), 100);
    assert_int_equal(points(&a, &nobody, MATCH_INTERESTS), MATCH_UNKNOWN_POINTS);
    assert_int_equal(points(&a, &b, MATCH_LANGUAGE), 100);
    assert_int_equal(points(&a, &nobody, MATCH_LANGUAGE), 40); /* A2, without a bridge */
    a.dutch_level = 1;
    assert_int_equal(points(&a, &nobody, MATCH_LANGUAGE), 0);
    assert_int_equal(points(&nobody, &b, MATCH_LANGUAGE), MATCH_UNKNOWN_POINTS);
}

static void who_was_there_first_goes_first_after_a_year(void **state)
{
    (void)state;
    const struct match_person a = {0};
    struct match_rules patient = rules;
    patient.first_after_days = 365;
    static const struct {
        int waited, first;
    } cases[] = {{365, 0}, {366, 1}, {-366, 1}, {-365, 0}, {4015, 3650}, {36500, 3650}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct match_scores scores;
        match_score(&a, &a, &patient, &weights, cases[i].waited, &scores);
        assert_int_equal(scores.first_days, cases[i].first);
        assert_int_equal(scores.total, score(&a, &a, cases[i].waited).total + 100 * cases[i].first);
        assert_in_range(scores.total, 0, MATCH_SCORE_MAX);
    }
}

static void waiting_counts_up_to_half_a_year(void **state)
{
    (void)state;
    struct match_person a = {0};
    assert_int_equal(score(&a, &a, -5).of[MATCH_WAITING - 1].points, 0);
    assert_int_equal(score(&a, &a, 91).of[MATCH_WAITING - 1].points, 50);
    assert_int_equal(score(&a, &a, 182).of[MATCH_WAITING - 1].points, 100);
    assert_int_equal(score(&a, &a, 4000).of[MATCH_WAITING - 1].points, 100);
    assert_int_equal(score(&a, &a, 4000).of[MATCH_WAITING - 1].value, 4000);
}

static void the_order_is_that_of_the_parts(void **state)
{
    (void)state;
    struct match_person a = {.birth_year = 1980}, b = {.birth_year = 1980};
    struct match_scores scores = score(&a, &b, 0);
    match_scores_sort(&scores);
    assert_int_equal(scores.of[0].factor, MATCH_DISTANCE);
    assert_int_equal(scores.of[1].factor, MATCH_AGE);
    assert_int_equal(scores.of[5].factor, MATCH_WAITING);
    for (int i = 1; i < MATCH_FACTORS; i++)
        assert_true(scores.of[i - 1].score >= scores.of[i].score);
}

/* Each hard rule broken alone, and the quick answer agreeing with the full one. */
static void check(const struct match_person *n, const struct match_person *v, const struct match_rules *with,
                  enum match_rule broken, const char *words)
{
    struct match_verdict verdict;
    char text[MATCH_TEXT_MAX];
    match_judge(n, v, with, &(struct match_circumstances){0}, &verdict);
    assert_int_equal(verdict.eligible, broken == 0);
    assert_int_equal(match_eligible(n, v, with), broken == 0);
    for (int rule = 1; rule <= MATCH_RULES; rule++)
        assert_int_equal(verdict.passes[rule], rule != (int)broken);
    if (broken)
        assert_string_equal(match_rule_text(broken, n, v, with, &verdict, text), words);
}

static void each_rule_excludes(void **state)
{
    (void)state;
    struct match_person n = {.lat_e4 = 510000, .gender = MATCH_WOMAN, .slots = 7};
    struct match_person v = {.lat_e4 = 510000, .gender = MATCH_MAN, .slots = 6};
    struct match_rules strict = rules;
    check(&n, &v, &rules, 0, NULL);
    v.slots = 12;
    check(&n, &v, &rules, MATCH_RULE_AVAILABILITY, "free together on 1 half days of the week, 2 needed");
    v.slots = 0;
    check(&n, &v, &rules, 0, NULL); /* not asked: no hindrance */
    n.prefers = MATCH_WOMAN;
    check(&n, &v, &rules, MATCH_RULE_GENDER,
          "the newcomer asks for a woman, and the volunteer is not known to be that");
    n.prefers = 0;
    v.prefers = MATCH_MAN;
    check(&n, &v, &rules, MATCH_RULE_GENDER,
          "the volunteer asks for a man, and the newcomer is not known to be that");
    v.prefers = MATCH_WOMAN;
    check(&n, &v, &rules, 0, NULL);
    strict.same_language_required = true;
    check(&n, &v, &strict, MATCH_RULE_LANGUAGE,
          "no language besides Dutch in common, which the programme asks");
    v.lat_e4 = 511440;
    check(&n, &v, &rules, MATCH_RULE_DISTANCE, "16.0 km apart, at most 15.0 km allowed");
}

static void circumstances_exclude(void **state)
{
    (void)state;
    struct match_person n = {0}, v = {0};
    struct match_verdict verdict;
    struct match_circumstances all = {true, true, true, true};
    char text[MATCH_TEXT_MAX];
    match_judge(&n, &v, &rules, &all, &verdict);
    assert_false(verdict.eligible);
    assert_false(verdict.passes[MATCH_RULE_CAPACITY] || verdict.passes[MATCH_RULE_DECLINED_BEFORE] ||
                 verdict.passes[MATCH_RULE_EARLIER_DUO] || verdict.passes[MATCH_RULE_SAME_PERSON]);
    assert_true(verdict.passes[MATCH_RULE_DISTANCE]);
    assert_string_equal(match_rule_text(MATCH_RULE_EARLIER_DUO, &n, &v, &rules, &verdict, text),
                        "an earlier duo of the two ended");
    for (int rule = 1; rule <= MATCH_RULES; rule++)
        assert_true(strlen(match_rule_text((enum match_rule)rule, &n, &v, &rules, &verdict, text)) > 5);
}

static const char *say(const struct match_person *n, const struct match_person *v, enum match_factor factor,
                       int waited, const struct match_words *words, char text[MATCH_TEXT_MAX])
{
    struct match_scores scores = score(n, v, waited);
    return match_factor_text(&scores.of[factor - 1], n, v, words, 2026, text);
}

static void the_words_say_why(void **state)
{
    (void)state;
    struct match_words *words = match_words_new();
    struct match_person n = {.lat_e4 = 510000, .birth_year = 1985, .children_n = 1, .child_years = {2022}};
    struct match_person v = {.lat_e4 = 510108, .birth_year = 1973, .children_n = 1, .child_years = {2023}};
    char text[MATCH_TEXT_MAX];
    assert_string_equal(say(&n, &v, MATCH_DISTANCE, 0, words, text), "1.2 km apart");
    assert_string_equal(say(&n, &n, MATCH_DISTANCE, 0, words, text), "live in the same postcode");
    assert_string_equal(say(&n, &v, MATCH_AGE, 0, words, text), "12 years between them");
    assert_string_equal(say(&n, &n, MATCH_AGE, 0, words, text), "of the same age");
    assert_string_equal(say(&n, &v, MATCH_FAMILY, 0, words, text), "both have children under 6");
    v.child_years[0] = 1990;
    assert_string_equal(say(&n, &v, MATCH_FAMILY, 0, words, text), "both have children");
    v.children_n = 0;
    assert_string_equal(say(&n, &v, MATCH_FAMILY, 0, words, text),
                        "only the newcomer told of children at home");
    assert_string_equal(say(&n, &v, MATCH_INTERESTS, 0, words, text), "interests not known of both");
    n.interests_n = v.interests_n = 3;
    n.interests[0] = v.interests[2] = match_words_number(words, "cooking");
    n.interests[1] = v.interests[0] = match_words_number(words, "board-games");
    n.interests[2] = match_words_number(words, "music");
    v.interests[1] = match_words_number(words, "football");
    assert_string_equal(say(&n, &v, MATCH_INTERESTS, 0, words, text), "both like cooking and board games");
    n.languages_n = v.languages_n = 2;
    n.languages[0] = v.languages[0] = match_language("ti");
    n.languages[1] = v.languages[1] = match_language("xyz");
    assert_string_equal(say(&n, &v, MATCH_LANGUAGE, 0, words, text), "both speak Tigrinya and xyz");
    n.dutch_level = 3;
    n.languages_n = 0;
    assert_string_equal(say(&n, &v, MATCH_LANGUAGE, 0, words, text),
                        "no other language in common; the newcomer's Dutch: A2");
    assert_string_equal(say(&n, &v, MATCH_WAITING, 34, words, text),
                        "the newcomer had waited 34 days when the volunteer was free");
    assert_string_equal(match_slots_text(1, text), "free together on 1 half day");
    assert_string_equal(match_slots_text(-1, text), "");
    match_words_free(words);
}

static const char *clause(const struct match_person *n, const struct match_person *v,
                          enum match_factor factor, int waited, char text[MATCH_TEXT_MAX])
{
    struct match_scores scores = score(n, v, waited);
    return match_factor_clause(&scores.of[factor - 1], n, v, text);
}

static void two_pairs_can_be_compared_in_words(void **state)
{
    (void)state;
    struct match_person n = {.lat_e4 = 510000, .birth_year = 1985, .children_n = 1, .child_years = {2022}};
    struct match_person v = {.lat_e4 = 510108, .birth_year = 1984, .children_n = 1, .child_years = {2023}};
    char text[MATCH_TEXT_MAX];
    assert_string_equal(clause(&n, &v, MATCH_DISTANCE, 0, text), "live 1.2 km apart");
    assert_string_equal(clause(&n, &n, MATCH_DISTANCE, 0, text), "live in the same postcode");
    assert_string_equal(clause(&n, &v, MATCH_AGE, 0, text), "differ 1 year in age");
    assert_string_equal(clause(&n, &n, MATCH_AGE, 0, text), "are of the same age");
    assert_string_equal(clause(&n, &v, MATCH_FAMILY, 0, text), "both have children, 1 of like age");
    v.children_n = 0;
    assert_string_equal(clause(&n, &v, MATCH_FAMILY, 0, text), "told of children on one side only");
    assert_string_equal(clause(&v, &v, MATCH_FAMILY, 0, text), "told of no children at home");
    assert_string_equal(clause(&n, &v, MATCH_INTERESTS, 0, text), "did not both tell their interests");
    n.interests_n = v.interests_n = 2;
    n.interests[0] = v.interests[1] = 7;
    n.interests[1] = 8;
    v.interests[0] = 9;
    assert_string_equal(clause(&n, &v, MATCH_INTERESTS, 0, text), "share 1 interest");
    assert_string_equal(clause(&n, &n, MATCH_INTERESTS, 0, text), "share 2 interests");
    n.dutch_level = 3;
    n.languages_n = v.languages_n = 1;
    n.languages[0] = match_language("ti");
    v.languages[0] = match_language("uk");
    assert_string_equal(clause(&n, &v, MATCH_LANGUAGE, 0, text),
                        "share no language but Dutch (the newcomer's: A2)");
    v.languages[0] = match_language("ti");
    assert_string_equal(clause(&n, &v, MATCH_LANGUAGE, 0, text), "share 1 language besides Dutch");
    assert_string_equal(clause(&n, &v, MATCH_WAITING, 34, text), "could first meet after 34 days of waiting");
}

/* Twelve interests of thirty letters do not fit in a line: what fits is said, and nothing is written
 * beyond. */
static void long_lists_are_cut(void **state)
{
    (void)state;
    struct match_words *words = match_words_new();
    struct match_person n = {.interests_n = MATCH_LIST_MAX};
    char text[MATCH_TEXT_MAX];
    for (int i = 0; i < MATCH_LIST_MAX; i++) {
        char word[] = "abcdefghijklmnopqrstuvwxyzabcd";
        word[0] = (char)('a' + i);
        n.interests[i] = match_words_number(words, word);
    }
    say(&n, &n, MATCH_INTERESTS, 0, words, text);
    assert_in_range(strlen(text), 100, MATCH_TEXT_MAX - 1);
    match_words_free(words);
}

static void words_that_nobody_has_any_more_are_forgotten(void **state)
{
    (void)state;
    struct match_words *words = match_words_new();
    char word[12];
    for (int i = 1; i <= 300; i++) {
        snprintf(word, sizeof word, "word-%d", i);
        assert_int_equal(match_words_number(words, word), i);
    }
    for (uint32_t i = 3; i <= 300; i += 3)
        match_words_mark(words, i);
    match_words_sweep(words);
    assert_int_equal(match_words_count(words), 100);
    assert_string_equal(match_words_word(words, 1), "");
    assert_int_equal(match_words_number(words, "word-3"), 3);
    assert_int_equal(match_words_number(words, "word-300"), 300);
    assert_int_equal(match_words_number(words, "new"), 1);
    assert_int_equal(match_words_number(words, "word-1"), 2);
    assert_string_equal(match_words_word(words, 1), "new");
    match_words_sweep(words);
    assert_int_equal(match_words_count(words), 0);
    match_words_free(words);
}

static void words_have_numbers(void **state)
{
    (void)state;
    struct match_words *words = match_words_new();
    assert_int_equal(match_words_number(words, "chess"), 1);
    assert_int_equal(match_words_number(words, "music"), 2);
    assert_int_equal(match_words_number(words, "chess"), 1);
    assert_string_equal(match_words_word(words, 2), "music");
    assert_string_equal(match_words_word(words, 0), "");
    assert_string_equal(match_words_word(words, 3), "");
    char code[4];
    match_language_code(match_language("nl"), code);
    assert_string_equal(code, "nl");
    match_language_code(match_language("prs"), code);
    assert_string_equal(code, "prs");
    match_words_free(words);
    match_words_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_map),
        cmocka_unit_test(nearer_is_better),
        cmocka_unit_test(age_counts_the_years_between),
        cmocka_unit_test(family_looks_at_children_of_like_age),
        cmocka_unit_test(interests_and_languages_in_common),
        cmocka_unit_test(waiting_counts_up_to_half_a_year),
        cmocka_unit_test(who_was_there_first_goes_first_after_a_year),
        cmocka_unit_test(the_order_is_that_of_the_parts),
        cmocka_unit_test(each_rule_excludes),
        cmocka_unit_test(circumstances_exclude),
        cmocka_unit_test(the_words_say_why),
        cmocka_unit_test(two_pairs_can_be_compared_in_words),
        cmocka_unit_test(long_lists_are_cut),
        cmocka_unit_test(words_that_nobody_has_any_more_are_forgotten),
        cmocka_unit_test(words_have_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
