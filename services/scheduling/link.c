/* See link.h. */
#include "link.h"

#include <sodium.h>
#include <string.h>

#define SECRET_BYTES 24

bool link_key(const char *secret, uint8_t ret_key[LINK_BYTES])
{
    if (secret == NULL || strlen(secret) < LINK_KEY_CHARACTERS)
        return false;
    crypto_generichash(ret_key, LINK_BYTES, (const uint8_t *)secret, strlen(secret), NULL, 0);
    return true;
}

void link_token(const uint8_t key[LINK_BYTES], struct bus_id person_id, int64_t counter,
                char ret_token[LINK_TOKEN])
{
    uint8_t message[sizeof person_id.bytes + 8], secret[SECRET_BYTES];
    memcpy(message, person_id.bytes, sizeof person_id.bytes);
    for (size_t i = 0; i < 8; i++)
        message[sizeof person_id.bytes + i] = (uint8_t)((uint64_t)counter >> (8 * i));
    crypto_generichash(secret, sizeof secret, message, sizeof message, key, LINK_BYTES);
    sodium_bin2base64(ret_token, LINK_TOKEN, secret, sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void link_hash(const char *token, uint8_t ret_hash[LINK_BYTES])
{
    crypto_generichash(ret_hash, LINK_BYTES, (const uint8_t *)token, strlen(token), NULL, 0);
}
