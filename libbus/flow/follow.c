/* See follow.h: one window of slots, filled from wherever, emptied in order. */
#include "flow/follow.h"

#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#define MASK (FOLLOW_WINDOW - 1)
/* Half of the bytes is for events that are ready, half for those behind a gap: they cannot keep the gap from
 * being filled. */
#define READY_BYTES ((size_t)FOLLOW_BYTES / 2 - 2 * FOLLOW_FETCH_BYTES)
#define LATER_BYTES ((size_t)FOLLOW_BYTES / 2)

static struct follow_event **slot_of(const struct follow *self, int64_t seq)
{
    return &self->slots[seq & MASK];
}

/* xorshift: good enough to keep readers from asking in step. */
static uint64_t jitter(struct follow *self, uint64_t below)
{
    self->random ^= self->random << 13;
    self->random ^= self->random >> 7;
    self->random ^= self->random << 17;
    return self->random % below;
}

void follow_init(struct follow *self, int64_t epoch, int64_t seq, const char *event_id, int64_t now_us,
                 uint64_t seed)
{
    *self = (struct follow){.epoch = epoch, .seq = seq, .head = seq, .front = seq, .heard_us = now_us};
    self->random = seed | 1;
    strncpy(self->event_id, event_id, sizeof self->event_id - 1);
    self->slots = calloc(FOLLOW_WINDOW, sizeof *self->slots);
    if (self->slots == NULL)
        bus_die("out of memory for the window of a followed stream");
}

static size_t size_of(const struct follow_event *event)
{
    return event->header.size + event->data.size;
}

/* Bytes of the unbroken run. */
static size_t ready_bytes(const struct follow *self)
{
    return self->bytes - self->later;
}

static void slot_free(struct follow *self, struct follow_event **slot)
{
    if (*slot == NULL)
        return;
    self->bytes -= size_of(*slot);
    free(*slot);
    *slot = NULL;
}

static void forget_held(struct follow *self)
{
    for (size_t i = 0; i < FOLLOW_WINDOW && self->bytes > 0; i++)
        slot_free(self, &self->slots[i]);
    self->later = 0;
    self->front = self->seq;
}

void follow_done(struct follow *self)
{
    if (self->slots == NULL)
        return;
    forget_held(self);
    free(self->slots);
    self->slots = NULL;
}

/* Moves `front` over what has become unbroken. */
static void extend_front(struct follow *self)
{
    while (self->front - self->seq < FOLLOW_WINDOW) {
        const struct follow_event *next = *slot_of(self, self->front + 1);
        if (next == NULL || next->seq != self->front + 1)
            return;
        self->front++;
        self->later -= size_of(next);
    }
}

/* The next one in order is taken whenever nothing is ready, whatever its size. */
static bool has_room(const struct follow *self, int64_t seq, size_t size)
{
    if (seq > self->front + 1)
        return self->later + size <= LATER_BYTES;
    return self->front == self->seq || ready_bytes(self) + size <= READY_BYTES + FOLLOW_FETCH_BYTES;
}

static void keep(struct follow *self, int64_t seq, struct bus_bytes header, struct bus_bytes data)
{
    size_t size = header.size + data.size;
    if (seq <= self->front || seq > self->seq + FOLLOW_WINDOW || !has_room(self, seq, size))
        return;
    struct follow_event **slot = slot_of(self, seq);
    if (*slot != NULL)
        return;
    struct follow_event *event = malloc(sizeof *event + size);
    if (event == NULL)
        bus_die("out of memory for an event of %zu bytes", size);
    uint8_t *bytes = (uint8_t *)(event + 1);
    memcpy(bytes, header.data, header.size);
    memcpy(bytes + header.size, data.data, data.size);
    *event = (struct follow_event){.seq = seq,
                                   .header = bus_bytes(bytes, header.size),
                                   .data = bus_bytes(bytes + header.size, data.size)};
    *slot = event;
    self->bytes += size;
    self->later += size;
    extend_front(self);
}

