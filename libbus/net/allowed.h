/* Who a public key belongs to, by the files in keys_dir/allowed as they stand now. */
#ifndef NET_ALLOWED_H
#define NET_ALLOWED_H

#include "bus/keys.h"

struct net_allowed;

struct net_allowed *net_allowed_new(const char *keys_dir);
void net_allowed_free(struct net_allowed **self_p);
/* Reads the folder again if it has changed: at once where a file came or went, within a second where one was
 * edited in place. Otherwise it costs one stat(), and one of each file once a second. */
void net_allowed_refresh(struct net_allowed *self);
/* What is wrong with a file of the folder that counts for nothing, or NULL. Valid until the next refresh. */
const char *net_allowed_fault(const struct net_allowed *self);
/* NULL when the key is not allowed, or when files disagree on what they say of it. Valid until the next
 * refresh.
 */
const struct bus_key *net_allowed_find(const struct net_allowed *self, const char *public_key);

#endif
