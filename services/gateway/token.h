/* Bearer tokens: a random secret, of which only the hash is kept. Pure but for the random source. */
#ifndef GATEWAY_TOKEN_H
#define GATEWAY_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"

#define TOKEN_HASH 32

/* "koppel_" and 43 characters of base64url: 256 bits. */
const char *token_make(struct bus_arena *arena);
void token_hash(const char *token, size_t size, uint8_t ret_hash[TOKEN_HASH]);
/* Whether a scope ("*", "stop-duo", "referral-*") covers the name of an event type, a command or a query. */
bool token_scope_covers(const char *scope, const char *name);

#endif
