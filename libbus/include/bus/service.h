/* A service is a table: what it follows, which messages it handles, what it stores. bus_main() does the rest:
 * it takes what has arrived, runs the handlers in one transaction together with the read positions and the
 * said events, commits, publishes, answers.
 *
 *     int main(int argc, char **argv)
 *     {
 *         return bus_main(argc, argv, &my_service);
 *     }
 */
#ifndef BUS_SERVICE_H
#define BUS_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/clock.h"
#include "bus/codec.h"
#include "bus/db.h"
#include "bus/header.h"
#include "bus/id.h"
#include "bus/log.h"
#include "bus/status.h"

/* What a handler works with. Everything in it is borrowed and valid until the handler returns; the arena
 * lives until the batch ends. */
struct bus_context {
    int64_t now_us;                  /* the only time a handler may use */
    const struct bus_header *header; /* of the message at hand; of a timer or an outcome: what caused it */
    struct bus_arena *arena;
    struct bus_db *db;
    struct bus_error *err;
    void *state;           /* the service's own, see bus_service.open */
    struct bus_turn *turn; /* the loop's side of it */
    bool alone; /* handled in a turn of its own, as one has failed: whoever is to blame should be too */
};

/* Limits. A text that is longer is BUS_INVALID where it is said or set; a service that has more does not
 * start. The other limits stand in libbus/README.md. */
#define BUS_SUBJECT_BYTES 256
#define BUS_KEY_BYTES     128           /* of a timer or an effect */
#define BUS_FOLLOWS_MAX   BUS_AFTER_MAX /* streams that a service follows: its events name each of them */
#define BUS_SETTINGS_MAX  32            /* settings of a service's own */
#define BUS_SETTING_BYTES 4096          /* the file that a setting is read from */

/* ---- what a handler may do besides reading and writing rows */

/* Says an event: it is appended to this service's log with the commit, and published after it. The actor,
 * correlation and extensions are taken over from the message at hand. `subject` is the id the event is about,
 * or NULL. */
BUS_CHECKED enum bus_status bus_say(struct bus_context *ctx, const struct bus_type *type, const char *subject,
                                    const void *value);
/* The same with attributes of your own: those set in `header` win over the ones taken over. For a service
 * that takes messages in from outside; `data` is msgpack that has been checked. *ret_seq (may be NULL) is the
 * place that the event will have in the stream. */
BUS_CHECKED enum bus_status bus_say_raw(struct bus_context *ctx, const struct bus_header *header,
                                        struct bus_bytes data, int64_t *ret_seq);

/* Whether the sender of the command at hand may touch what has the extensions of `whose`, as an event about
 * it would: BUS_DENIED when not. To be asked before the first write, by a handler that knows by then whose it
 * is: refused there, nothing has to be undone. bus_say judges the first event of a command all the same; a
 * command of a limited sender that was never judged is refused as a bug, whatever its handler returns. */
BUS_CHECKED enum bus_status bus_may(struct bus_context *ctx, const struct bus_header *whose);

/* For a command that checks several fields by itself, so that its refusal lists every fault: after a check
 * that bus_fail_at() refused, the fault is kept and BUS_OK returned, to go on with the next one; any other
 * status is returned as it came. bus_faults_judge() comes behind the last such check and before anything is
 * written: BUS_INVALID if a fault was kept. */
BUS_CHECKED enum bus_status bus_fault_keep(struct bus_context *ctx, enum bus_status status);
BUS_CHECKED enum bus_status bus_faults_judge(struct bus_context *ctx);

/* Whether all that `stream`, which the service follows, is known to hold was read before the message at hand;
 * NULL: of every stream it follows. Not while one of them is not heard or not read. For what would be wrong
 * for ever if an event came after it. In a replay everything is handled in the order of its time, so it is
 * so. Never in a query. */
bool bus_read_up(const struct bus_context *ctx, const char *stream);

/* The reply of a command or a query: a struct of the type's reply shape. Once per handler; none means {}. */
BUS_CHECKED enum bus_status bus_reply(struct bus_context *ctx, const void *value);

/* An id made from the message at hand and its time: the same in every replay, whoever has it replayed. Of a
 * command it is made from source and id, which its sender has made unique. */
