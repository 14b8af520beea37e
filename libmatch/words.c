/* The words for a factor of a pair, in plain English and naming nobody; and the numbering of interests.
 * Years and distances are rounded as people say them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assignment_internal.h"
#include "match/factors.h"
#include "table.h"

struct word {
    char *text;        /* NULL: the number is free */
    int32_t next_free; /* a number, or 0 */
    bool marked;
};

struct match_words {
    struct match_table table; /* to places in the list */
    struct word *list;        /* a number is its place, from 1 */
    int32_t n, room, free, used;
};

struct match_words *match_words_new(void)
{
    int32_t room = 0;
    struct match_words *words = match_grow(NULL, &room, 1, sizeof *words);
    *words = (struct match_words){0};
    return words;
}

void match_words_free(struct match_words *words)
{
    if (words == NULL)
        return;
    for (int32_t i = 0; i < words->n; i++)
        free(words->list[i].text);
    free(words->list);
    match_table_done(&words->table);
    free(words);
}

struct lookup {
    const struct match_words *words;
    const char *word;
};

static bool is_word(const void *context, int32_t value)
{
    const struct lookup *lookup = context;
    return strcmp(lookup->words->list[value].text, lookup->word) == 0;
}

/* The place of a number that nobody has. */
static int32_t take_place(struct match_words *words)
{
    int32_t number = words->free;
    if (number != 0) {
        words->free = words->list[number - 1].next_free;
        return number - 1;
    }
    words->list = match_grow(words->list, &words->room, words->n + 1, sizeof *words->list);
    return words->n++;
}

uint32_t match_words_number(struct match_words *words, const char *word)
{
    uint64_t hash = match_hash_bytes(word, strlen(word));
    struct lookup lookup = {.words = words, .word = word};
    int32_t found = match_table_find(&words->table, hash, is_word, &lookup);
    if (found >= 0)
        return (uint32_t)found + 1;
    int32_t room = 0, place = take_place(words);
    char *copy = match_grow(NULL, &room, (int32_t)strlen(word) + 1, 1);
    strcpy(copy, word);
    words->list[place] = (struct word){.text = copy};
    match_table_add(&words->table, hash, place);
    words->used++;
    return (uint32_t)place + 1;
}

const char *match_words_word(const struct match_words *words, uint32_t number)
{
    bool known = number >= 1 && number <= (uint32_t)words->n && words->list[number - 1].text != NULL;
    return known ? words->list[number - 1].text : "";
}

int32_t match_words_count(const struct match_words *words)
{
    return words->used;
}

void match_words_mark(struct match_words *words, uint32_t number)
{
    if (number >= 1 && number <= (uint32_t)words->n)
        words->list[number - 1].marked = true;
}

void match_words_sweep(struct match_words *words)
{
    match_table_done(&words->table);
    words->free = words->used = 0;
    for (int32_t i = words->n - 1; i >= 0; i--) {
        struct word *word = &words->list[i];
        if (word->text != NULL && word->marked) {
            word->marked = false;
            words->used++;
            match_table_add(&words->table, match_hash_bytes(word->text, strlen(word->text)), i);
            continue;
        }
        free(word->text);
        *word = (struct word){.next_free = words->free};
        words->free = i + 1;
    }
}

uint32_t match_language(const char *code)
{
    uint32_t language = 0;
    for (int i = 0; i < 3 && code[i] != '\0'; i++)
        language = language << 8 | (unsigned char)code[i];
    return language;
}

void match_language_code(uint32_t language, char code[4])
{
    int n = 0;
    for (int shift = 16; shift >= 0; shift -= 8)
        if ((language >> shift & 0xff) != 0)
            code[n++] = (char)(language >> shift & 0xff);
    code[n] = '\0';
}

static const char *language_name(uint32_t language, char code[4])
{
    static const char *const names[][2] = {
        {"ar", "Arabic"},   {"bg", "Bulgarian"},  {"de", "German"},   {"en", "English"},   {"es", "Spanish"},
        {"fa", "Persian"},  {"fr", "French"},     {"it", "Italian"},  {"ku", "Kurdish"},   {"pl", "Polish"},
        {"ps", "Pashto"},   {"pt", "Portuguese"}, {"ro", "Romanian"}, {"ru", "Russian"},   {"so", "Somali"},
        {"sq", "Albanian"}, {"ti", "Tigrinya"},   {"tr", "Turkish"},  {"uk", "Ukrainian"}, {"ur", "Urdu"},
    };
    match_language_code(language, code);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i][0], code) == 0)
            return names[i][1];
    return code;
}

