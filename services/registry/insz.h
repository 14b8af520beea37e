/* National numbers (INSZ) and BIS numbers as they are kept. Pure. */
#ifndef REGISTRY_INSZ_H
#define REGISTRY_INSZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

#define INSZ_HASH_BYTES     32
#define INSZ_KEY_CHARACTERS 32 /* the least a key must have */

/* The only form in which a number is kept: without the key nobody can find the number by trying all. */
void insz_hash(const char digits[FACTS_INSZ_DIGITS + 1], const uint8_t key[INSZ_HASH_BYTES],
               uint8_t ret_hash[INSZ_HASH_BYTES]);
/* The key for insz_hash, from the secret in the settings; false when that is too short. */
bool insz_key(const char *secret, uint8_t ret_key[INSZ_HASH_BYTES]);

#endif
