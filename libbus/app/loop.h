/* The loop of a service: everything it owns. One thread; the workers' threads share nothing with it but jobs.
 */
#ifndef APP_LOOP_H
#define APP_LOOP_H

#include "app/away.h"
#include "app/care.h"
#include "app/config.h"
#include "app/metrics.h"
#include "app/stop.h"
#include "app/turn.h"
#include "app/worker.h"
#include "flow/follow.h"
#include "net/net.h"
#include "store/store.h"

#ifndef TURN_ITEMS_MAX /* small in the simulation, where being full is to be common */
#define TURN_ITEMS_MAX     2000
#define TURN_ITEMS_CAREFUL 100 /* a small batch; see care.h */
#endif
#ifndef TURN_WORK_US
#define TURN_WORK_US 10000 /* a turn that took longer ends with the message at hand */
#endif
#ifndef BEAT_US /* more often in the simulation, whose worlds are short */
#define BEAT_US BUS_SECOND_US
#endif
#define TAKE_KINDS     2 /* that are taken in turn with the streams: commands, timers */
#define TURN_BYTES_MAX (2 * 1024 * 1024)
#define LEASE_MS       5000 /* after which the stream of a silent owner may be taken */

struct source { /* a followed stream */
    const char *name;
    struct follow follow;
    enum follow_state logged;
    int64_t first_head; /* what it named first since our start */
};

struct said_type {
    const char *name;
    struct said_type *next;
};

/* A conductor's step under way; see conduct.h. */
struct step {
    bool active;
    struct bus_bytes route;
    struct bus_arena *arena;
    int64_t now_us;
    int64_t *upto; /* per source */
    bool settle;   /* what was put off is done too */
    bool passed;   /* all that is left was put off */
    size_t handled;
    struct said_type *said; /* each once */
    bool outcomes_taken;
    bool timers_taken;
    int64_t arrived_us;
};

struct rest {           /* see rest.h */
    uint64_t done;      /* messages, when memory was given back last */
    uint64_t beat_done; /* at the last beat */
    int64_t since_us;   /* monotonic */
};

/* What the loop waits on besides its sockets. */
enum { WATCH_STOP, WATCH_HEALTH, WATCH_READER, WATCH_READER_LOG, WATCH_EFFECTS, WATCH_DATABASE, WATCHES_N };

struct loop {
    const struct bus_service *service;
    const struct config *config;
    struct store *store;
    struct net *net;
    const struct stop *stop;
    struct bus_peers *peers;
    struct reader *reader;   /* queries, catch-up, administration: read-only */
    struct readers *readers; /* of our stream */
    struct effects *effects;
    struct health *health;
    struct metrics metrics;
    struct pollfd watches[WATCHES_N];
    struct bus_arena *arena;                        /* of the turn at hand */
    struct bus_arena *spare;                        /* the next one's, while that turn is under way */
    struct bus_turn *under_way;                     /* its COMMIT was sent; or NULL. See ahead.h */
    int64_t sent_us;                                /* monotonic: when */
    struct bus_buffer encoded_header, encoded_data; /* keep their memory from one event said to the next */
    struct bus_buffer packed;                       /* the run that the turn at hand is filling */

    struct source *sources;
    size_t sources_n;
    uint8_t digest_key[32 + DIGEST_TAG_BYTES]; /* under which the content of commands is kept, and its tag:
                                                * what is personal in them cannot be guessed at from a copy of
                                                * the database */
    struct command *commands, **commands_end;
    size_t commands_n;
    size_t commands_bytes; /* of their headers and data */

