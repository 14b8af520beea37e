/* Messages on their way, and what may happen to them there: lost, doubled, late, out of order, cut off.
 * Private to sim_*.c. */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "sim.h"

struct message {
    struct message *next;
    int64_t at_us; /* when it arrives */
    struct bus_bytes frames[3];
    size_t frames_n;
    char verb[17];
    char role[12];
    const char *peer; /* a request: who asks */
    uint64_t from;    /* a request: id of the net that asked, or DRIVER */
    uint64_t tag;     /* a request: which of its streams, or the driver's own number */
};

struct queue {
    struct message *first;
    size_t n;
    int64_t last_us; /* nothing overtakes this unless it is disturbed */
};

struct message *message_new(const struct bus_bytes *frames, size_t n);
/* The word is cut off where it would not fit. */
void message_word(char *to, size_t size, const char *from);
/* In the order of arrival; takes the message. Above the high-water mark it is lost. */
void queue_put(struct queue *self, struct message *message);
/* The first that has arrived, now the caller's; NULL: none. */
struct message *queue_take(struct queue *self);
void queue_clear(struct queue *self);
/* Sends it, with what may happen on the way. Returns when it arrives, INT64_MAX when it does not. */
int64_t queue_send(struct queue *self, struct message *message);

#endif
