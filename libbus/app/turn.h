/* A turn: a batch of messages handled in one transaction, with the positions read, the events said and the
 * answers given. Either all of it stands or nothing of it happened. */
#ifndef APP_TURN_H
#define APP_TURN_H

#include "app/item.h"

struct said {
    int64_t seq;
    struct bus_bytes header;
    struct bus_bytes data;
    const char *topic;
    const char *type;
};

struct said_run { /* what was said, as it is logged and published */
    struct said_run *next;
    struct store_run run;
};

/* What ctx->turn points to. */
struct bus_turn {
    struct loop *loop; /* NULL in a query */
    struct bus_arena *arena;
    struct item *items; /* in the arena */
    size_t n;
    size_t commands_n; /* of them */
    uint64_t writes;   /* of the store, before it */
    int64_t work_us;   /* how long it took to take and to handle them */
    struct item *item; /* being handled */
    uint32_t ids;      /* made for the item at hand */
    const char *seed;  /* of those ids */
    uint32_t touched;  /* said, timed or effected for the item at hand */
    bool judged;       /* whether the item at hand lies within what its sender may touch */
    bool asked;        /* by its handler itself, whatever the answer */
    struct said *said;
    size_t said_n, said_capacity;
    size_t packed_n;   /* of `said`: in a run, the last of which may not be full yet */
    size_t appended_n; /* in runs that were given to the store */
    struct said_run *runs, **runs_end;
    int64_t *read;                /* per source: position with this batch */
    const char **read_id;         /* per source: id of the event at that position */
    struct store_effect *effects; /* asked for in this turn: started after the commit */
    size_t effects_n, effects_capacity;
    int64_t next_timer_us;     /* earliest timer set in this turn */
    struct bus_faults *faults; /* of the command at hand; NULL in anything else */
    const struct bus_shape *reply_shape;
    struct bus_bytes reply; /* encoded; data NULL: none given */
};

/* A turn of these items, in three steps. When one fails nothing has happened, and at least one message is to
 * blame, unless *ret_away: the database is not there, or the state cannot be built, for no message. */
struct bus_turn *turn_new(struct loop *loop, struct item *items, size_t n);
/* Begins the transaction and runs the handlers, also while the turn before is under way; what is left when
 * they have been at work for long is taken off the turn, and taken again with the next. After a failure the
 * transaction is still open: wait for the turn before, then turn_undo(). */
BUS_CHECKED enum bus_status turn_handle(struct bus_turn *turn, bool *ret_away, struct bus_error *err);
void turn_undo(struct loop *loop);
/* Sends the COMMIT: from now on the turn is under way. One that only asked what was done before is over at
 * once and commits nothing. No fence stops its answer "not done", so the lease is looked at instead, after
 * all that the answer rests on was read: nobody else had done the command by then. Where the database's
 * standby was promoted, an old primary that lives on unseen knows no better, and lets such an answer pass. */
BUS_CHECKED enum bus_status turn_send(struct bus_turn *turn, bool *ret_away, struct bus_error *err);
/* Waits for it. BUS_OK: it stands, everything is published and answered. Otherwise it is undone, and with it
 * what was begun behind it. */
BUS_CHECKED enum bus_status turn_await(struct loop *loop, bool *ret_away, struct bus_error *err);
/* All of it. */
BUS_CHECKED enum bus_status turn_run(struct loop *loop, struct item *items, size_t n, bool *ret_away,
                                     struct bus_error *err);
/* The same, one by one: those that fail are retried, parked or refused; the rest go on. BUS_RETRY: stopped at
 * the world; what was handled until then stands. */
BUS_CHECKED enum bus_status single_run(struct loop *loop, struct item *items, size_t n,
                                       struct bus_error *err);

/* Attempts at one message that ended because the database was not there: the count is for those that never
 * end. */
struct excuse {
    char source[256];
    int64_t seq;
    int n;
};
int excuse_count(const struct excuse *self, const char *source, int64_t seq);
void excuse_add(struct excuse *self, const char *source, int64_t seq);
#endif
