/* See import.h: reading and checking, line by line. */
#include "import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv.h"
#include "import_cell.h"
#include "import_columns.h"

/* What the first line said: for each column its place among the fields, or -1. */
struct header {
    int place[COLUMNS];
    size_t fields_n;
};

void import_fault(struct import *self, int64_t line, const char *column, const char *text)
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
    self->faults[self->faults_n++] =
        (struct registry_import_people_reply_faults){.line = line, .column = column, .text = text};
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

/* ---- the first line */

/* "Gevonden_via" is "gevonden via": case, blanks and underscores do not matter. */
static bool same_name(const char *given, const char *name)
{
    for (;; given++, name++) {
        char a = *given == '_' ? ' ' : *given, b = *name == '_' ? ' ' : *name;
        if (strncasecmp(&a, &b, 1) != 0)
            return false;
        if (a == '\0')
            return true;
    }
}

static int column_of(const char *name)
{
    for (int i = 0; i < COLUMNS; i++)
        if (same_name(name, import_columns[i].name) || same_name(name, import_columns[i].dutch))
            return i;
    return same_name(name, "familienaam") ? COLUMN_LAST_NAME : same_name(name, "gsm") ? COLUMN_PHONE : -1;
}

static const char *unknown_column(const char *name, size_t place, struct bus_arena *arena)
{
    if (strchr(name, '\t') != NULL)
        return "the columns stand apart by tabs: use commas or semicolons";
    return bus_printf(
        arena, "column %zu has a name that is not known: `koppel import --help` lists the names", place);
}

static void read_header(const struct csv_row *row, struct bus_arena *arena, struct import *to,
                        struct header *ret)
{
    for (int i = 0; i < COLUMNS; i++)
        ret->place[i] = -1;
    ret->fields_n = row->fields_n;
    if (row->fault != NULL)
        import_fault(to, row->line, NULL, row->fault);
    for (size_t i = 0; row->fault == NULL && i < row->fields_n; i++) {
        int column = column_of(cell_trim(arena, row->fields[i]));
        if (column < 0)
            import_fault(to, row->line, NULL, unknown_column(row->fields[i], i + 1, arena));
        else if (ret->place[column] >= 0)
            import_fault(to, row->line, import_columns[column].name, "the column is there twice");
        else
            ret->place[column] = (int)i;
    }
    static const int needed[] = {COLUMN_POSTCODE, COLUMN_PREFERRED_LANGUAGE};
    for (size_t i = 0; row->fault == NULL && i < sizeof needed / sizeof needed[0]; i++)
        if (ret->place[needed[i]] < 0)
            import_fault(to, row->line, import_columns[needed[i]].name, "the column is missing");
}

/* ---- a line */

struct line {
    const struct header *header;
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
        import_fault(
            self->to, self->row->line, import_columns[column].name,
            bus_printf(self->arena, "has over %zu characters", import_columns[column].max_characters));
        return NULL;
    }
    return text;
}

