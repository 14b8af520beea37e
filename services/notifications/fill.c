/* See fill.h. */
#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/text.h"
#include "days/days.h"
#include "texts.h"

/* Unicode isolates keep what stands between them in its own direction. */
#define ISOLATE     "\u2068" /* the direction of its first letter */
#define ISOLATE_LTR "\u2066" /* left to right */
#define ISOLATE_END "\u2069"
#define VALUE_BYTES 256

struct value {
    char text[VALUE_BYTES];
    bool ltr; /* numbers, times, addresses: left to right whatever stands around them */
};

bool language_is_rtl(const char *language)
{
    static const char *const rtl[] = {"ar", "fa", "he", "ps", "ur"};
    for (size_t i = 0; i < sizeof rtl / sizeof rtl[0]; i++)
        if (strcmp(language, rtl[i]) == 0)
            return true;
    return false;
}

static const char *word(const struct filling *with, const char *kind, const char *key)
{
    char name[80];
    snprintf(name, sizeof name, "%s.%s", kind, key);
    const char *found = text_word_find(with->language, name);
    return found != NULL ? found : "";
}

static const char *numbered(const struct filling *with, const char *kind, int number)
{
    char key[16];
    snprintf(key, sizeof key, "%d", number);
    return word(with, kind, key);
}

/* Writes a pattern of the language: each of `letters` is one of the texts, everything else stays as it is. */
static void expand(struct value *value, const char *pattern, const char *letters, const char *const *texts)
{
    char *to = value->text, *end = value->text + sizeof value->text - 1;
    for (const char *from = pattern != NULL ? pattern : ""; *from != '\0' && to < end; from++) {
        const char *letter = strchr(letters, *from);
        if (letter == NULL) {
            *to++ = *from;
            continue;
        }
        int n = snprintf(to, (size_t)(end - to), "%s", texts[letter - letters]);
        to += n < end - to ? n : end - to;
    }
    *to = '\0';
}

static void day_of(const struct filling *with, struct value *value)
{
    int32_t on = belgian_day(with->part->at_us);
    char date[sizeof "2026-03-02"];
    bus_date_format(on, date);
    int month = (int)strtol(date + 5, NULL, 10);
    const char *day = date[8] == '0' ? date + 9 : date + 8;
    const char *first = text_word_find(with->language, "day.first");
    const char *texts[] = {numbered(with, "weekday", day_weekday(on)),
                           strcmp(day, "1") == 0 && first != NULL ? first : day,
                           numbered(with, "month", month)};
    expand(value, text_word_find(with->language, "day"), "WDM", texts);
}

static void time_of(const struct filling *with, struct value *value)
{
    int at = belgian_wall(with->part->at_us).minute;
    char hour[12], minute[12];
    snprintf(hour, sizeof hour, "%d", at / 60);
    snprintf(minute, sizeof minute, "%02d", at % 60);
    const char *texts[] = {hour, minute};
    expand(value, text_word_find(with->language, at % 60 == 0 ? "time.whole" : "time"), "HM", texts);
    value->ltr = true;
}

/* The marks that set a direction until another ends it: in a value they would reach beyond it. All begin with
 * one byte. */
#define MARK_BYTE ((char)0xe2)
static size_t direction_mark(const char *text)
{
    if (*text != MARK_BYTE)
        return 0;
    static const char *const marks[] = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
                                        "\u2066", "\u2067", "\u2068", "\u2069"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

static void copy(struct value *value, const char *text)
{
    size_t n = 0;
    for (const char *from = text != NULL ? text : ""; *from != '\0' && n < sizeof value->text - 1;) {
        size_t mark = direction_mark(from);
        if (mark == 0)
            value->text[n++] = *from++;
        from += mark;
    }
    value->text[n] = '\0';
    bus_text_trim(value->text);
}

static void of_part(const struct filling *with, const char *name, struct value *value)
{
    const struct letter_part *part = with->part;
    if (strcmp(name, "programme") == 0) {
        copy(value, part->programme);
    } else if (strcmp(name, "title") == 0) {
        copy(value, part->title);
    } else if (strcmp(name, "venue") == 0) {
        copy(value, part->venue);
    } else if (strcmp(name, "place") == 0 && part->place_kind != NULL) {
        copy(value, word(with, "place", part->place_kind));
    } else if (strcmp(name, "topic") == 0 && part->help_topic != NULL) {
        copy(value, word(with, "topic", part->help_topic));
    } else if (strcmp(name, "day") == 0 && part->at_us != 0) {
        day_of(with, value);
    } else if (strcmp(name, "time") == 0 && part->at_us != 0) {
        time_of(with, value);
    }
}

static void find(const struct filling *with, const char *name, struct value *value)
{
    *value = (struct value){0};
    if (strcmp(name, "first_name") == 0) {
        copy(value, with->first_name);
    } else if (strcmp(name, "sender") == 0) {
        copy(value, with->sender);
    } else if (strcmp(name, "url") == 0) {
        copy(value, with->url);
        value->ltr = true;
    } else if (strcmp(name, "count") == 0) {
        copy(value, with->count);
        value->ltr = true;
    } else if (with->part != NULL) {
        of_part(with, name, value);
    }
}

static bool is_plain(enum medium medium, unsigned char c)
{
    return c >= 0x20 && c != 0x7f &&
           (medium != MEDIUM_HTML || (c != '&' && c != '<' && c != '>' && c != '"' && c != '\''));
}

/* A value cannot break out of its line, its element or its isolate. */
static void add(struct bus_buffer *out, enum medium medium, const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t from = i;
        while (i < size && is_plain(medium, (unsigned char)text[i]))
            i++;
        bus_buffer_add(out, text + from, i - from);
        if (i == size)
            break;
        unsigned char c = (unsigned char)text[i++];
        if (c < 0x20 || c == 0x7f)
            bus_buffer_text(out, " ");
        else
            bus_buffer_printf(out, "&#%d;", c);
    }
}

static void add_value(struct bus_buffer *out, const struct filling *with, const struct value *value)
{
    bool mark = with->medium != MEDIUM_BARE && language_is_rtl(with->language);
    bool html = with->medium == MEDIUM_HTML;
    if (mark && html)
        bus_buffer_text(out, value->ltr ? "<bdi dir=\"ltr\">" : "<bdi>");
    else if (mark)
        bus_buffer_text(out, value->ltr ? ISOLATE_LTR : ISOLATE);
    add(out, with->medium, value->text, strlen(value->text));
    if (mark)
        bus_buffer_text(out, html ? "</bdi>" : ISOLATE_END);
}

bool fill_line(struct bus_buffer *out, const struct filling *with, const char *line, size_t size)
{
    size_t before = out->size;
    for (size_t i = 0; i < size;) {
        const char *brace = memchr(line + i, '{', size - i);
        const char *close = brace != NULL ? memchr(brace, '}', size - (size_t)(brace - line)) : NULL;
        size_t plain = (close != NULL ? (size_t)(brace - line) : size) - i;
        add(out, with->medium, line + i, plain);
        i += plain;
        if (close == NULL)
            continue;
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)(close - brace - 1), brace + 1);
        struct value value;
        find(with, name, &value);
        if (value.text[0] == '\0') {
            out->size = before;
            return false;
        }
        add_value(out, with, &value);
        i = (size_t)(close - line) + 1;
    }
    return true;
}
