/* See import_cell.h. */
#include "import_cell.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "schema/common.h"

#define LIST_MAX      12
#define SLOTS_MAX     21
#define SMALL_LETTERS "abcdefghijklmnopqrstuvwxyz"

const char *cell_trim(struct bus_arena *arena, const char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    return bus_strndup(arena, text, n);
}

size_t cell_characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

bool cell_is_language(const char *text)
{
    size_t n = strlen(text);
    return (n == 2 || n == 3) && strspn(text, SMALL_LETTERS) == n;
}

bool cell_is_interest(const char *text)
{
    size_t n = strlen(text);
    return n >= 2 && n <= 30 && text[0] != '-' && strspn(text, SMALL_LETTERS "-") == n;
}

static const char *english(const char *word)
{
    static const struct {
        const char *dutch, *english;
    } table[] = {{"vrouw", "woman"},  {"v", "woman"},   {"m", "man"},    {"x", "other"},
                 {"andere", "other"}, {"geen", "none"}, {"alle", "any"}, {"moedertaal", "native"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcasecmp(word, table[i].dutch) == 0)
            return table[i].english;
    return word;
}

static const char *one_of(struct bus_arena *arena, const char *const *words)
{
    const char *text = "is none of:";
    for (size_t i = 0; words[i] != NULL; i++)
        text = bus_printf(arena, "%s %s", text, words[i]);
    return strlen(text) <= 200 ? text : "is none of the words that may stand here; see the list of them";
}

const char *cell_word(struct bus_arena *arena, const char *text, const char *const *words, int *ret)
{
    if (text == NULL)
        return NULL;
    const char *wanted = english(text);
    for (int i = 0; words[i] != NULL; i++)
        if (strcasecmp(wanted, words[i]) == 0) {
            *ret = i + 1;
            return NULL;
        }
    return one_of(arena, words);
}

static bool read_year(const char *text, int64_t *ret)
{
    if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
        return false;
    int64_t year = strtol(text, NULL, 10);
    if (year < 1900 || year > 2100)
        return false;
    *ret = year;
    return true;
}

const char *cell_year(const char *text, bool *ret_has, int64_t *ret)
{
    if (text == NULL)
        return NULL;
    if (!read_year(text, ret))
        return "give a year from 1900 to 2100, in 4 digits";
    *ret_has = true;
    return NULL;
}

/* The items of a list; NULL when there are over `most`. */
static char **split(struct bus_arena *arena, const char *text, size_t most, size_t *ret_n)
{
    char **items = bus_alloc_array(arena, most, sizeof *items);
    char *copy = bus_strdup(arena, text), *rest = NULL;
    size_t n = 0;
    for (char *item = strtok_r(copy, " ", &rest); item != NULL; item = strtok_r(NULL, " ", &rest)) {
        if (n == most)
            return NULL;
        items[n++] = item;
    }
    *ret_n = n;
    return items;
}

const char *cell_texts(struct bus_arena *arena, const char *text, bool (*fits)(const char *item),
                       const char *const **ret, size_t *ret_n)
{
    size_t n = 0;
    if (text == NULL)
        return NULL;
    char **items = split(arena, text, LIST_MAX, &n);
    if (items == NULL)
        return "holds over 12 items";
    for (size_t i = 0; i < n; i++) {
        if (!fits(items[i]))
            return "holds an item that cannot be: write small letters, with a blank between items";
        for (size_t j = 0; j < i; j++)
            if (strcmp(items[i], items[j]) == 0)
                return "holds an item twice";
    }
    *ret = (const char *const *)items;
    *ret_n = n;
    return NULL;
}

const char *cell_years(struct bus_arena *arena, const char *text, const int64_t **ret, size_t *ret_n)
{
    size_t n = 0;
    if (text == NULL)
        return NULL;
    char **items = split(arena, text, LIST_MAX, &n);
    if (items == NULL)
        return "holds over 12 items";
    int64_t *years = bus_alloc_array(arena, n, sizeof *years);
    for (size_t i = 0; i < n; i++)
        if (!read_year(items[i], &years[i]))
            return "give years from 1900 to 2100, in 4 digits, with a blank between them";
    *ret = years;
    *ret_n = n;
    return NULL;
}

const char *cell_slots(struct bus_arena *arena, const char *text, const int **ret, size_t *ret_n)
{
    size_t n = 0;
    if (text == NULL)
        return NULL;
    char **items = split(arena, text, SLOTS_MAX, &n);
    if (items == NULL)
        return "holds over 21 items";
    int *slots = bus_alloc_array(arena, n, sizeof *slots);
    for (size_t i = 0; i < n; i++) {
        if (cell_word(arena, items[i], common_slot_words, &slots[i]) != NULL)
            return "give parts of the week, such as mon-morning or sat-afternoon, with a blank between them";
        for (size_t j = 0; j < i; j++)
            if (slots[i] == slots[j])
                return "holds an item twice";
    }
    *ret = slots;
    *ret_n = n;
    return NULL;
}
