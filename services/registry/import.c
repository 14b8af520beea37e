/* See import.h: reading and checking, line by line. */
#include "import.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "import_cell.h"
#include "import_columns.h"
#include "import_header.h"
#include "import_texts.h"
#include "import_twice.h"
#include "import_words.h"

void import_fault(struct import *self, int64_t line, int column, const char *text, ...)
{
    if (self->faults_n == self->faults_capacity) {
        size_t capacity = self->faults_capacity ? 2 * self->faults_capacity : 64;
        struct registry_import_people_reply_faults *grown =
            bus_alloc_array(self->arena, capacity, sizeof *grown);
        if (self->faults_n > 0)
            memcpy(grown, self->faults, self->faults_n * sizeof *grown);
        self->faults = grown;
        self->faults_capacity = capacity;
    }
    va_list args;
    va_start(args, text);
    struct registry_import_people_reply_faults fault = {
        .line = line, .text = bus_vprintf(self->arena, self->dutch ? import_text_dutch(text) : text, args)};
    va_end(args);
    if (column != COLUMN_NONE) {
        fault.column = import_columns[column].name;
        fault.heading = self->dutch ? import_columns[column].dutch : import_columns[column].name;
    }
    self->faults[self->faults_n++] = fault;
}

void import_remark(struct import *self, int64_t line, const char *text, ...)
{
    va_list args;
    if (self->remarks == NULL)
        self->remarks = bus_alloc_array(self->arena, IMPORT_PEOPLE_MAX, sizeof *self->remarks);
    if (self->remarks_n == IMPORT_PEOPLE_MAX)
        return;
    va_start(args, text);
    self->remarks[self->remarks_n++] = (struct registry_import_people_reply_remarks){
        .line = line, .text = bus_vprintf(self->arena, self->dutch ? import_text_dutch(text) : text, args)};
    va_end(args);
}

/* Each line's faults behind one another, as they were found. */
static void sort_faults(struct import *self)
{
    size_t n = self->faults_n;
    struct registry_import_people_reply_faults *faults = self->faults;
    for (size_t i = 1; i < n; i++) { /* nearly sorted: only what was found late moves */
        struct registry_import_people_reply_faults fault = faults[i];
        size_t at = i;
        for (; at > 0 && faults[at - 1].line > fault.line; at--)
            faults[at] = faults[at - 1];
        faults[at] = fault;
    }
}

void import_settle(struct import *self)
{
    struct registry_import_people_reply_faults *faults = self->faults;
    size_t lines = 0, kept = 0;
    sort_faults(self);
    for (size_t i = 0; i < self->faults_n; i++)
        lines += i == 0 || faults[i].line != faults[i - 1].line;
    size_t room = lines < IMPORT_FAULTS_MAX ? IMPORT_FAULTS_MAX - lines : 0;
    int64_t line = 0;
    for (size_t i = 0; i < self->faults_n; i++) {
        bool first = faults[i].line != line;
        line = faults[i].line;
        if (!first && room == 0)
            continue;
        room -= !first;
        faults[kept++] = faults[i];
    }
    self->faults_n = kept;
}

/* ---- a line */

struct line {
    const struct import_header *header;
    const struct csv_row *row;
    struct bus_arena *arena;
    struct import *to;
};

/* The trimmed text of a cell, or NULL; what is too long is a fault. */
static const char *cell(const struct line *self, int column)
{
    int place = self->header->place[column];
    const char *text = place < 0 ? NULL : cell_trim(self->arena, self->row->fields[place]);
    if (text == NULL || text[0] == '\0')
        return NULL;
    if (cell_characters(text) > import_columns[column].max_characters) {
        import_fault(self->to, self->row->line, column, "has over %zu characters",
                     import_columns[column].max_characters);
        return NULL;
    }
    return text;
}

static void check(const struct line *self, int column, const char *fault)
{
    if (fault != NULL)
        import_fault(self->to, self->row->line, column, fault);
}

/* With the word that was probably meant. */
static void check_words(const struct line *self, int column, const char *fault,
                        const char *near(struct bus_arena *, const char *))
{
    int place = self->header->place[column];
    const char *meant = fault != NULL && place >= 0
                            ? near(self->arena, cell_trim(self->arena, self->row->fields[place]))
                            : NULL;
    if (meant == NULL)
        check(self, column, fault);
    else
        import_fault(self->to, self->row->line, column, "%s; is it %s?",
                     self->to->dutch ? import_text_dutch(fault) : fault, meant);
}