/* Appends with what goes between: "", ", " or " and ". */
static void join(char text[MATCH_TEXT_MAX], const char *item, int index, int count)
{
    const char *between = index == 0 ? "" : index == count - 1 ? " and " : ", ";
    size_t length = strlen(text);
    if (length + strlen(between) + strlen(item) < MATCH_TEXT_MAX)
        stpcpy(stpcpy(text + length, between), item);
}

static bool has(const uint32_t *list, int n, uint32_t item)
{
    for (int i = 0; i < n; i++)
        if (list[i] == item)
            return true;
    return false;
}

static void say_distance(const struct match_factor_score *score, char text[MATCH_TEXT_MAX])
{
    if (score->value < 100)
        snprintf(text, MATCH_TEXT_MAX, "live in the same postcode");
    else
        snprintf(text, MATCH_TEXT_MAX, "%.1f km apart", score->value / 1000.0);
}

static void say_age(const struct match_factor_score *score, char text[MATCH_TEXT_MAX])
{
    if (!score->known)
        snprintf(text, MATCH_TEXT_MAX, "age not known of both");
    else if (score->value <= 1)
        snprintf(text, MATCH_TEXT_MAX, "of the same age");
    else
        snprintf(text, MATCH_TEXT_MAX, "%d years between them", (int)score->value);
}

static bool has_child_under(const struct match_person *person, int year, int age)
{
    for (int i = 0; i < person->children_n; i++)
        if (year - person->child_years[i] < age)
            return true;
    return false;
}

static void say_family(const struct match_factor_score *score, const struct match_person *newcomer,
                       const struct match_person *volunteer, int year, char text[MATCH_TEXT_MAX])
{
    static const int ages[] = {6, 12, 18};
    const char *what = newcomer->children_n == 0 && volunteer->children_n == 0
                           ? "no children at home told of either"
                       : newcomer->children_n == 0  ? "only the volunteer told of children at home"
                       : volunteer->children_n == 0 ? "only the newcomer told of children at home"
                                                    : "both have children";
    snprintf(text, MATCH_TEXT_MAX, "%s", what);
    for (size_t i = 0; score->value > 0 && i < sizeof ages / sizeof ages[0]; i++)
        if (has_child_under(newcomer, year, ages[i]) && has_child_under(volunteer, year, ages[i])) {
            snprintf(text, MATCH_TEXT_MAX, "both have children under %d", ages[i]);
            return;
        }
    if (score->value > 0)
        snprintf(text, MATCH_TEXT_MAX, "both have children of like age");
}

static void say_interests(const struct match_factor_score *score, const struct match_person *newcomer,
                          const struct match_person *volunteer, const struct match_words *words,
                          char text[MATCH_TEXT_MAX])
{
    snprintf(text, MATCH_TEXT_MAX, "%s",
             !score->known ? "interests not known of both" : "no interest in common");
    if (score->value == 0)
        return;
    snprintf(text, MATCH_TEXT_MAX, "both like ");
    char list[MATCH_TEXT_MAX] = "";
    int said = 0;
    for (int i = 0; i < newcomer->interests_n; i++) {
        if (!has(volunteer->interests, volunteer->interests_n, newcomer->interests[i]))
            continue;
        char word[32];
        snprintf(word, sizeof word, "%s", match_words_word(words, newcomer->interests[i]));
        for (char *c = word; *c != '\0'; c++)
            if (*c == '-')
                *c = ' ';
        join(list, word, said++, score->value);
    }
    snprintf(text + 10, MATCH_TEXT_MAX - 10, "%.150s", list);
}

static const char *dutch_of(const struct match_person *newcomer)
{
    static const char *const levels[] = {"not known", "none yet", "A1", "A2",    "B1",
                                         "B2",        "C1",       "C2", "native"};
    return levels[newcomer->dutch_level <= 8 ? newcomer->dutch_level : 0];
}

