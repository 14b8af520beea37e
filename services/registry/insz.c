/* See insz.h. */
#include "insz.h"

#include <sodium.h>
#include <string.h>

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
static bool take_digits(const char *text, char digits[INSZ_DIGITS + 1])
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        if (is_digit(*text) && n < INSZ_DIGITS)
            digits[n++] = *text;
        else if (*text != '.' && *text != '-' && *text != ' ' && *text != '/')
            return false;
    }
    digits[n] = '\0';
    return n == INSZ_DIGITS;
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

bool insz_parse(const char *text, char ret_digits[INSZ_DIGITS + 1], const char **ret_why)
{
    char digits[INSZ_DIGITS + 1];
    *ret_why = NULL;
    if (!take_digits(text, digits))
        *ret_why = "is not a national number: give 11 digits";
    else if (!month_and_day_fit(digits))
        *ret_why = "is not a national number: its first six digits are no date of birth";
    else if (!check_fits(digits))
        *ret_why = "is not a national number: the check digits do not fit; look for a typing error";
    if (*ret_why != NULL)
        return false;
    memcpy(ret_digits, digits, sizeof digits);
    return true;
}

void insz_hash(const char digits[INSZ_DIGITS + 1], const uint8_t key[INSZ_HASH_BYTES],
               uint8_t ret_hash[INSZ_HASH_BYTES])
{
    crypto_generichash(ret_hash, INSZ_HASH_BYTES, (const uint8_t *)digits, INSZ_DIGITS, key, INSZ_HASH_BYTES);
}

bool insz_key(const char *secret, uint8_t ret_key[INSZ_HASH_BYTES])
{
    if (secret == NULL || strlen(secret) < INSZ_KEY_CHARACTERS)
        return false;
    crypto_generichash(ret_key, INSZ_HASH_BYTES, (const uint8_t *)secret, strlen(secret), NULL, 0);
    return true;
}