    void *state;      /* the service's own */
    bool state_stale; /* rolled back: to be built anew */
    struct store_clock clock;
    int64_t last_now_us; /* time never goes back, also over a restart */
    int64_t next_timer_us;
    bool caught_up;                   /* timers are taken; see timers_held() */
    int64_t standing_at, standing_us; /* until then: events read of all streams, and since when no more */
    uint8_t timers_put[8192]; /* one bit for each timer set since the due ones were read; see timers.h */
    struct away away;
    int64_t taking_us; /* monotonic: since when messages are taken for the turn at hand */
    bool full;         /* the last turn took all it may: more is waiting */
    bool dead_due;     /* dead letters were tried again: others may have come due by that */
    bool waiting;      /* nothing that is here may be handled before something else arrives */
    int64_t
        put_off_us;   /* monotonic: since when a turn that only moves read positions is put off; 0: none is */
    struct care care; /* after a crash */
    struct rest rest;
    struct step step;
    struct excuse excuse;
    int64_t started_us;
    int64_t last_beat_us;
    size_t refused_keys;                    /* that were told of */
    int64_t refused_told_us, clock_told_us; /* monotonic: when a line was last written of it */
    char key_fault[256];                    /* that was told of; "" */
    int64_t tidy_us;                        /* monotonic: when to cut off next what would grow for ever */
    bool stopping;
};

BUS_CHECKED enum bus_status loop_open(struct loop *loop, struct bus_error *err);
/* Runs until it is told to stop (BUS_OK) or a promise is broken (BUS_BUG). */
BUS_CHECKED enum bus_status loop_run(struct loop *loop, struct bus_error *err);
void loop_close(struct loop *loop);

/* beat.c: the half of a beat that needs no database; false when none was due. */
bool loop_beat_aloud(struct loop *loop);

/* loop_state.c: `now` for what is handled next. */
int64_t loop_now(struct loop *loop);
/* By how much the clock stands before `now`, which does not go back with it; 0 under a conductor. */
int64_t loop_clock_back_us(struct loop *loop);
/* How long until it is then; 0: it is. After the clock went back, as long as the clock takes, not time, which
 * stands still meanwhile. Not under a conductor. */
int64_t loop_until_us(struct loop *loop, int64_t then_us);
/* How far stream i was read, with what is under way. */
int64_t loop_read(const struct loop *loop, size_t i);
/* Whether it serves: database there, every followed stream being read. *ret_why says in a word what is
 * missing. */
bool loop_ready(const struct loop *loop, const char **ret_why);
/* In a sentence, which stream is not read, why, and what to do; nothing where all are. */
void loop_tell_need(const struct loop *loop, struct bus_buffer *out);

/* take.c: what to handle next, at most a turn's worth. BUS_RETRY: the database cannot be asked for timers. */
BUS_CHECKED enum bus_status take_items(struct loop *loop, struct item **ret_items, size_t *ret_n,
                                       struct bus_error *err);

/* requests.c: everything that comes in by the ROUTER. */
void requests_take(struct loop *loop);

/* sources.c: live frames, catch-up answers, and what the state machines want sent. */
void sources_take(struct loop *loop);
void sources_act(struct loop *loop);
/* What sources_take() would leave where it is need not be waited for. */
void sources_leave(struct loop *loop);
/* Why this stream is not read, and what to do about it, in a sentence. */
void sources_tell(const struct loop *loop, const struct source *source, struct bus_buffer *out);
/* Tells every source how far we have come, so that it need not keep what lies before. Only behind a commit
 * that was waited for on the disk, store_beat(): turns that were not may be lost, and what they read is read
 * again. */
void sources_beat(struct loop *loop);

/* commit.c: the store's commit, its outcome found out whatever it takes. BUS_OK: it stands. BUS_RETRY with
 * BUS-UNKNOWN: told to stop before it was known. */
BUS_CHECKED enum bus_status loop_commit(struct loop *loop, struct bus_error *err);
/* In two halves; see store_commit_send(). */
BUS_CHECKED enum bus_status loop_commit_send(struct loop *loop, struct bus_error *err);
BUS_CHECKED enum bus_status loop_commit_wait(struct loop *loop, struct bus_error *err);

/* tidy.c: forgets, once an hour, what is older than it needs to be. */
BUS_CHECKED enum bus_status loop_tidy(struct loop *loop, struct bus_error *err);

/* dead.c: dead letters whose time has come, *ret_n of them; what waits behind one that is handled comes due
 * by that. */
BUS_CHECKED enum bus_status dead_retry(struct loop *loop, size_t *ret_n, struct bus_error *err);
/* Parks an item for good or for a while, in a turn of its own. */
BUS_CHECKED enum bus_status dead_park(struct loop *loop, struct item *item, const char *state, int attempts,
                                      int64_t next_us, const struct bus_error *why, struct bus_error *err);

#endif