static void say_language(const struct match_factor_score *score, const struct match_person *newcomer,
                         const struct match_person *volunteer, char text[MATCH_TEXT_MAX])
{
    if (score->value == 0) {
        snprintf(text, MATCH_TEXT_MAX, "no other language in common; the newcomer's Dutch: %s",
                 dutch_of(newcomer));
        return;
    }
    char list[MATCH_TEXT_MAX] = "", code[4];
    int said = 0;
    for (int i = 0; i < newcomer->languages_n; i++)
        if (has(volunteer->languages, volunteer->languages_n, newcomer->languages[i]))
            join(list, language_name(newcomer->languages[i], code), said++, score->value);
    snprintf(text, MATCH_TEXT_MAX, "both speak %.140s", list);
}

const char *match_factor_text(const struct match_factor_score *score, const struct match_person *newcomer,
                              const struct match_person *volunteer, const struct match_words *words, int year,
                              char text[MATCH_TEXT_MAX])
{
    switch (score->factor) {
    case MATCH_DISTANCE:
        say_distance(score, text);
        break;
    case MATCH_AGE:
        say_age(score, text);
        break;
    case MATCH_FAMILY:
        say_family(score, newcomer, volunteer, year, text);
        break;
    case MATCH_INTERESTS:
        say_interests(score, newcomer, volunteer, words, text);
        break;
    case MATCH_LANGUAGE:
        say_language(score, newcomer, volunteer, text);
        break;
    case MATCH_WAITING:
        if (score->value < 1)
            snprintf(text, MATCH_TEXT_MAX, "the newcomer had not waited yet when the two could first meet");
        else
            snprintf(text, MATCH_TEXT_MAX, "the newcomer had waited %d days when the volunteer was free",
                     (int)score->value);
        break;
    }
    return text;
}

static void clause_family(const struct match_factor_score *score, const struct match_person *newcomer,
                          const struct match_person *volunteer, char text[MATCH_TEXT_MAX])
{
    bool one = newcomer->children_n > 0, other = volunteer->children_n > 0;
    if (one && other)
        snprintf(text, MATCH_TEXT_MAX, "both have children, %d of like age", (int)score->value);
    else
        snprintf(text, MATCH_TEXT_MAX, "%s",
                 one || other ? "told of children on one side only" : "told of no children at home");
}

static void clause_language(const struct match_factor_score *score, const struct match_person *newcomer,
                            char text[MATCH_TEXT_MAX])
{
    if (score->value == 0)
        snprintf(text, MATCH_TEXT_MAX, "share no language but Dutch (the newcomer's: %s)",
                 dutch_of(newcomer));
    else
        snprintf(text, MATCH_TEXT_MAX, "share %d language%s besides Dutch", (int)score->value,
                 score->value == 1 ? "" : "s");
}

const char *match_factor_clause(const struct match_factor_score *score, const struct match_person *newcomer,
                                const struct match_person *volunteer, char text[MATCH_TEXT_MAX])
{
    int value = (int)score->value;
    switch (score->factor) {
    case MATCH_DISTANCE:
        if (value < 100)
            snprintf(text, MATCH_TEXT_MAX, "live in the same postcode");
        else
            snprintf(text, MATCH_TEXT_MAX, "live %.1f km apart", value / 1000.0);
        break;
    case MATCH_AGE:
        if (!score->known)
            snprintf(text, MATCH_TEXT_MAX, "did not both tell their age");
        else if (value == 0)
            snprintf(text, MATCH_TEXT_MAX, "are of the same age");
        else
            snprintf(text, MATCH_TEXT_MAX, "differ %d year%s in age", value, value == 1 ? "" : "s");
        break;
    case MATCH_FAMILY:
        clause_family(score, newcomer, volunteer, text);
        break;
    case MATCH_INTERESTS:
        if (score->known)
            snprintf(text, MATCH_TEXT_MAX, "share %d interest%s", value, value == 1 ? "" : "s");
        else
            snprintf(text, MATCH_TEXT_MAX, "did not both tell their interests");
        break;
    case MATCH_LANGUAGE:
        clause_language(score, newcomer, text);
        break;
    case MATCH_WAITING:
        snprintf(text, MATCH_TEXT_MAX, "could first meet after %d day%s of waiting", value,
                 value == 1 ? "" : "s");
        break;
    }
    return text;
}

const char *match_slots_text(int shared_slots, char text[MATCH_TEXT_MAX])
{
    if (shared_slots < 0)
        text[0] = '\0';
    else
        snprintf(text, MATCH_TEXT_MAX, "free together on %d half day%s", shared_slots,
                 shared_slots == 1 ? "" : "s");
    return text;
}