/* One of the words, or 0. */
static int read_word(const struct line *self, int column, const char *const *words)
{
    const char *text = cell(self, column);
    int value = text != NULL ? word_value(self->arena, column, words, text) : 0;
    if (text != NULL && value == 0)
        import_fault(self->to, self->row->line, column, "is none of: %s",
                     word_list(self->arena, column, words, self->to->dutch));
    return value;
}

static void read_personal(const struct line *self, const uint8_t key[INSZ_HASH_BYTES], struct personal *to)
{
    struct personal_given given = {
        .first_name = cell(self, COLUMN_FIRST_NAME),
        .last_name = cell(self, COLUMN_LAST_NAME),
        .email = cell(self, COLUMN_EMAIL),
        .phone = cell(self, COLUMN_PHONE),
        .street = cell(self, COLUMN_STREET),
        .national_number = cell(self, COLUMN_NATIONAL_NUMBER),
    };
    static const int columns[] = {COLUMN_FIRST_NAME, COLUMN_LAST_NAME, COLUMN_EMAIL,
                                  COLUMN_PHONE,      COLUMN_STREET,    COLUMN_NATIONAL_NUMBER};
    for (;;) { /* a fault is told and its cell left out, until the rest is clean: so all of them are told */
        const char *field = NULL;
        struct bus_error err;
        if (personal_clean(&given, key, self->arena, to, &field, &err) == BUS_OK)
            return;
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
            if (strcmp(import_columns[columns[i]].name, field) == 0)
                check(self, columns[i], bus_strdup(self->arena, err.text + strlen(field) + 1));
        personal_leave_out(&given, field);
    }
}

static const struct cell_list *list_of(const struct line *self, int column)
{
    static const char unclear[] =
        "may be one interest or several: put a comma between interests, and a hyphen within one";
    static const char neither[] =
        "has `en` between a name and a code: give names in Dutch or codes, with a comma between them";
    static const char no_language[] =
        "holds a language that is not known: give names in Dutch or codes, with a comma between them";
    static const char no_interest[] = "holds an interest that is misspelt or cannot be: give words of 2 to "
                                      "30 letters, with a comma between them";
    static const struct cell_list languages = {list_languages, word_language, neither, no_language};
    static const struct cell_list interests = {list_interests, word_interest, unclear, no_interest};
    static const struct cell_list recorded_languages = {list_recorded, cell_language, neither, no_language};
    static const struct cell_list recorded_interests = {list_recorded, cell_interest, unclear, no_interest};
    if (column == COLUMN_LANGUAGES)
        return self->to->recorded ? &recorded_languages : &languages;
    return self->to->recorded ? &recorded_interests : &interests;
}

static void read_profile(const struct line *self, struct common_profile *to)
{
    struct bus_arena *arena = self->arena;
    check(self, COLUMN_BIRTH_YEAR,
          cell_year(cell(self, COLUMN_BIRTH_YEAR), &to->has_birth_year, &to->birth_year));
    to->gender = read_word(self, COLUMN_GENDER, common_gender_words);
    to->dutch_level = read_word(self, COLUMN_DUTCH_LEVEL, common_cefr_words);
    to->prefers_gender = read_word(self, COLUMN_PREFERS_GENDER, common_gender_preference_words);
    check_words(self, COLUMN_LANGUAGES,
                cell_texts(arena, cell(self, COLUMN_LANGUAGES), list_of(self, COLUMN_LANGUAGES),
                           &to->languages, &to->languages_n),
                word_language_near);
    check_words(self, COLUMN_INTERESTS,
                cell_texts(arena, cell(self, COLUMN_INTERESTS), list_of(self, COLUMN_INTERESTS),
                           &to->interests, &to->interests_n),
                word_interest_near);
    check(self, COLUMN_CHILD_BIRTH_YEARS,
          cell_years(arena, cell(self, COLUMN_CHILD_BIRTH_YEARS), &to->child_birth_years,
                     &to->child_birth_years_n));
    check_words(self, COLUMN_AVAILABILITY,
                cell_slots(arena, cell(self, COLUMN_AVAILABILITY), &to->availability, &to->availability_n),
                word_slot_near);
}

static bool is_there(const struct line *self, int column)
{
    return self->header->place[column] >= 0;
}

