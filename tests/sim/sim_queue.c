/* See sim_queue.h. */
#include "sim_queue.h"

#include <stdlib.h>
#include <string.h>

#define QUEUE_MAX 200 /* the high-water mark: what comes on top is lost */

struct message *message_new(const struct bus_bytes *frames, size_t n)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        size += frames[i].size;
    struct message *self = malloc(sizeof *self + size);
    memset(self, 0, sizeof *self);
    self->frames_n = n;
    uint8_t *at = (uint8_t *)(self + 1);
    for (size_t i = 0; i < n; i++) {
        if (frames[i].size > 0)
            memcpy(at, frames[i].data, frames[i].size);
        self->frames[i] = bus_bytes(at, frames[i].size);
        at += frames[i].size;
    }
    return self;
}

void message_word(char *to, size_t size, const char *from)
{
    size_t n = strnlen(from, size - 1);
    memcpy(to, from, n);
    to[n] = '\0';
}

static struct message *message_again(const struct message *from)
{
    struct message *self = message_new(from->frames, from->frames_n);
    message_word(self->verb, sizeof self->verb, from->verb);
    message_word(self->role, sizeof self->role, from->role);
    self->peer = from->peer;
    self->from = from->from;
    self->tag = from->tag;
    return self;
}

void queue_put(struct queue *self, struct message *message)
{
    if (self->n >= QUEUE_MAX) {
        free(message);
        return;
    }
    struct message **at = &self->first;
    while (*at != NULL && (*at)->at_us <= message->at_us)
        at = &(*at)->next;
    message->next = *at;
    *at = message;
    self->n++;
}

struct message *queue_take(struct queue *self)
{
    struct message *message = self->first;
    if (message == NULL || message->at_us > world.now_us)
        return NULL;
    self->first = message->next;
    self->n--;
    return message;
}

void queue_clear(struct queue *self)
{
    while (self->first != NULL) {
        struct message *message = self->first;
        self->first = message->next;
        free(message);
    }
    *self = (struct queue){0};
}

static void cut_off(struct message *message)
{
    if (message->frames_n == 0 || below(4) == 0) {
        message->frames_n -= message->frames_n > 0;
        return;
    }
    struct bus_bytes *frame = &message->frames[below(message->frames_n)];
    frame->size = frame->size > 0 ? below(frame->size) : 0;
}

int64_t queue_send(struct queue *self, struct message *message)
{
    if (chance(FAULT_DROP)) {
        free(message);
        return INT64_MAX;
    }
    if (chance(FAULT_DUPLICATE)) {
        struct message *twin = message_again(message);
        twin->at_us = world.now_us + between(50, 500 * MS);
        queue_put(self, twin);
    }
    if (chance(FAULT_TRUNCATE))
        cut_off(message);
    message->at_us = world.now_us + between(30, 30 + world.slow_us);
    if (chance(FAULT_REORDER))
        message->at_us += between(1, 300 * MS);
    else if (message->at_us <= self->last_us)
        message->at_us = self->last_us + 1;
    if (!chance(FAULT_REORDER))
        self->last_us = message->at_us;
    int64_t at = message->at_us;
    queue_put(self, message);
    return at;
}
