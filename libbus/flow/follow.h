/* Reading one stream: a pure state machine. It is told what arrived and what time it is; it says what to
 * send, and hands out the events in order, each once, none missing. No sockets, no database, no clock of its
 * own.
 *
 * Live frames, catch-up batches and gap repairs all fill one window of slots by sequence number. Whatever
 * slot is empty below the known head is fetched; so catching up, repairing a gap and reading live are the
 * same thing.
 *
 * A sequence number means an event only together with who wrote it: after a failover that lost the last
 * commits, the next process of the source gives the same numbers to other events. So the source is greeted
 * anew, with the id of the last event, whenever another writer is heard, and nothing is taken but from the
 * writer who welcomed us at the very position we are at. */
#ifndef FLOW_FOLLOW_H
#define FLOW_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/bytes.h"

#define FOLLOW_PROTO 1       /* of HELLO and what follows; docs/protocol.md */
#ifndef FOLLOW_WINDOW        /* small in the simulation, where being full is to be common */
#define FOLLOW_WINDOW  16384 /* slots: events held at most; a power of two */
#define FOLLOW_FETCH_N 2000  /* events asked for at once */
#endif
#ifndef FOLLOW_ANSWER_US
#define FOLLOW_ANSWER_US 5000000 /* an answer that takes longer will not come */
#define FOLLOW_GREET_US  1000000 /* to a HELLO, the first time: it may have gone to one that sleeps */
#endif
#define FOLLOW_BYTES       (16 * 1024 * 1024) /* of events held at most */
#define FOLLOW_FETCH_BYTES (1024 * 1024)
#define FOLLOW_PAUSE_US    50000   /* after an answer that held nothing, or a question that was not sent */
#define FOLLOW_SILENCE_US  3500000 /* three beats missed: the connection is dead */

/* Owned by the follow until follow_consume() passes it. */
struct follow_event {
    int64_t seq;
    struct bus_bytes header;
    struct bus_bytes data;
};

enum follow_state {
    FOLLOW_GREETING, /* HELLO to be sent, or sent and not answered */
    FOLLOW_READING,  /* the source knows our position: catching up, or live */
    FOLLOW_DIVERGED, /* our last event is not in the source's log: an operator must decide */
    FOLLOW_TRIMMED,  /* events we need are gone from the source's log */
    FOLLOW_DENIED,
};

enum follow_action_kind { FOLLOW_NOTHING, FOLLOW_SEND_HELLO, FOLLOW_SEND_FETCH, FOLLOW_RECONNECT };
struct follow_action {
    enum follow_action_kind kind;
    int64_t after; /* FETCH: events with a larger seq */
    int64_t req;   /* FETCH: comes back in the BATCH */
};

struct follow {
    enum follow_state state;
    int64_t epoch;       /* of the source as it told; 0 before the first WELCOME ever */
    int64_t writer;      /* who welcomed us */
    int64_t seq;         /* last event consumed */
    int64_t head;        /* last event known to exist */
    char event_id[129];  /* of the event at `seq`: proves to the source that we share its history */
    int64_t heard_us;    /* monotonic time of the last sign of life */
    int64_t asked_us;    /* when the request under way was sent; 0 = none */
    int64_t retry_us;    /* nothing is sent before */
    int64_t req;         /* number of the last FETCH */
    int64_t after;       /* the event behind which it asked */
    int64_t front;       /* seq of the last event of the unbroken run that starts at seq + 1 */
    size_t bytes;        /* held in slots */
    size_t later;        /* of these, in events behind the first gap */
    uint32_t backoff;    /* refusals in a row */
    uint32_t unheard;    /* HELLOs in a row that were not answered */
    uint64_t random;     /* state of the jitter */
    uint32_t answered_n; /* events in the answer to the last FETCH */
    uint64_t gaps;       /* counters for the metrics */
    uint64_t caught_up;  /* events that came by FETCH */
    struct follow_event **slots;
};

/* `event_id` is of the event at `seq` ("" at 0). `seed` drives the jitter. */
void follow_init(struct follow *self, int64_t epoch, int64_t seq, const char *event_id, int64_t now_us,
                 uint64_t seed);
void follow_done(struct follow *self);

/* What to send now. Call until it says FOLLOW_NOTHING; each action is taken as carried out. */
struct follow_action follow_act(struct follow *self, int64_t now_us);
/* What it said last could not be sent. */
void follow_unsent(struct follow *self, int64_t now_us);
/* When follow_act() may have something to say although nothing arrives. */
int64_t follow_due_us(const struct follow *self);

/* ---- what arrived. Bytes are copied when they are kept. */
void follow_live(struct follow *self, int64_t now_us, int64_t writer, int64_t seq, struct bus_bytes header,
                 struct bus_bytes data);
void follow_head(struct follow *self, int64_t now_us, int64_t writer, int64_t head);
/* `seq` is the position of the HELLO that it answers. */
void follow_welcome(struct follow *self, int64_t now_us, int64_t seq, int64_t epoch, int64_t writer,
                    int64_t head);
/* One event of a BATCH; then follow_batch_end with the head it named. */
void follow_batch_event(struct follow *self, int64_t req, int64_t writer, int64_t seq,
                        struct bus_bytes header, struct bus_bytes data);
void follow_batch_end(struct follow *self, int64_t now_us, int64_t req, int64_t writer, int64_t head);
/* `req` is of the FETCH that is refused, or `seq` the position of the HELLO; -1: it is not told. */
void follow_refused(struct follow *self, int64_t now_us, int64_t req, int64_t seq, const char *code,
                    int64_t retry_us);

/* ---- the events in order: the i-th after `seq`, NULL when it is not here yet */
const struct follow_event *follow_peek(const struct follow *self, size_t i);
/* Whether what is ready fills at least a turn, so that it need not wait for more. */
bool follow_plenty(const struct follow *self);
/* The first `n` are committed; the last one had this id. */
void follow_consume(struct follow *self, size_t n, const char *last_event_id);

const char *follow_state_name(enum follow_state state);

#endif
