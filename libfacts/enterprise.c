/* Enterprise numbers: ten digits of which the last two check the first eight; see facts.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"

#define DIGITS 10

/* As they are written: 0887010362, 0887.010.362, BE0887010362. False when there are not ten digits, or
 * anything else. */
static bool take_digits(const char *text, char digits[DIGITS + 1])
{
    size_t n = 0;
    if (strncmp(text, "BE", 2) == 0)
        text += 2;
    for (; *text != '\0'; text++) {
        if (*text >= '0' && *text <= '9' && n < DIGITS)
            digits[n++] = *text;
        else if (*text != '.' || n == 0)
            return false;
    }
    digits[n] = '\0';
    return n == DIGITS;
}

static bool check_fits(const char *digits)
{
    const int64_t number = strtoll(digits, NULL, 10);
    return number % 100 == 97 - number / 100 % 97;
}

bool facts_is_enterprise(const char *text)
{
    char digits[DIGITS + 1];
    return take_digits(text, digits) && digits[0] <= '1' && check_fits(digits);
}

bool facts_is_partner(const char *text)
{
    char digits[DIGITS + 1];
    return !take_digits(text, digits) || digits[0] > '1' || check_fits(digits);
}
