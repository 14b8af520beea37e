/* A turn: a batch of messages handled in one transaction, with the positions read, the events said and the
 * answers given. Either all of it stands or nothing of it happened. */
#ifndef APP_TURN_H
#define APP_TURN_H

#include <string.h>

#include "bus/service.h"
#include "store/store.h"

struct loop;

enum item_kind { ITEM_OUTCOME, ITEM_COMMAND, ITEM_TIMER, ITEM_EVENT, ITEM_DEAD };

#define DIGEST_BYTES     32
#define DIGEST_TAG_BYTES 4 /* of these: which key made the rest */

/* A command that has arrived and is not answered yet; owned by the loop's queue. */
struct command {
    struct command *next;
    struct bus_arena *arena;
    struct bus_bytes route;
    const char *peer;
    struct bus_header header;
    struct bus_bytes data;
    const struct bus_on *on;
    bool under_way;               /* in a turn whose commit is not answered yet */
    const char *key;              /* of peer, actor and header.id: a repetition has the same */
    uint8_t digest[DIGEST_BYTES]; /* of its content; see loop.digest_key */
    int64_t time_us;              /* what `now` will be for its handler */
    int64_t arrived_us;           /* monotonic */
};

/* One message of the batch. Lives in the turn's arena. */
struct item {
    enum item_kind kind;
    struct bus_header header;
    struct bus_bytes raw_header;
    struct bus_bytes data;
    int64_t now_us;
    size_t source;                         /* EVENT: index of the stream; DEAD: unused */
    int64_t seq;                           /* EVENT, DEAD */
    const char *source_name;               /* EVENT, DEAD: stream; else "timer", "effect" */
    const char *broken;                    /* EVENT: why its frames cannot be read, or NULL */
    struct command *command;               /* COMMAND */
    struct store_timer timer;              /* TIMER, and the DEAD one of a timer */
    const struct bus_on_effect *on_effect; /* OUTCOME, and the DEAD one of an outcome */
    struct bus_outcome outcome;
    const struct store_dead *dead;    /* DEAD */
    struct bus_bytes reply[2];        /* COMMAND: what to answer once the turn stands */
    bool answered_before;             /* COMMAND: a repetition; reply is the first one's */
    struct item *earlier;             /* COMMAND: the same one, before it in this batch */
    const struct store_request *kept; /* COMMAND: what it was answered, once it was handled */
};

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
    int64_t work_us;   /* how long it took to take and to handle them */
    struct item *item; /* being handled */
    uint32_t ids;      /* made for the item at hand */
    const char *seed;  /* of those ids */
    uint32_t touched;  /* said, timed or effected for the item at hand */
    bool judged;       /* whether the item at hand lies within what its sender may touch */
    struct said *said;
    size_t said_n, said_capacity;
    size_t packed_n;   /* of `said`: in a run, the last of which may not be full yet */
    size_t appended_n; /* in runs that were given to the store */
    struct said_run *runs, **runs_end;
    int64_t *read;                /* per source: position with this batch */
    const char **read_id;         /* per source: id of the event at that position */
    struct store_effect *effects; /* asked for in this turn: started after the commit */
    size_t effects_n, effects_capacity;
    int64_t next_timer_us; /* earliest timer set in this turn */
    const struct bus_shape *reply_shape;
    struct bus_bytes reply; /* encoded; data NULL: none given */
};

/* The row of a type in a table that ends with {0}; NULL when there is none. */
static inline const struct bus_on *on_find(const struct bus_on *table, const char *type)
{
    for (; table != NULL && table->type != NULL; table++)
        if (strcmp(table->type->type, type) == 0)
            return table;
    return NULL;
}

/* False for an event that this service has no handler for: only the read position moves over it. */
bool turn_heeds(const struct loop *loop, const struct item *item);
/* A turn of these items, in three steps. When one fails nothing has happened, and at least one message is to
 * blame, unless *ret_away: the database is not there, for no message. */
struct bus_turn *turn_new(struct loop *loop, struct item *items, size_t n);
/* Begins the transaction and runs the handlers, also while the turn before is under way; what is left when
 * they have been at work for long is taken off the turn, and taken again with the next. After a failure the
 * transaction is still open: wait for the turn before, then turn_undo(). */
BUS_CHECKED enum bus_status turn_handle(struct bus_turn *turn, bool *ret_away, struct bus_error *err);
void turn_undo(struct loop *loop);
/* Sends the COMMIT: from now on the turn is under way. */
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

/* What the item must not overtake when it is parked. A subject means something to its source alone: one from
 * outside stops no other's. Sources of the system's own begin with a slash. */
const char *item_subject(struct loop *loop, const struct item *item);

/* attempts.c. They are counted under (*ret_source, *ret_seq); NULL for a command, unless one may have killed
 * (care.h). */
const char *item_attempt_source(struct loop *loop, const struct item *item, int64_t *ret_seq);
/* Inside a turn: the item is handled or parked, what was counted is over. A stream's are forgotten by its
 * position. */
BUS_CHECKED enum bus_status item_attempts_clear(struct loop *loop, const struct item *item,
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
/* Says, to the operator too, that handling it ended the process so often that it is not tried again. */
void item_crashed(const struct item *item, int attempts, struct bus_error *why);

#endif