struct bus_id bus_new_id(struct bus_context *ctx);
/* An id's text, in the arena. */
const char *bus_id_text(struct bus_context *ctx, struct bus_id id);

/* Timers are rows: (name, key) comes due once, in a transaction of its own batch, and is then gone. Setting
 * it again moves it. `name` must stand in the service's table. */
BUS_CHECKED enum bus_status bus_timer_set(struct bus_context *ctx, const char *name, const char *key,
                                          int64_t due_us);
BUS_CHECKED enum bus_status bus_timer_clear(struct bus_context *ctx, const char *name, const char *key);

/* An effect on the world outside (a mail): recorded now, run after the commit in a thread of its own, its
 * outcome comes back as a message. At least once: it is run again with the same key when the process ended
 * before the outcome was handled. Asked for again under the same name and key before that, the last word
 * counts: it runs after the one under way, and its outcome is the only one that comes back. */
BUS_CHECKED enum bus_status bus_effect(struct bus_context *ctx, const char *name, const char *key,
                                       struct bus_bytes payload);

struct bus_outcome;
/* The effects of this name that were asked for and whose outcome was not handled yet, by key: for open(),
 * which builds the state from what is stored. Only keys and payloads are set. */
BUS_CHECKED enum bus_status bus_effects_asked(struct bus_context *ctx, const char *name,
                                              struct bus_outcome **ret, size_t *ret_n);

/* ---- the service's table */

/* What a handler returns, and what becomes of its message. Unless it is BUS_OK nothing stands of what the
 * handler wrote, said, set or asked for.
 *
 *                   of an event, a timer, an outcome       of a command
 *   BUS_OK          it is handled                          answered, and kept for who repeats it
 *   BUS_RETRY       tried again after 2 s, 4 s, … for      answered `retry`: its sender repeats it
 *                   some four minutes, then parked
 *   BUS_BUG         parked                                 refused: answered `bug`; the log says why
 *   any other       parked                                 refused: answered with that status
 *
 * Until it is handled, or an operator drops it, later events of its stream and subject wait behind it. A
 * query is answered like a command, but nothing is kept, and BUS_RETRY has words of ours. Whatever run() of
 * an effect returns is its outcome's status.
 *
 * The state in memory is built anew when something is undone in the database, and only then: a command that
 * is refused before its first write must have left it alone.
 *
 * The failure of a statement (bus/db.h) is passed on as it came. So a database that is away is nobody's
 * fault, and the message is handled when it is back.
 *
 * A message and its handler. The schema compiler makes, for `struct till_sold`, the descriptor
 * `till_sold_type` and the declaration of `on_till_sold`, the handler in whatever service takes it:
 * BUS_ON(till_sold) is its row. */
struct bus_on {
    const struct bus_type *type; /* NULL ends a list */
    bus_any_fn *handle;          /* as `type` calls it */
    bool unrecorded;             /* a command whose events tell all: it gets no row of its own in the log */
    bool unjudged; /* a command that neither says an event nor asks bus_may, and is taken from limited
                      senders all the same: the row says why */
    const char *secrets[2]; /* fields of a command's reply that are secret: not kept, nor in the answer to a
                               repetition */
};
#define BUS_ON(message, ...)                                                       \
    {                                                                              \
        .type = &message##_type, .handle = (bus_any_fn *)on_##message, __VA_ARGS__ \
    }

/* Timers: `handle` gets the key. */
struct bus_on_timer {
    const char *name; /* NULL ends a list */
    enum bus_status (*handle)(struct bus_context *ctx, const char *key);
};

/* What came of an effect. */
struct bus_outcome {
    const char *key;
    struct bus_bytes payload; /* as given to bus_effect */
    enum bus_status status;   /* what run() returned: RETRY and NOT_FOUND are for the handler to judge */
    const char *text;         /* what run() wrote as its result or its error; no personal data */
};
struct bus_peers;
struct bus_on_effect {
    const char *name; /* NULL ends a list */
    /* In a thread of its own: no database, no context. May ask other services through `peers`. */
    enum bus_status (*run)(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                           const void *gathered, struct bus_arena *arena, const char **ret_text,
                           struct bus_error *err);
    /* In the loop. */
    enum bus_status (*handle)(struct bus_context *ctx, const struct bus_outcome *outcome);
    /* May be NULL. Called before run() with the payloads of all that wait, in the same thread: what they need
     * of other services, in one question. run() gets what it returned, in `arena`, at most two seconds later.
     */
    const void *(*gather)(struct bus_peers *peers, const struct bus_bytes *payloads, size_t n,
                          struct bus_arena *arena);
};

