/* See topics.h: a short list, looked through from one end to the other. */
#include "net/topics.h"

#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

void net_topics_done(struct net_topics *self)
{
    while (self->n > 0)
        free((void *)self->items[--self->n].data);
}

static void add(struct net_topics *self, struct bus_bytes topic)
{
    for (size_t i = 0; i < self->n; i++)
        if (bus_bytes_equal(self->items[i], topic))
            return;
    if (self->n == NET_TOPICS_MAX) {
        self->all = true;
        return;
    }
    uint8_t *copy = malloc(topic.size + 1);
    if (!copy)
        bus_die("out of memory: no room for a topic");
    memcpy(copy, topic.data, topic.size);
    self->items[self->n++] = bus_bytes(copy, topic.size);
}

bool net_topics_note(struct net_topics *self, struct bus_bytes message)
{
    if (message.size == 0 || message.data[0] != 1)
        return false;
    add(self, bus_bytes(message.data + 1, message.size - 1));
    return true;
}

bool net_topics_match(const struct net_topics *self, const char *topic)
{
    size_t size = strlen(topic);
    for (size_t i = 0; i < self->n; i++)
        if (self->items[i].size <= size && memcmp(self->items[i].data, topic, self->items[i].size) == 0)
            return true;
    return self->all;
}
