/* National numbers (INSZ) and BIS numbers: 11 digits of which the last two check the first nine. Pure. */
#ifndef REGISTRY_INSZ_H
#define REGISTRY_INSZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSZ_DIGITS         11
#define INSZ_HASH_BYTES     32
#define INSZ_KEY_CHARACTERS 32 /* the least a key must have */

/* Takes "93051822361" and "93.05.18-223.61": digits in their places, separated by blanks, dots or dashes or
 * not at all. False when it is not a national or BIS number; *ret_why then tells it in plain words, without
 * the number. */
bool insz_parse(const char *text, char ret_digits[INSZ_DIGITS + 1], const char **ret_why);

/* The only form in which a number is kept: without the key nobody can find the number by trying all. */
void insz_hash(const char digits[INSZ_DIGITS + 1], const uint8_t key[INSZ_HASH_BYTES],
               uint8_t ret_hash[INSZ_HASH_BYTES]);
/* The key for insz_hash, from the secret in the settings; false when that is too short. */
bool insz_key(const char *secret, uint8_t ret_key[INSZ_HASH_BYTES]);

#endif
