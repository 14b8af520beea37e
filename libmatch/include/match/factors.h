/* What makes two people fit: hard rules that exclude a pair, and factors that score it, each with words.
 * Pure: whole numbers in, whole numbers and plain English out; owns nothing, knows no clock and no names. */
#ifndef MATCH_FACTORS_H
#define MATCH_FACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_LIST_MAX 12
#define MATCH_TEXT_MAX 161

/* What matching knows of a person: coarse, and zero where it was not told. Equal interests have equal
 * numbers: the caller numbers the words (struct match_words below). Languages besides Dutch, by
 * match_language(). */
struct match_person {
    int32_t lat_e4; /* 1/10000 degree, within 60 degrees of the equator */
    int32_t lon_e4;
    int16_t birth_year;
    uint8_t gender;      /* enum match_gender */
    uint8_t prefers;     /* gender wanted of the other; 0: any */
    uint8_t dutch_level; /* 0 unknown, 1 none, 2..7 A1 to C2, 8 native */
    uint8_t languages_n, interests_n, children_n;
    uint32_t slots; /* parts of the week they can meet, a bit each; 0: not asked */
    uint32_t languages[MATCH_LIST_MAX];
    uint32_t interests[MATCH_LIST_MAX];
    int16_t child_years[MATCH_LIST_MAX];
};

enum match_gender { MATCH_WOMAN = 1, MATCH_MAN = 2, MATCH_OTHER = 3 };

/* A language code of two or three letters as a number, and back. */
uint32_t match_language(const char *code);
void match_language_code(uint32_t language, char code[4]);

struct match_rules {
    int32_t max_distance_m;
    int min_shared_slots;
    bool same_language_required;
    int first_after_days; /* 0: nobody goes first for having waited */
};

enum match_factor {
    MATCH_DISTANCE = 1,
    MATCH_AGE,
    MATCH_FAMILY,
    MATCH_INTERESTS,
    MATCH_LANGUAGE,
    MATCH_WAITING,
};
#define MATCH_FACTORS 6

/* Weight of each factor, 0..100, by its number (index 0 unused). */
struct match_weights {
    int of[MATCH_FACTORS + 1];
};

enum match_rule {
    MATCH_RULE_CAPACITY = 1,
    MATCH_RULE_DISTANCE,
    MATCH_RULE_AVAILABILITY,
    MATCH_RULE_GENDER,
    MATCH_RULE_LANGUAGE,
    MATCH_RULE_DECLINED_BEFORE,
    MATCH_RULE_EARLIER_DUO, /* `ended-badly` in the schemas */
    MATCH_RULE_SAME_PERSON,
};
#define MATCH_RULES 8

/* What the two people's attributes cannot tell. */
struct match_circumstances {
    bool no_place; /* one of them has no place free */
    bool declined_before;
    bool earlier_duo;
    bool same_person;
};

/* The great-circle distance in metres; exact to half a percent over the distances of a region. */
int32_t match_distance_m(const struct match_person *a, const struct match_person *b);

struct match_verdict {
    bool eligible;
    bool passes[MATCH_RULES + 1]; /* by enum match_rule */
    int32_t distance_m;
    int shared_slots; /* -1: not told by both */
};
void match_judge(const struct match_person *newcomer, const struct match_person *volunteer,
                 const struct match_rules *rules, const struct match_circumstances *circumstances,
                 struct match_verdict *ret_verdict);
/* The same answer without the reasons; the inner loop of the pool. */
bool match_eligible(const struct match_person *newcomer, const struct match_person *volunteer,
                    const struct match_rules *rules);
/* "12.4 km apart, at most 10 km allowed". Returns `text`. */
const char *match_rule_text(enum match_rule rule, const struct match_person *newcomer,
                            const struct match_person *volunteer, const struct match_rules *rules,
                            const struct match_verdict *verdict, char text[MATCH_TEXT_MAX]);

