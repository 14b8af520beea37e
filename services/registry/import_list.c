/* See import_list.h. Signs and words give way to commas in place, so that no text grows. */
#include "import_list.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "import_words.h"

#define BLANKS      " \t"
#define ENDS        BLANKS ","
#define CODE_LENGTH 3 /* of a language, at most: no name of one is as short, but "twi" */

static void put_commas(char *text, const char *signs)
{
    for (char *c = strpbrk(text, signs); c != NULL; c = strpbrk(c, signs))
        *c = ',';
}

static void part_by_blanks(char *text)
{
    if (strchr(text, ',') == NULL)
        put_commas(text, BLANKS);
}

/* The next "en" that is a word of its own, or NULL. */
static char *next_and(const char *text, char *from)
{
    for (char *at = from; *at != '\0'; at++) {
        bool begins = at == text || strchr(ENDS, at[-1]) != NULL;
        if (begins && strncasecmp(at, "en", 2) == 0 && strchr(ENDS, at[2]) != NULL) /* or the end */
            return at;
    }
    return NULL;
}

const char *list_recorded(struct bus_arena *arena, const char *text)
{
    char *list = bus_strdup(arena, text);
    put_commas(list, ";/\r\n");
    part_by_blanks(list);
    return list;
}

const char *list_years(struct bus_arena *arena, const char *text)
{
    char *list = bus_strdup(arena, text);
    put_commas(list, ";&\r\n");
    for (char *and = next_and(list, list); and != NULL; and = next_and(list, and))
        memcpy(and, ", ", 2);
    part_by_blanks(list);
    return list;
}

/* ---- languages: "en" is one of them, too */

static size_t word_before(const char *text, const char *at)
{
    while (at > text && strchr(BLANKS, at[-1]) != NULL)
        at--;
    const char *end = at;
    while (at > text && strchr(ENDS, at[-1]) == NULL)
        at--;
    return (size_t)(end - at);
}

static size_t word_behind(const char *at)
{
    return strcspn(at + strspn(at, BLANKS), ENDS);
}

const char *list_languages(struct bus_arena *arena, const char *text)
{
    char *list = bus_strdup(arena, text);
    put_commas(list, ";/&\r\n");
    for (char *and = next_and(list, list); and != NULL; and = next_and(list, and+2)) {
        size_t before = word_before(list, and), behind = word_behind(and+2);
        if (before == 0 || behind == 0) /* between nothing: English */
            continue;
        if ((before > CODE_LENGTH) != (behind > CODE_LENGTH))
            return NULL;
        if (before > CODE_LENGTH)
            memcpy(and, ", ", 2);
    }
    part_by_blanks(list);
    return list;
}

/* ---- interests */

static void count_words(struct bus_arena *arena, const char *item, size_t *ret_words, size_t *ret_known)
{
    char *rest = NULL, *copy = bus_strdup(arena, item);
    for (char *word = strtok_r(copy, BLANKS, &rest); word != NULL; word = strtok_r(NULL, BLANKS, &rest)) {
        *ret_words += 1;
        *ret_known += word_is_interest(arena, word);
    }
}

const char *list_interests(struct bus_arena *arena, const char *text)
{
    char *list = bus_strdup(arena, text);
    put_commas(list, ";/&\r\n");
    bool parted = strchr(list, ',') != NULL;
    for (char *and = next_and(list, list); and != NULL; and = next_and(list, and))
        memcpy(and, ", ", 2);
    for (char *at = list; *at != '\0';) {
        size_t n = strcspn(at, ","), words = 0, known = 0;
        char *item = bus_strndup(arena, at, n);
        if (!word_is_interest(arena, item))
            count_words(arena, item, &words, &known);
        if (known > 0 && known == words) {
            put_commas(item, BLANKS);
            memcpy(at, item, n);
        } else if (known > 0 && !parted) {
            return NULL;
        }
        at += n + (at[n] == ',');
    }
    return list;
}
