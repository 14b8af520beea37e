/* What the process holds for the holders of keys: questions that wait, and answers until they are on the wire
 * (commands that wait have a limit of their own: app/commands.c).
 * A key may have as much as it leaves to the others: one alone half of all, two a third each; something is
 * always left for one more. */
#ifndef NET_QUOTA_H
#define NET_QUOTA_H

#include <stdbool.h>
#include <stddef.h>

#define NET_HELD_BYTES (64 << 20) /* for all; a service has some 256 MiB in a container */

/* One key's; it outlives whoever asked for it, as libzmq may give back last of all. */
struct net_share;

struct net_share *net_share_of(const char *key_name);
/* False, and nothing taken, where its share has no room for that and some to spare. From any thread. */
bool net_share_take(struct net_share *self, size_t bytes, size_t spare);
void net_share_give(struct net_share *self, size_t bytes);

#endif