/* Ends the reading: what is held goes, so that the position stays where the next HELLO says it is. */
static void leave(struct follow *self, enum follow_state state)
{
    forget_held(self);
    self->state = state;
}

static void greet_anew(struct follow *self, int64_t now_us)
{
    leave(self, FOLLOW_GREETING);
    self->asked_us = 0;
    self->retry_us = now_us;
}

/* Another writer has a history that ours must be compared with first. */
static bool same_writer(struct follow *self, int64_t now_us, int64_t writer)
{
    self->heard_us = now_us;
    if (self->state != FOLLOW_READING)
        return false;
    if (writer == self->writer)
        return true;
    greet_anew(self, now_us);
    return false;
}

void follow_live(struct follow *self, int64_t now_us, int64_t writer, int64_t seq, struct bus_bytes header,
                 struct bus_bytes data)
{
    if (!same_writer(self, now_us, writer))
        return;
    if (seq > self->front + 1 && self->head <= self->front)
        self->gaps++;
    if (seq > self->head)
        self->head = seq;
    keep(self, seq, header, data);
}

void follow_head(struct follow *self, int64_t now_us, int64_t writer, int64_t head)
{
    if (!same_writer(self, now_us, writer))
        return;
    if (head < self->seq) {
        /* The source has lost events that we have: let it find out in a HELLO. */
        greet_anew(self, now_us);
        return;
    }
    if (head > self->head) {
        self->gaps += self->head <= self->front;
        self->head = head;
    }
}

void follow_welcome(struct follow *self, int64_t now_us, int64_t seq, int64_t epoch, int64_t writer,
                    int64_t head)
{
    self->heard_us = now_us;
    if (self->state == FOLLOW_READING || seq != self->seq)
        return; /* to an earlier HELLO: it says nothing about where we are now */
    self->state = FOLLOW_READING;
    self->epoch = epoch;
    self->writer = writer;
    self->head = head > self->seq ? head : self->seq;
    self->asked_us = 0;
    self->backoff = self->unheard = 0;
    self->retry_us = now_us;
}

void follow_batch_event(struct follow *self, int64_t req, int64_t writer, int64_t seq,
                        struct bus_bytes header, struct bus_bytes data)
{
    if (self->state != FOLLOW_READING || req != self->req || writer != self->writer)
        return;
    self->caught_up++;
    self->answered_n++;
    keep(self, seq, header, data);
}

void follow_batch_end(struct follow *self, int64_t now_us, int64_t req, int64_t writer, int64_t head)
{
    if (!same_writer(self, now_us, writer) || req != self->req)
        return;
    self->asked_us = 0;
    self->backoff = 0;
    if (head > self->head)
        self->head = head;
    if (self->answered_n == 0) /* what we know of is not there: asking at once would bring no more */
        self->retry_us = now_us + FOLLOW_PAUSE_US;
}

/* What is refused was asked earlier, or is answered already: it says nothing about where we are now. */
static bool is_late(const struct follow *self, int64_t req, int64_t seq)
{
    bool fetching = self->asked_us != 0 && self->state == FOLLOW_READING;
    bool greeting = self->asked_us != 0 && self->state != FOLLOW_READING;
    return (req >= 0 && !(fetching && req == self->req)) || (seq >= 0 && !(greeting && seq == self->seq));
}

void follow_refused(struct follow *self, int64_t now_us, int64_t req, int64_t seq, const char *code,
                    int64_t retry_us)
{
    self->heard_us = now_us;
    if (is_late(self, req, seq))
        return;
    self->asked_us = 0;
    self->unheard = 0;
    if (req >= 0 && self->front > self->after)
        return; /* what was asked for came live meanwhile, and may be gone there by now */
    if (strcmp(code, "DIVERGED") == 0)
        leave(self, FOLLOW_DIVERGED);
    else if (strcmp(code, "TRIMMED") == 0)
        leave(self, FOLLOW_TRIMMED);
    else if (strcmp(code, "DENIED") == 0)
        leave(self, FOLLOW_DENIED);
    else if (self->state == FOLLOW_READING && retry_us == 0)
        leave(self, FOLLOW_GREETING);
    if (self->backoff < 6)
        self->backoff++;
    int64_t wait = retry_us > 0 ? retry_us : INT64_C(50000) << self->backoff;
    self->retry_us = now_us + wait / 2 + (int64_t)jitter(self, (uint64_t)wait);
}

