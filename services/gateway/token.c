/* See token.h. */
#include "token.h"

#include <sodium.h>
#include <string.h>

const char *token_make(struct bus_arena *arena)
{
    uint8_t secret[32];
    char text[sodium_base64_ENCODED_LEN(sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(secret, sizeof secret);
    sodium_bin2base64(text, sizeof text, secret, sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return bus_printf(arena, "koppel_%s", text);
}

void token_hash(const char *token, size_t size, uint8_t ret_hash[TOKEN_HASH])
{
    /* The secret is 256 random bits, so that a plain fast hash is enough: there is nothing to guess. */
    crypto_generichash(ret_hash, TOKEN_HASH, (const uint8_t *)token, size, NULL, 0);
}

bool token_scope_covers(const char *scope, const char *name)
{
    size_t n = strlen(scope);
    if (n > 0 && scope[n - 1] == '*')
        return strncmp(scope, name, n - 1) == 0;
    return strcmp(scope, name) == 0;
}