/* A score is the sum of points (0..100) times weight (0..100) over the factors.
 *
 * Distance: 100 points at 0 m, falling in a straight line to 0 at the limit; the nearer, the longer a duo
 *   lasts.
 * Age: 100 points for the same year, 4 fewer for each year between them.
 * Family: both with children 60, and up to 40 more for the newcomer's children that have one of the other's
 *   within three years; both without 50; only one with 20. Without is none told of: who has none and who was
 *   not asked are alike, and the factor is then not known.
 * Interests: none shared 0, one 50, two 75, three 90, four or more 100.
 * Language: 100 with a language besides Dutch in common, a bridge; else by the newcomer's Dutch, from 0 for
 *   none to 100 from C1 on, as a bridge is needed less.
 * Waiting: the newcomer's days of waiting when the volunteer's place came free, 100 points from 182 days on.
 *   It stands still while both wait, so that the passing of time alone moves no proposal; who has waited
 *   long comes first when a volunteer arrives or has a place again.
 * What is not known of both (age, interests, language) counts 25: less than a fit, more than a misfit.
 *
 * Going first: whichever of the two was there first, for each day of waiting beyond first_after_days that was
 *   over when the other came, adds MATCH_AHEAD_A_DAY to the factors. As they come to 100 points a weight at
 *   most, who has waited that long yields to nobody who came so many days later as the weights sum up to. */
#define MATCH_UNKNOWN_POINTS    25
#define MATCH_WAITING_FULL_DAYS 182
#define MATCH_AHEAD_A_DAY       100
#define MATCH_AHEAD_DAYS_MAX    3650
#define MATCH_SCORE_MAX         (60000 + MATCH_AHEAD_A_DAY * MATCH_AHEAD_DAYS_MAX)

struct match_factor_score {
    enum match_factor factor;
    int points, weight, score;
    bool known;
    int32_t value; /* metres, years, children of like age, interests, languages, days */
};
struct match_scores {
    struct match_factor_score of[MATCH_FACTORS]; /* by enum match_factor, from 0 */
    int first_days;                              /* beyond first_after_days, of who was there first */
    int total;
};
/* `waited_days`: the newcomer's when the volunteer came; below zero: the volunteer's when the newcomer came.
 */
void match_score(const struct match_person *newcomer, const struct match_person *volunteer,
                 const struct match_rules *rules, const struct match_weights *weights, int waited_days,
                 struct match_scores *ret_scores);
/* The same total alone. */
int match_score_total(const struct match_person *newcomer, const struct match_person *volunteer,
                      const struct match_rules *rules, const struct match_weights *weights, int waited_days);

/* In order of their part of the score, the largest first. */
void match_scores_sort(struct match_scores *scores);

/* Numbers for words that compare equal, kept until they are swept: interests. */
struct match_words;
struct match_words *match_words_new(void);
void match_words_free(struct match_words *words);
uint32_t match_words_number(struct match_words *words, const char *word); /* from 1 */
const char *match_words_word(const struct match_words *words, uint32_t number);
int32_t match_words_count(const struct match_words *words);
/* What was marked stays under its number. The sweep forgets the rest, and its numbers are given anew. */
void match_words_mark(struct match_words *words, uint32_t number);
void match_words_sweep(struct match_words *words);

/* One line for a factor of this pair, `year` being now: "1.2 km apart", "both like cooking". Returns
 * `text`. */
const char *match_factor_text(const struct match_factor_score *score, const struct match_person *newcomer,
                              const struct match_person *volunteer, const struct match_words *words, int year,
                              char text[MATCH_TEXT_MAX]);
/* The same shorter, to say after "they": "live 1.2 km apart", "share 2 interests". Returns `text`. */
const char *match_factor_clause(const struct match_factor_score *score, const struct match_person *newcomer,
                                const struct match_person *volunteer, char text[MATCH_TEXT_MAX]);
/* "free together on 3 half days"; empty when not told by both. */
const char *match_slots_text(int shared_slots, char text[MATCH_TEXT_MAX]);

#endif
