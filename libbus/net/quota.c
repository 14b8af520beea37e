/* See quota.h: a list, as there are some ten keys. Answers leave in libzmq's own threads, which do not wait
 * for anybody: what is given back is atomic. */
#include "net/quota.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

struct net_share {
    struct net_share *next;
    atomic_size_t bytes;
    char key_name[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct net_share *shares;
static atomic_size_t held;

static struct net_share *share_new(const char *key_name)
{
    struct net_share *self = calloc(1, sizeof(*self) + strlen(key_name) + 1);
    if (!self)
        bus_die("out of memory: no room for a key");
    strcpy(self->key_name, key_name);
    self->next = shares;
    return shares = self;
}

struct net_share *net_share_of(const char *key_name)
{
    pthread_mutex_lock(&lock);
    struct net_share *share = shares;
    while (share && strcmp(share->key_name, key_name) != 0)
        share = share->next;
    if (!share)
        share = share_new(key_name);
    pthread_mutex_unlock(&lock);
    return share;
}

bool net_share_take(struct net_share *self, size_t bytes, size_t spare)
{
    size_t most = NET_HELD_BYTES / 2;
    pthread_mutex_lock(&lock);
    bool room = bytes <= most && spare <= most - bytes &&
                held + self->bytes <= NET_HELD_BYTES - 2 * (bytes + spare); /* both grow by it */
    if (room) {
        self->bytes += bytes;
        held += bytes;
    }
    pthread_mutex_unlock(&lock);
    return room;
}

void net_share_give(struct net_share *self, size_t bytes)
{
    self->bytes -= bytes;
    held -= bytes;
}