static bool wants_events(const struct follow *self)
{
    return self->head > self->front && self->front - self->seq < FOLLOW_WINDOW &&
           ready_bytes(self) < READY_BYTES;
}

/* When the request under way will not be answered any more. Where a standby has taken over from one that
 * sleeps, its beats are heard while the HELLO may lie with the other, whom a new connection does not reach.
 */
static int64_t patience_us(const struct follow *self)
{
    int64_t greet = FOLLOW_GREET_US << (self->unheard < 3 ? self->unheard : 3);
    bool greeting = self->state != FOLLOW_READING && greet < FOLLOW_ANSWER_US;
    return self->asked_us + (greeting ? greet : FOLLOW_ANSWER_US);
}

struct follow_action follow_act(struct follow *self, int64_t now_us)
{
    bool unanswered = self->asked_us != 0 && now_us >= patience_us(self);
    if (unanswered || now_us - self->heard_us >= FOLLOW_SILENCE_US) {
        enum follow_state before = self->state;
        self->unheard += unanswered && before != FOLLOW_READING;
        self->heard_us = now_us;
        greet_anew(self, now_us);
        if (before == FOLLOW_DENIED) /* who shuts us out is silent: so it is until we are let in */
            self->state = before;
        return (struct follow_action){.kind = FOLLOW_RECONNECT};
    }
    if (self->asked_us != 0 || now_us < self->retry_us)
        return (struct follow_action){.kind = FOLLOW_NOTHING};
    if (self->state != FOLLOW_READING) {
        /* DIVERGED and the like are asked again too: the operator may have mended the source. */
        self->asked_us = now_us;
        return (struct follow_action){.kind = FOLLOW_SEND_HELLO};
    }
    if (!wants_events(self))
        return (struct follow_action){.kind = FOLLOW_NOTHING};
    self->asked_us = now_us;
    self->answered_n = 0;
    self->req++;
    self->after = self->front;
    return (struct follow_action){.kind = FOLLOW_SEND_FETCH, .after = self->front, .req = self->req};
}

void follow_unsent(struct follow *self, int64_t now_us)
{
    self->asked_us = 0;
    self->retry_us = now_us + FOLLOW_PAUSE_US;
}

int64_t follow_due_us(const struct follow *self)
{
    int64_t due = self->heard_us + FOLLOW_SILENCE_US;
    if (self->asked_us != 0)
        return patience_us(self) < due ? patience_us(self) : due;
    if ((self->state != FOLLOW_READING || wants_events(self)) && self->retry_us < due)
        return self->retry_us;
    return due;
}

const struct follow_event *follow_peek(const struct follow *self, size_t i)
{
    int64_t seq = self->seq + 1 + (int64_t)i;
    return seq <= self->front ? *slot_of(self, seq) : NULL;
}

bool follow_plenty(const struct follow *self)
{
    return self->front - self->seq >= FOLLOW_WINDOW / 2 || ready_bytes(self) >= READY_BYTES;
}

void follow_consume(struct follow *self, size_t n, const char *last_event_id)
{
    for (size_t i = 0; i < n; i++)
        slot_free(self, slot_of(self, ++self->seq));
    if (n > 0) {
        memset(self->event_id, 0, sizeof self->event_id);
        strncpy(self->event_id, last_event_id, sizeof self->event_id - 1);
    }
}

const char *follow_state_name(enum follow_state state)
{
    static const char *const names[] = {"greeting", "reading", "diverged", "trimmed", "denied"};
    return names[state];
}
