/* See national_number.h. */
#include "national_number.h"

#include <stddef.h>
#include <stdint.h>

#include "bus/id.h"

#define DIGITS 11

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_separator(uint8_t c)
{
    return c == '.' || c == '-' || c == ' ' || c == '/';
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

/* Eleven digits from `from` on that end where the text has another sign than a digit. */
static bool begins_at(struct bus_bytes text, size_t from)
{
    uint8_t digits[DIGITS];
    int n = 0;
    size_t i = from;
    for (; i < text.size && n < DIGITS && (is_digit(text.data[i]) || is_separator(text.data[i])); i++)
        if (is_digit(text.data[i]))
            digits[n++] = text.data[i];
    return n == DIGITS && (i == text.size || !is_digit(text.data[i])) && fits(digits);
}

bool national_number_in(struct bus_bytes text)
{
    struct bus_id id;
    if (bus_id_parse((const char *)text.data, text.size, &id))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (is_digit(text.data[i]) && (i == 0 || !is_digit(text.data[i - 1])) && begins_at(text, i))
            return true;
    return false;
}
