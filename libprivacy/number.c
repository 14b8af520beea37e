/* See number.h. */
#include "privacy/number.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGITS     11
#define GROUPS     5
#define UUID_BYTES 36

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Dashes and spaces that are not ASCII too. */
static bool is_separator(uint8_t c)
{
    return c >= 0x80 || (c != '\0' && strchr(".-/ _:", c) != NULL);
}

static int64_t number_of(const uint8_t *digits, int n)
{
    int64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* In a BIS number the month is 20 or 40 more; 00 stands for a day of birth that is not known. */
static bool fits(const uint8_t digits[DIGITS])
{
    int64_t month = number_of(digits + 2, 2) % 20, nine = number_of(digits, 9);
    int64_t check = number_of(digits + 9, 2);
    if (number_of(digits + 2, 2) > 52 || month > 12 || number_of(digits + 4, 2) > 31)
        return false;
    return check == 97 - nine % 97 || check == 97 - (2000000000 + nine) % 97;
}

/* Eleven digits and how they stand: 93.05.18-223.61 is {2, 2, 2, 3, 2}. */
struct window {
    uint8_t digits[DIGITS];
    int groups[DIGITS];
    int groups_n;
};

/* False where another sign or the end comes first, or more digits follow at once. */
static bool window_read(struct bus_bytes text, size_t from, struct window *ret)
{
    int n = 0;
    size_t i = from;
    *ret = (struct window){0};
    for (; i < text.size && n < DIGITS && (is_digit(text.data[i]) || is_separator(text.data[i])); i++) {
        if (!is_digit(text.data[i]))
            continue;
        if (i == from || !is_digit(text.data[i - 1]))
            ret->groups_n++;
        ret->groups[ret->groups_n - 1]++;
        ret->digits[n++] = text.data[i];
    }
    return n == DIGITS && (i == text.size || !is_digit(text.data[i]));
}

static bool is_usual(const struct window *window)
{
    static const int usual[][GROUPS] = {{11}, {6, 5}, {6, 3, 2}, {9, 2}, {2, 2, 2, 3, 2}, {2, 2, 2, 5}};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        int n = 0;
        while (n < GROUPS && usual[i][n] > 0 && usual[i][n] == window->groups[n])
            n++;
        if (n == window->groups_n && (n == GROUPS || usual[i][n] == 0))
            return true;
    }
    return false;
}

/* 2020 to 2032 at its head, where a national number would have the month of a BIS number. */
static bool begins_with_year(const struct window *window)
{
    int64_t month = number_of(window->digits + 2, 2);
    return window->groups[0] > 2 && number_of(window->digits, 2) == 20 && month >= 20 && month <= 32;
}

/* A day as 20261122 and three digits, or a second since 1970, of 2023 to 2036, and one: of national numbers,
 * those of children and of the very old stand so. */
static bool is_moment(const struct window *window)
{
    int64_t year = number_of(window->digits, 2);
    return window->groups_n == 1 && year >= 17 && year <= 20;
}

/* A mobile phone: +32470123456. */
static bool is_phone(struct bus_bytes text, size_t from)
{
    return from > 0 && text.data[from - 1] == '+' && memcmp(text.data + from, "324", 3) == 0;
}

static bool begins_at(struct bus_bytes text, size_t from)
{
    struct window window;
    return window_read(text, from, &window) && is_usual(&window) && fits(window.digits) &&
           !begins_with_year(&window) && !is_moment(&window) && !is_phone(text, from);
}

static bool is_hexadecimal(uint8_t c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_uuid_at(struct bus_bytes text, size_t from)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.size - from < UUID_BYTES)
        return false;
    for (size_t i = 0; i < UUID_BYTES; i++)
        if (form[i] == '-' ? text.data[from + i] != '-' : !is_hexadecimal(text.data[from + i]))
            return false;
    return text.size - from == UUID_BYTES ||
           (!is_digit(text.data[from + UUID_BYTES]) && !is_letter(text.data[from + UUID_BYTES]));
}

bool privacy_number_in(struct bus_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        const bool begins = i == 0 || !is_digit(text.data[i - 1]);
        if ((i == 0 || (begins && !is_letter(text.data[i - 1]))) && is_uuid_at(text, i))
            i += UUID_BYTES - 1;
        else if (begins && is_digit(text.data[i]) && begins_at(text, i))
            return true;
    }
    return false;
}

struct walk {
    struct bus_arena *arena;
    privacy_number_fn *found;
    void *context;
};

static void walk(const struct walk *self, const char *place, const struct bus_shape *shape,
                 const void *value);

static void look(const struct walk *self, const char *place, const char *text)
{
    if (text != NULL && privacy_number_in(bus_bytes_of(text)))
        self->found(self->context, place);
}

static void walk_texts(const struct walk *self, const char *place, const struct bus_field *field,
                       const void *value)
{
    const char *const *texts = (const void *)((const char *)value + field->offset);
    if (!field->array) {
        look(self, place, *texts);
        return;
    }
    const size_t n = *(const size_t *)(const void *)((const char *)value + field->n_offset);
    texts = *(const char *const *const *)texts;
    for (size_t i = 0; i < n; i++)
        look(self, bus_printf(self->arena, "%s/%zu", place, i), texts[i]);
}

static void walk_objects(const struct walk *self, const char *place, const struct bus_field *field,
                         const void *value)
{
    const char *object = (const char *)value + field->offset;
    if (field->array) {
        const size_t n = *(const size_t *)(const void *)((const char *)value + field->n_offset);
        object = *(const char *const *)(const void *)object;
        for (size_t i = 0; i < n; i++)
            walk(self, bus_printf(self->arena, "%s/%zu", place, i), field->shape,
                 object + i * field->shape->size);
        return;
    }
    if (!field->required)
        object = *(const char *const *)(const void *)object;
    if (object != NULL)
        walk(self, place, field->shape, object);
}

static void walk(const struct walk *self, const char *place, const struct bus_shape *shape, const void *value)
{
    for (size_t i = 0; i < shape->fields_n; i++) {
        const struct bus_field *field = &shape->fields[i];
        if (field->personal || (field->kind != BUS_KIND_TEXT && field->kind != BUS_KIND_OBJECT))
            continue;
        const char *at = bus_printf(self->arena, "%s/%s", place, field->name);
        if (field->kind == BUS_KIND_TEXT)
            walk_texts(self, at, field, value);
        else
            walk_objects(self, at, field, value);
    }
}

void privacy_numbers(const struct bus_shape *shape, const void *value, const char *place,
                     struct bus_arena *arena, privacy_number_fn *found, void *context)
{
    walk(&(struct walk){.arena = arena, .found = found, .context = context}, place, shape, value);
}