/* Asks `service` a query and waits for the reply (up to 5 s). For effects, and threads of a service's own. */
BUS_CHECKED enum bus_status bus_ask(struct bus_peers *peers, const struct bus_type *query, const void *value,
                                    struct bus_arena *arena, void **ret_reply, struct bus_error *err);

/* Whether a replay is under way: what it makes can be made again from its log, and need not reach the disk at
 * once. */
bool bus_replaying(struct bus_peers *peers);
/* The time of this service, for threads of its own: the wall clock, but where a replay has set another. */
int64_t bus_peers_now_us(struct bus_peers *peers);
/* Whether this process is about to end: an effect that takes long gives up, whatever it returns, and is run
 * again by the next process. One that does not look is cut off. */
bool bus_stopping(struct bus_peers *peers);

/* A setting read from the environment at start, kept in a table so that `--help` lists it. */
struct bus_setting {
    const char *name; /* NULL ends a list; "MAIL_URL" */
    const char *help;
    const char *fallback; /* NULL: required */
};
/* The value of a setting of this service's table; dies for a name that is not in it. "<NAME>_FILE" in the
 * environment names a file to read it from. */
const char *bus_setting(const char *name);
/* One of them that is a whole number within limits; checked at start, so that nothing runs on a guess. */
struct bus_whole {
    const char *name; /* NULL ends a list */
    int64_t min, max;
};
/* One of them that is one of a few words; checked at start, too. */
struct bus_choice {
    const char *name;     /* NULL ends a list */
    const char *words[5]; /* NULL-terminated */
};
/* The value of a setting of this service that is a whole number. */
int64_t bus_setting_whole(const char *name);

struct bus_service {
    const char *name;           /* its stream, its schema, its word in every address */
    const char *title;          /* one line for --help */
    const char *const *follows; /* streams it reads; NULL-terminated, may be NULL */
    const struct bus_on *events;
    const struct bus_on *commands;
    const struct bus_on *queries; /* run in a thread of their own, read-only; ctx->state is NULL there */
    const struct bus_on_timer *timers;
    const struct bus_on_effect *effects;
    const char *const *asks; /* services whose queries its effects ask; NULL-terminated, may be NULL. A replay
                                keeps them still meanwhile */
    const struct bus_setting *settings;
    const struct bus_whole *wholes;   /* those of `settings` that are whole numbers; may be NULL */
    const struct bus_choice *choices; /* those that are one of a few words; may be NULL */
    /* Looks at the other settings before anything else happens; may be NULL. */
    enum bus_status (*check_settings)(struct bus_error *err);
    const struct bus_sql *const *statements; /* <name>_sql, generated */
    const struct bus_migration *migrations;  /* <name>_migrations, generated */
    /* Turns of events that say nothing need not wait for the disk. When Postgres crashes they are undone,
     * read positions and all, and the events come again, the streams perhaps in another order. For a service
     * that tells nobody outside what such a turn decides, as who came first or a number that it gave. */
    bool may_come_again;
    /* Builds the in-memory state from the tables: at start, and again whenever a batch was rolled back. */
    enum bus_status (*open)(struct bus_context *ctx, void **ret_state);
    /* Instead of that after a rollback, where it can be had for less; called again if it fails. May be NULL.
     */
    enum bus_status (*undo)(struct bus_context *ctx, void *state);
    void (*close)(void **state_p);
    /* Called after the loop is ready, for threads of the service's own (an HTTP edge); they end in `stop`. */
    enum bus_status (*start)(struct bus_peers *peers, struct bus_error *err);
    void (*stop)(void);
};

int bus_main(int argc, char **argv, const struct bus_service *service);

#endif
