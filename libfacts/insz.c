/* National numbers: the form, the day of birth, the check digits; see facts.h. */
#include <stdint.h>
#include <string.h>

#include "facts/facts.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int number_of(const char *digits, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* The digits alone; false when there is anything but digits and the usual separators, or not 11 of them. */
static bool take_digits(const char *text, char digits[FACTS_INSZ_DIGITS + 1])
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        if (is_digit(*text) && n < FACTS_INSZ_DIGITS)
            digits[n++] = *text;
        else if (*text != '.' && *text != '-' && *text != ' ' && *text != '/')
            return false;
    }
    digits[n] = '\0';
    return n == FACTS_INSZ_DIGITS;
}

/* A month of 1 to 12, or 00 when the day of birth is not known; 20 or 40 more in a BIS number. */
static bool month_and_day_fit(const char *digits)
{
    int month = number_of(digits + 2, 2), day = number_of(digits + 4, 2);
    month = month >= 40 ? month - 40 : month >= 20 ? month - 20 : month;
    static const int days[] = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month <= 12 && day <= days[month];
}

/* Who was born from 2000 on has the same nine digits as someone a century older: a 2 in front tells them
 * apart. */
static bool check_fits(const char *digits)
{
    int64_t nine = number_of(digits, 9), check = number_of(digits + 9, 2);
    return check == 97 - nine % 97 || check == 97 - (2000000000 + nine) % 97;
}

const char *facts_insz(const char *text, char ret_digits[FACTS_INSZ_DIGITS + 1])
{
    char digits[FACTS_INSZ_DIGITS + 1];
    if (!take_digits(text, digits))
        return "is not a national number: give 11 digits";
    if (!month_and_day_fit(digits))
        return "is not a national number: its first six digits are no date of birth";
    if (!check_fits(digits))
        return "is not a national number: the check digits do not fit; look for a typing error";
    memcpy(ret_digits, digits, sizeof digits);
    return NULL;
}