static void check(const struct line *self, int column, const char *fault)
{
    if (fault != NULL)
        import_fault(self->to, self->row->line, import_columns[column].name, fault);
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

static void read_profile(const struct line *self, struct common_profile *to)
{
    struct bus_arena *arena = self->arena;
    int gender = 0, level = 0, preference = 0;
    check(self, COLUMN_BIRTH_YEAR,
          cell_year(cell(self, COLUMN_BIRTH_YEAR), &to->has_birth_year, &to->birth_year));
    check(self, COLUMN_GENDER, cell_word(arena, cell(self, COLUMN_GENDER), common_gender_words, &gender));
    check(self, COLUMN_DUTCH_LEVEL,
          cell_word(arena, cell(self, COLUMN_DUTCH_LEVEL), common_cefr_words, &level));
    check(self, COLUMN_PREFERS_GENDER,
          cell_word(arena, cell(self, COLUMN_PREFERS_GENDER), common_gender_preference_words, &preference));
    to->gender = gender;
    to->dutch_level = level;
    to->prefers_gender = preference;
    check(
        self, COLUMN_LANGUAGES,
        cell_texts(arena, cell(self, COLUMN_LANGUAGES), cell_is_language, &to->languages, &to->languages_n));
    check(
        self, COLUMN_INTERESTS,
        cell_texts(arena, cell(self, COLUMN_INTERESTS), cell_is_interest, &to->interests, &to->interests_n));
    check(self, COLUMN_CHILD_BIRTH_YEARS,
          cell_years(arena, cell(self, COLUMN_CHILD_BIRTH_YEARS), &to->child_birth_years,
                     &to->child_birth_years_n));
    check(self, COLUMN_AVAILABILITY,
          cell_slots(arena, cell(self, COLUMN_AVAILABILITY), &to->availability, &to->availability_n));
}

static void read_place(const struct line *self, struct person *to)
{
    int channel = 0, found_through = 0;
    to->postcode = cell(self, COLUMN_POSTCODE);
    to->preferred_language = cell(self, COLUMN_PREFERRED_LANGUAGE);
    if (to->postcode == NULL || strspn(to->postcode, "0123456789") != 4 || strlen(to->postcode) != 4) {
        check(self, COLUMN_POSTCODE, "give a postcode of 4 digits");
        to->postcode = NULL;
    }
    if (to->preferred_language == NULL || !cell_is_language(to->preferred_language))
        check(self, COLUMN_PREFERRED_LANGUAGE, "give a language as its code, such as nl, fr, ar, uk");
    check(self, COLUMN_CHANNEL,
          cell_word(self->arena, cell(self, COLUMN_CHANNEL), common_channel_words, &channel));
    check(self, COLUMN_FOUND_THROUGH,
          cell_word(self->arena, cell(self, COLUMN_FOUND_THROUGH), registry_found_through_words,
                    &found_through));
    to->channel = channel;
    to->found_through = found_through;
}

/* Whether there is a person in the line, be it with faults. */
static bool read_person(const struct line *self, const uint8_t key[INSZ_HASH_BYTES], struct person *to)
{
    if (self->row->fault != NULL) {
        import_fault(self->to, self->row->line, NULL, self->row->fault);
        return false;
    }
    if (self->row->fields_n != self->header->fields_n) {
        import_fault(self->to, self->row->line, NULL,
                     bus_printf(self->arena,
                                "has %zu fields where the first line has %zu; put quotes around a field "
                                "that holds the separator",
                                self->row->fields_n, self->header->fields_n));
        return false;
    }
    read_place(self, to);
    read_personal(self, key, &to->personal);
    read_profile(self, &to->profile);
    if (to->channel == 0)
        to->channel = personal_channel(&to->personal);
    return true;
}

/* Two lines with one national number are one person: a mistake in the list. */
static void check_numbers(struct import *self, struct bus_arena *arena)
{
    for (size_t i = 0; i < self->people_n; i++)
        for (size_t j = 0; self->people[i].personal.insz_hash.data != NULL && j < i; j++)
            if (self->people[j].personal.insz_hash.data != NULL &&
                bus_bytes_equal(self->people[i].personal.insz_hash, self->people[j].personal.insz_hash)) {
                import_fault(self, self->lines[i], import_columns[COLUMN_NATIONAL_NUMBER].name,
                             bus_printf(arena, "is the same as in line %lld", (long long)self->lines[j]));
                break;
            }
}

void import_read(const char *text, const uint8_t key[INSZ_HASH_BYTES], struct bus_arena *arena,
                 struct import *ret)
{
    struct csv csv;
    struct csv_row row;
    struct header header;
    int64_t *lines = bus_alloc_array(arena, IMPORT_PEOPLE_MAX, sizeof *lines);
    *ret = (struct import){.arena = arena,
                           .people = bus_alloc_array(arena, IMPORT_PEOPLE_MAX, sizeof(struct person)),
                           .lines = lines};
    csv_open(&csv, text);
    if (!csv_next(&csv, arena, &row)) {
        import_fault(ret, 1, NULL, "there is nothing here: the first line names the columns");
        return;
    }
    read_header(&row, arena, ret, &header);
    if (ret->faults_n > 0)
        return;
    while (csv_next(&csv, arena, &row)) {
        ret->lines_n++;
        if (ret->lines_n == IMPORT_PEOPLE_MAX + 1)
            import_fault(ret, row.line, NULL, "there are over 1,000 people; split the list");
        if (ret->lines_n > IMPORT_PEOPLE_MAX)
            continue;
        struct line line = {.header = &header, .row = &row, .arena = arena, .to = ret};
        lines[ret->people_n] = row.line;
        if (read_person(&line, key, &ret->people[ret->people_n]))
            ret->people_n++;
    }
    if (ret->lines_n == 0)
        import_fault(ret, 1, NULL, "there is nobody below the line that names the columns");
    check_numbers(ret, arena);
}
