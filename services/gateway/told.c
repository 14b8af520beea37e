/* See told.h. */
#include "told.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bus/clock.h"
#include "bus/log.h"

#define ASKERS_MAX 256 /* at a time; whose answer is oldest makes room */
/* By then it has long been read, or what hinders its reader holds up nobody any more. */
#define TOLD_US (10 * BUS_SECOND_US)

struct asker {
    uint64_t name; /* its hash: who shares one by chance waits a moment for nothing */
    int64_t at_us; /* of the last answer; 0: the place is free */
    struct bus_after streams[BUS_AFTER_MAX];
    size_t streams_n;
};

struct told {
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct asker askers[ASKERS_MAX];
};

struct told *told_new(void)
{
    struct told *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for what was told");
    randombytes_buf(self->key, sizeof self->key);
    return self;
}

void told_free(struct told **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

uint64_t told_name(const struct told *self, const char *actor)
{
    uint64_t name;
    crypto_shorthash((uint8_t *)&name, (const uint8_t *)actor, strlen(actor), self->key);
    return name | 1;
}

static bool is_fresh(const struct asker *asker, int64_t now_us)
{
    return asker->at_us > 0 && now_us - asker->at_us < TOLD_US;
}

static struct asker *place_of(struct told *self, uint64_t name, int64_t now_us)
{
    struct asker *oldest = &self->askers[0];
    for (size_t i = 0; i < ASKERS_MAX; i++) {
        struct asker *asker = &self->askers[i];
        if (asker->name == name && is_fresh(asker, now_us))
            return asker;
        if (asker->at_us < oldest->at_us)
            oldest = asker;
    }
    *oldest = (struct asker){.name = name};
    return oldest;
}

void told_note(struct told *self, uint64_t name, const char *service, int64_t seq)
{
    int64_t now_us = bus_clock_monotonic_us();
    struct asker *asker = place_of(self, name, now_us);
    size_t i = 0;
    while (i < asker->streams_n && strcmp(asker->streams[i].stream, service) != 0)
        i++;
    if (i == BUS_AFTER_MAX)
        return;
    if (i == asker->streams_n)
        asker->streams[asker->streams_n++] = (struct bus_after){.stream = service};
    asker->streams[i].seq = seq > asker->streams[i].seq ? seq : asker->streams[i].seq;
    asker->at_us = now_us;
}

void told_put(const struct told *self, uint64_t name, struct bus_header *header)
{
    int64_t now_us = bus_clock_monotonic_us();
    for (size_t i = 0; i < ASKERS_MAX; i++) {
        const struct asker *asker = &self->askers[i];
        if (asker->name != name || !is_fresh(asker, now_us))
            continue;
        memcpy(header->after, asker->streams, asker->streams_n * sizeof *asker->streams);
        header->after_n = asker->streams_n;
        return;
    }
}
