/* The rules of the fields, in the words in which they are told to whoever broke them. */
#include "wire/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/text.h"
#include "wire/pattern.h"
#include "wire/utf8.h"

#define NAME_BYTES_MAX 64 /* of an unknown field's name in a pointer */
#define ITEMS_ON_STACK 64

static void put_step(struct bus_buffer *out, const struct wire_path *path)
{
    if (!path->name) {
        bus_buffer_printf(out, "/%zu", path->index);
        return;
    }
    size_t size = path->name_size;
    if (size > NAME_BYTES_MAX) {
        size = NAME_BYTES_MAX;
        while ((path->name[size] & 0xc0) == 0x80) /* not within a character */
            size--;
    }
    bus_buffer_text(out, "/");
    for (size_t i = 0; i < size; i++) {
        char c = path->name[i];
        if (c == '~' || c == '/')
            bus_buffer_text(out, c == '~' ? "~0" : "~1");
        else
            bus_buffer_add(out, &c, 1);
    }
}

static void put_pointer(struct bus_buffer *out, const struct wire_path *path)
{
    if (!path)
        return;
    put_pointer(out, path->up);
    put_step(out, path);
}

void wire_fault(struct wire_check *self, const struct wire_path *path, const char *fmt, ...)
{
    self->found++;
    bool listed = self->faults && self->faults->n < BUS_FAULTS_MAX;
    if (self->faults)
        self->faults->found = self->found;
    if (self->found > 1 && !listed)
        return;
    char words[WIRE_WORDS_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(words, sizeof(words), fmt, args);
    va_end(args);
    bus_text_trim(words);
    AUTO(bus_buffer_done) struct bus_buffer pointer = {0};
    put_pointer(&pointer, path);
    bus_buffer_add(&pointer, "", 1);
    const char *place = (const char *)pointer.data;
    if (self->found == 1) {
        char near[WIRE_NEAR_MAX];
        snprintf(near, sizeof(near), "%s", *place ? place : "the message");
        bus_text_trim(near);
        snprintf(self->first, sizeof(self->first), "%s %s", near, words);
    }
    if (!listed)
        return;
    if (!self->faults->items)
        self->faults->items = bus_alloc_array(self->arena, BUS_FAULTS_MAX, sizeof(struct bus_fault));
    self->faults->items[self->faults->n++] =
        (struct bus_fault){.pointer = bus_strdup(self->arena, place), .text = bus_strdup(self->arena, words)};
}

bool wire_check_int(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                    int64_t value)
{
    if (field->min == 0 && field->max == 0)
        return true;
    if (value < field->min)
        wire_fault(self, path, "must be at least %lld", (long long)field->min);
    else if (value > field->max)
        wire_fault(self, path, "must be at most %lld", (long long)field->max);
    else
        return true;
    return false;
}

bool wire_check_number(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                       double value)
{
    if (!isfinite(value)) {
        wire_fault(self, path, "must be a finite number");
        return false;
    }
    if (field->min_number == 0 && field->max_number == 0)
        return true;
    if (value < field->min_number)
        wire_fault(self, path, "must be at least %g", field->min_number);
    else if (value > field->max_number)
        wire_fault(self, path, "must be at most %g", field->max_number);
    else
        return true;
    return false;
}

/* Whoever gives too much or too little hears what is asked too. */
static const char *as_wanted(const struct bus_field *field, char words[WIRE_WORDS_MAX])
{
    snprintf(words, WIRE_WORDS_MAX, "%s%s", field->wanted ? ": " : "", field->wanted ? field->wanted : "");
    return words;
}

bool wire_check_text(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                     const char *text, size_t size)
{
    size_t chars;
    char words[WIRE_WORDS_MAX];
    if (!wire_utf8_check((const uint8_t *)text, size, &chars))
        wire_fault(self, path, "must be UTF-8 without U+0000");
    else if (chars == 0 && field->min_length > 0)
        wire_fault(self, path, "must not be empty%s", as_wanted(field, words));
    else if (chars < field->min_length)
        wire_fault(self, path, "must have at least %u characters%s", field->min_length,
                   as_wanted(field, words));
    else if (field->max_length > 0 && chars > field->max_length)
        wire_fault(self, path, "must have at most %u character%s%s", field->max_length,
                   field->max_length == 1 ? "" : "s", as_wanted(field, words));
    else if (field->pattern && !wire_pattern_match(field->pattern, text))
        wire_fault(self, path, "must be %s", field->wanted);
    else
        return true;
    return false;
}

bool wire_check_items_n(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                        size_t n)
{
    if (n < field->min_items)
        wire_fault(self, path, "must have at least %u item%s", field->min_items,
                   field->min_items == 1 ? "" : "s");
    else if (field->max_items > 0 && n > field->max_items)
        wire_fault(self, path, "must have at most %u item%s", field->max_items,
                   field->max_items == 1 ? "" : "s");
    else
        return true;
    return false;
}

size_t wire_item_size(const struct bus_field *field)
{
    switch (field->kind) {
    case BUS_KIND_BOOL:
        return sizeof(bool);
    case BUS_KIND_INT:
    case BUS_KIND_TIME:
        return sizeof(int64_t);
    case BUS_KIND_NUMBER:
        return sizeof(double);
    case BUS_KIND_TEXT:
    case BUS_KIND_DATE:
        return sizeof(const char *);
    case BUS_KIND_ID:
        return sizeof(struct bus_id);
    case BUS_KIND_ENUM:
        return sizeof(int);
    case BUS_KIND_OBJECT:
        return field->shape->size;
    case BUS_KIND_ANY:
        return sizeof(struct bus_bytes);
    }
    bus_die("a field of a schema has the unknown kind %d", (int)field->kind);
}

static int compare_texts(const void *a, const void *b, void *size)
{
    (void)size;
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    return strcmp(left ? left : "", right ? right : "");
}

static int compare_bytes(const void *a, const void *b, void *size)
{
    return memcmp(a, b, *(const size_t *)size);
}

bool wire_check_unique(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                       const void *items, size_t n)
{
    if (n < 2 || field->kind == BUS_KIND_OBJECT || field->kind == BUS_KIND_ANY)
        return true;
    bool texts = field->kind == BUS_KIND_TEXT || field->kind == BUS_KIND_DATE;
    int (*compare)(const void *, const void *, void *) = texts ? compare_texts : compare_bytes;
    size_t size = wire_item_size(field);
    uint8_t few[ITEMS_ON_STACK * sizeof(struct bus_id)];
    uint8_t *sorted = n <= ITEMS_ON_STACK ? few : malloc(n * size);
    if (!sorted)
        bus_die("out of memory: an array asked for %zu bytes", n * size);
    memcpy(sorted, items, n * size);
    qsort_r(sorted, n, size, compare, &size);
    bool unique = true;
    for (size_t i = 1; i < n && unique; i++)
        unique = compare(sorted + (i - 1) * size, sorted + i * size, &size) != 0;
    if (sorted != few)
        free(sorted);
    if (!unique)
        wire_fault(self, path, "holds the same item twice");
    return unique;
}

const char *bus_word(const char *const *words, int value)
{
    if (value < 1)
        return "";
    for (int i = 1; words[i - 1]; i++)
        if (i == value)
            return words[i - 1];
    return "";
}

const char *bus_word_or_null(const char *const *words, int value)
{
    return value != 0 ? bus_word(words, value) : NULL;
}

int bus_word_value(const char *const *words, const char *word)
{
    for (int i = 0; word && words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i + 1;
    return 0;
}
