/* A message that a service handles, and its handling: an event, a command, a due timer, the outcome of an
 * effect, or what was parked of these. */
#ifndef APP_ITEM_H
#define APP_ITEM_H

#include <string.h>

#include "bus/service.h"
#include "store/store.h"

struct loop;
struct bus_turn;
struct effect_job;

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
    size_t bytes; /* it came with, of header and data */
    const struct bus_on *on;
    bool only_repeated;           /* answered if it was before, and else not handled */
    bool under_way;               /* in a turn whose commit is not answered yet */
    bool given_back;              /* who asked was told to ask elsewhere; see commands_give_back() */
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
    const struct effect_job *effect;  /* OUTCOME: the run that it comes of */
    const struct store_dead *dead;    /* DEAD */
    struct bus_bytes reply[2];        /* COMMAND: what to answer once the turn stands */
    bool answered_before;             /* COMMAND: a repetition; reply is the first one's */
    bool alone;                       /* in a turn of its own, after one that failed */
    struct item *earlier;             /* COMMAND: the same one, before it in this batch */
    const struct store_request *kept; /* COMMAND: what it was answered, once it was handled */
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
bool item_heeded(const struct loop *loop, const struct item *item);
/* Runs its handler, inside the turn's transaction. */
BUS_CHECKED enum bus_status item_handle(struct bus_turn *turn, struct item *item, struct bus_error *err);
/* Says in the log why a command was answered that we failed at it. */
void item_tell_bug(const struct item *item, const struct bus_error *why);

/* A text to be known by in a header's id and in the indexes of the database: itself, or a hash of it where it
 * is too long for them. */
const char *item_key(struct bus_arena *arena, const char *text);
/* The event_id of the letter of a timer or an outcome, which has one however often it was set or asked for.
 */
const char *item_letter_id(struct bus_arena *arena, const char *name, const char *key);

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
/* Says, to the operator too, that handling it ended the process so often that it is not tried again. */
void item_crashed(const struct item *item, int attempts, struct bus_error *why);

#endif
