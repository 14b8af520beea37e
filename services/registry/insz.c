/* See insz.h. */
#include "insz.h"

#include <sodium.h>
#include <string.h>

void insz_hash(const char digits[FACTS_INSZ_DIGITS + 1], const uint8_t key[INSZ_HASH_BYTES],
               uint8_t ret_hash[INSZ_HASH_BYTES])
{
    crypto_generichash(ret_hash, INSZ_HASH_BYTES, (const uint8_t *)digits, FACTS_INSZ_DIGITS, key,
                       INSZ_HASH_BYTES);
}

bool insz_key(const char *secret, uint8_t ret_key[INSZ_HASH_BYTES])
{
    if (secret == NULL || strlen(secret) < INSZ_KEY_CHARACTERS)
        return false;
    crypto_generichash(ret_key, INSZ_HASH_BYTES, (const uint8_t *)secret, strlen(secret), NULL, 0);
    return true;
}
