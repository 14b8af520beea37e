/* The secret in a calendar link: made from a key, the person and how often they got one; only its hash is
 * stored. Pure. */
#ifndef SCHEDULING_LINK_H
#define SCHEDULING_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/id.h"

#define LINK_KEY_CHARACTERS 32 /* the least a key must have */
#define LINK_BYTES          32
#define LINK_TOKEN          33 /* 24 bytes in base64 for addresses, and the NUL */

/* false when `secret` is too short to be one. */
bool link_key(const char *secret, uint8_t ret_key[LINK_BYTES]);
void link_token(const uint8_t key[LINK_BYTES], struct bus_id person_id, int64_t counter,
                char ret_token[LINK_TOKEN]);
void link_hash(const char *token, uint8_t ret_hash[LINK_BYTES]);

#endif