static void read_place(const struct line *self, struct person *to)
{
    cell_item_fn *language = self->to->recorded ? cell_language : word_language;
    const char *wanted = cell(self, COLUMN_PREFERRED_LANGUAGE);
    to->postcode = cell(self, COLUMN_POSTCODE);
    if (!is_there(self, COLUMN_POSTCODE)) /* told of the first line */
        to->postcode = NULL;
    else if (to->postcode == NULL || strspn(to->postcode, "0123456789") != 4 || strlen(to->postcode) != 4) {
        check(self, COLUMN_POSTCODE, "give a postcode of 4 digits");
        to->postcode = NULL;
    }
    to->preferred_language = wanted != NULL ? language(self->arena, wanted) : NULL;
    if (to->preferred_language == NULL && is_there(self, COLUMN_PREFERRED_LANGUAGE))
        check_words(self, COLUMN_PREFERRED_LANGUAGE,
                    "give one language, by its name in Dutch or its code: Arabisch or ar",
                    word_language_near);
    to->channel = read_word(self, COLUMN_CHANNEL, common_channel_words);
    to->found_through = read_word(self, COLUMN_FOUND_THROUGH, registry_found_through_words);
}

/* Some people have one name: it may stand in either column. */
static void look_for_name(const struct line *self, const struct personal *personal)
{
    const bool asked = is_there(self, COLUMN_FIRST_NAME) || is_there(self, COLUMN_LAST_NAME);
    if (asked && personal->first_name == NULL && personal->last_name == NULL)
        import_remark(self->to, self->row->line,
                      "there is no name: whoever is registered without one is hard to find again");
}

/* Whether there is a person in the line, be it with faults. */
static bool read_person(const struct line *self, const uint8_t key[INSZ_HASH_BYTES], struct person *to)
{
    if (self->row->fault != NULL) {
        import_fault(self->to, self->row->line, COLUMN_NONE, self->row->fault);
        return false;
    }
    if (self->row->fields_n != self->header->fields_n) {
        import_fault(self->to, self->row->line, COLUMN_NONE,
                     "has %zu fields where the first line has %zu; put quotes around a field that holds the "
                     "separator",
                     self->row->fields_n, self->header->fields_n);
        return false;
    }
    read_place(self, to);
    read_personal(self, key, &to->personal);
    look_for_name(self, &to->personal);
    read_profile(self, &to->profile);
    if (to->channel == 0)
        to->channel = personal_channel(&to->personal);
    return true;
}

static void read_lines(struct csv *csv, const struct import_header *header,
                       const uint8_t key[INSZ_HASH_BYTES], struct import *to)
{
    struct csv_row row;
    while (csv_next(csv, to->arena, &row)) {
        to->lines_n++;
        if (to->lines_n == IMPORT_PEOPLE_MAX + 1)
            import_fault(to, row.line, COLUMN_NONE, "there are over 1,000 people; split the list");
        if (to->lines_n > IMPORT_PEOPLE_MAX)
            continue;
        struct line line = {.header = header, .row = &row, .arena = to->arena, .to = to};
        to->rows[to->people_n] = row;
        if (read_person(&line, key, &to->people[to->people_n]))
            to->people_n++;
    }
    if (to->lines_n == 0 && to->faults_n == 0)
        import_fault(to, 1, COLUMN_NONE, "there is nobody below the line that names the columns");
}

void import_read(const char *text, bool recorded, const uint8_t key[INSZ_HASH_BYTES], struct bus_arena *arena,
                 struct import *ret)
{
    struct csv csv;
    struct csv_row row;
    struct import_header header;
    *ret = (struct import){.arena = arena,
                           .recorded = recorded,
                           .people = bus_alloc_array(arena, IMPORT_PEOPLE_MAX, sizeof(struct person)),
                           .rows = bus_alloc_array(arena, IMPORT_PEOPLE_MAX, sizeof(struct csv_row))};
    csv_open(&csv, text);
    if (!csv_next(&csv, arena, &row)) {
        import_fault(ret, 1, COLUMN_NONE, "there is nothing here: the first line names the columns");
        return;
    }
    if (!import_header_read(&row, ret, &header))
        return;
    read_lines(&csv, &header, key, ret);
    import_find_twice(ret);
    if (ret->faults_n > 0)
        return;
    ret->coarse = import_coarse(ret, arena);
    if (strlen(ret->coarse) > IMPORT_COARSE_MAX)
        import_fault(ret, 1, COLUMN_NONE, "the list is too long: split it in two, each with this first line");
}
