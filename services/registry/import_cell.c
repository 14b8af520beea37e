/* See import_cell.h. */
#include "import_cell.h"

#include <stdlib.h>
#include <string.h>

#include "import_words.h"

#define LIST_MAX      12
#define SMALL_LETTERS "abcdefghijklmnopqrstuvwxyz"

const char *cell_trim(struct bus_arena *arena, const char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    return bus_strndup(arena, text, n);
}

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t cell_characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += begins_character(*text);
    return n;
}

const char *cell_beginning(struct bus_arena *arena, const char *text, size_t characters)
{
    size_t bytes = 0;
    for (size_t n = 0; text[bytes] != '\0'; bytes++) {
        n += begins_character(text[bytes]);
        if (n > characters)
            break;
    }
    return bus_strndup(arena, text, bytes);
}

const char *cell_language(struct bus_arena *arena, const char *text)
{
    (void)arena;
    size_t n = strlen(text);
    return (n == 2 || n == 3) && strspn(text, SMALL_LETTERS) == n ? text : NULL;
}

const char *cell_interest(struct bus_arena *arena, const char *text)
{
    (void)arena;
    size_t n = strlen(text);
    return n >= 2 && n <= 30 && text[0] != '-' && strspn(text, SMALL_LETTERS "-") == n ? text : NULL;
}

/* The year of a date as people write it: 3/4/1980, 03-04-1980, 3.4.1980 or 1980-04-03. Which of the others is
 * the month does not matter. */
static bool year_of_date(const char *text, int64_t *ret)
{
    static const char separators[] = "/-.";
    int64_t numbers[3];
    size_t digits[3], n = 0;
    char separator = text[strspn(text, "0123456789")];
    if (separator == '\0' || strchr(separators, separator) == NULL)
        return false;
    for (; n < 3; n++) {
        digits[n] = strspn(text, "0123456789");
        if (digits[n] == 0 || digits[n] > 4)
            return false;
        numbers[n] = strtol(text, NULL, 10);
        text += digits[n];
        if (*text != (n < 2 ? separator : '\0'))
            return false;
        text += n < 2;
    }
    size_t year = digits[0] == 4 ? 0 : 2;
    int64_t one = numbers[1], other = numbers[2 - year];
    if (digits[year] != 4 || one < 1 || other < 1 || one > 31 || other > 31 || (one > 12 && other > 12))
        return false;
    *ret = numbers[year];
    return true;
}

static bool read_year(const char *text, int64_t *ret)
{
    int64_t year;
    if (strlen(text) == 4 && strspn(text, "0123456789") == 4)
        year = strtol(text, NULL, 10);
    else if (!year_of_date(text, &year))
        return false;
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
        return "give a year in 4 digits, from 1900 to this year, or a date with such a year: 1980 or "
               "3/4/1980";
    *ret_has = true;
    return NULL;
}

static const char over_items[] = "holds over 12 items: keep the 12 that count most";

/* What stands between the commas; NULL when that is over LIST_MAX items. */
static const char **split(struct bus_arena *arena, const char *text, size_t *ret_n)
{
    const char **items = bus_alloc_array(arena, LIST_MAX, sizeof *items);
    char *copy = bus_strdup(arena, text), *rest = NULL;
    size_t n = 0;
    for (char *item = strtok_r(copy, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest)) {
        const char *trimmed = cell_trim(arena, item);
        if (trimmed[0] == '\0')
            continue;
        if (n == LIST_MAX)
            return NULL;
        items[n++] = trimmed;
    }
    *ret_n = n;
    return items;
}

static size_t place_of(const char *const *texts, size_t n, const char *text)
{
    size_t i = 0;
    while (i < n && strcmp(texts[i], text) != 0)
        i++;
    return i;
}

const char *cell_texts(struct bus_arena *arena, const char *text, const struct cell_list *list,
                       const char *const **ret, size_t *ret_n)
{
    size_t given_n = 0, n = 0;
    if (text == NULL)
        return NULL;
    const char *apart = list->apart(arena, text);
    if (apart == NULL)
        return list->unclear;
    const char **given = split(arena, apart, &given_n);
    if (given == NULL)
        return over_items;
    const char **items = bus_alloc_array(arena, given_n, sizeof *items);
    for (size_t i = 0; i < given_n; i++) {
        const char *item = list->item(arena, given[i]);
        if (item == NULL)
            return list->wrong;
        if (place_of(given, i, given[i]) < i)
            return "holds an item twice";
        if (place_of(items, n, item) == n)
            items[n++] = item;
    }
    *ret = items;
    *ret_n = n;
    return NULL;
}

const char *cell_years(struct bus_arena *arena, const char *text, const int64_t **ret, size_t *ret_n)
{
    size_t n = 0;
    if (text == NULL)
        return NULL;
    const char **items = split(arena, list_years(arena, text), &n);
    if (items == NULL)
        return over_items;
    int64_t *years = bus_alloc_array(arena, n, sizeof *years);
    for (size_t i = 0; i < n; i++)
        if (!read_year(items[i], &years[i]))
            return "give years in 4 digits, from 1900 to this year, with a blank between them";
    *ret = years;
    *ret_n = n;
    return NULL;
}

const char *cell_slots(struct bus_arena *arena, const char *text, const int **ret, size_t *ret_n)
{
    if (text == NULL)
        return NULL;
    size_t n = 0;
    int *slots = bus_alloc_array(arena, WORD_SLOTS_MAX, sizeof *slots);
    const char *fault = word_slots(arena, text, slots, &n);
    if (fault != NULL)
        return fault;
    *ret = slots;
    *ret_n = n;
    return NULL;
}
