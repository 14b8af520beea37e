/* Everything a service keeps in Postgres: its log, positions, timers, dead letters, effects, answered
 * requests. One writer connection, owned by the loop's thread; all of libpq is in this folder.
 *
 * A turn is: store_begin, statements, store_append and store_advance in any order, store_commit. After any
 * failure call store_rollback. A lost connection is opened again by the next store_begin, or by the next
 * question asked between turns: store_timers_due, store_timer_next, store_effects, store_requests_find and
 * store_dead_due need no turn and then cost one round trip. The strings of the configuration must outlive
 * the store. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <poll.h>

#include "bus/arena.h"
#include "bus/db.h"
#include "bus/header.h"
#include "bus/status.h"

struct store;

struct store_config {
    const char *service;  /* schema and stream name */
    const char *conninfo; /* libpq; the role owns the schema and nothing else */
    const char *password; /* or NULL */
    const struct bus_sql *const *statements;
    const struct bus_migration *migrations;
    struct bus_id instance; /* of this process: who holds the lease */
    int lease_ms;           /* how long a silent owner keeps it: 5000 */
    int64_t log_partition;  /* events in a partition of the log made from now on */
};

/* The fence row, as it is known to stand in the database. */
struct store_head {
    int64_t epoch;  /* raised whenever an older backup is put back, to one that the stream never had */
    int64_t writer; /* of instance and epoch: no two processes that ever wrote this stream share it, and no
                     * two histories of it */
    int64_t last_seq;
    int64_t first_seq;
    int64_t turn; /* counts commits: the fence */
    /* The last owner did not say goodbye: something it handled may have killed it. */
    bool unclean;
};

/* Read position in a followed stream. */
struct store_position {
    const char *stream;
    int64_t epoch; /* 0: never read */
    int64_t seq;
    const char *event_id; /* of the event at `seq`; "" at 0 */
};

/* How time runs here; kept in the database so that a restart keeps it. */
enum store_clock_mode { STORE_CLOCK_WALL, STORE_CLOCK_CONDUCTED, STORE_CLOCK_OFFSET };
struct store_clock {
    enum store_clock_mode mode;
    int64_t now_us;    /* the latest moment of a commit; CONDUCTED: of the last step */
    int64_t offset_us; /* OFFSET: added to the wall clock */
};

/* Connects, migrates (bus tables, then the service's), takes the lease, ends with the state of the fence row.
 * BUS_RETRY: database away. BUS_CONFLICT: another process holds the lease (BUS-OWNED). BUS_BUG: a migration
 * was changed or fails. Callable again after BUS_RETRY or BUS_CONFLICT. */
BUS_CHECKED enum bus_status store_open(const struct store_config *config, struct store **ret_store,
                                       struct bus_error *err);
/* Marks the shutdown as clean, releases the lease. */
void store_close(struct store **self_p);

const struct store_head *store_head_get(const struct store *self);
BUS_CHECKED enum bus_status store_positions(struct store *self, struct bus_arena *arena,
                                            struct store_position **ret, size_t *ret_n,
                                            struct bus_error *err);
BUS_CHECKED enum bus_status store_clock_get(struct store *self, struct store_clock *ret,
                                            struct bus_error *err);

/* Whoever waits for the database would wait alone: called once it has left what was asked unanswered for
 * STORE_SILENT_MS, in the place of poll(), until the socket has what is asked for (true) or `ms` have passed
 * (false: the connection counts as lost). `what`: the statement whose answer comes next. It may ask about the
 * store, and nothing of it. */
#ifndef STORE_SILENT_MS /* shorter in the simulation */
#define STORE_SILENT_MS 1000
#endif
typedef bool store_silent_fn(void *context, struct pollfd *socket, const char *what, int ms);
void store_on_silence(struct store *self, store_silent_fn *silent, void *context);

/* ---- one turn */

/* Reconnects if the connection was lost (lease and fence are checked again: BUS_BUG with BUS-FENCED when
 * another process has taken over). */
BUS_CHECKED enum bus_status store_begin(struct store *self, struct bus_error *err);
/* Relaxed: commits stand, but the last moments of them may be lost when the database crashes; the first
 * commit after them that is not relaxed takes all of them to the disk. The turn at hand: who calls it answers
 * for that it can be done again, and that nobody is told before it is on the disk. */
void store_relax_turn(struct store *self);
/* All turns, or no longer: only while a log is replayed, which can be done again as a whole. */
void store_relax(struct store *self, bool relaxed);
struct bus_db *store_db(struct store *self); /* valid between begin and commit */
/* Whether a turn is begun. One that was begun behind a commit does not outlive the session it was sent by. */
bool store_in_turn(const struct store *self);
/* Statements given to bus_exec since begin: whether a handler that failed had already written something. */
uint64_t store_writes(const struct store *self);
/* Whether the open transaction has failed already, so that only a rollback can follow. */
bool store_failed(const struct store *self);
/* Whether it failed because the database is away, so that no statement is to blame. */
bool store_away(const struct store *self);

/* The last event of this stream, with those of this turn and of one whose commit is under way. */
int64_t store_last_seq(const struct store *self);
/* Two pages of the database, which become one by compression: a run is no larger, and so has fewer events
 * than that. A larger event is a run of its own. */
#ifndef STORE_RUN_BYTES /* small in the simulation */
#define STORE_RUN_BYTES 16000
#endif
struct store_run { /* one log row: events said and commands recorded, one after the other (wire/run.h) */
    int64_t from, to;
    struct bus_bytes events;
};
void store_append(struct store *self, const struct store_run *run); /* copies; goes on where the last ended */
void store_advance(struct store *self,
                   const struct store_position *position); /* the last call per stream wins */
void store_clock_set(struct store *self, const struct store_clock *clock);

struct store_timer {
    const char *name;
    const char *key;
    int64_t due_us;
    const char *correlationid; /* of the message that set it, or NULL */
};
/* Sets or (due_us 0) clears. Takes effect for store_timers_due within the same transaction. */
BUS_CHECKED enum bus_status store_timer_put(struct store *self, const struct store_timer *timer,
                                            struct bus_error *err);
/* Timers due at `now_us`, at most `max`, by (due, name, key). Pending timer writes are seen. */
BUS_CHECKED enum bus_status store_timers_due(struct store *self, int64_t now_us, int max,
                                             struct bus_arena *arena, struct store_timer **ret, size_t *ret_n,
                                             struct bus_error *err);
/* When this one is due, 0 when there is none; pending timer writes are seen. */
BUS_CHECKED enum bus_status store_timer_get(struct store *self, const char *name, const char *key,
                                            int64_t *ret_due_us, struct bus_error *err);
/* The earliest due time, INT64_MAX when there is none. */
BUS_CHECKED enum bus_status store_timer_next(struct store *self, int64_t *ret_due_us, struct bus_error *err);

struct store_effect {
    const char *name;
    const char *key;
    struct bus_bytes payload;
    struct bus_bytes header; /* of the message that asked for it */
};
BUS_CHECKED enum bus_status store_effect_put(struct store *self, const struct store_effect *effect,
                                             struct bus_error *err);
BUS_CHECKED enum bus_status store_effect_remove(struct store *self, const char *name, const char *key,
                                                struct bus_error *err);
BUS_CHECKED enum bus_status store_effects(struct store *self, struct bus_arena *arena,
                                          struct store_effect **ret, size_t *ret_n, struct bus_error *err);

/* Requests already answered, by key "<caller>/<idempotency key>". `digest` is of the request's content, to
 * tell a repetition from a reuse. */
struct store_request {
    const char *key;
    struct bus_bytes digest;
    struct bus_bytes reply; /* the reply frames as they were sent, packed by the caller */
    int64_t time_us;
};
/* Asks the database only about keys that it may know: a command's first arrival costs no round trip. */
BUS_CHECKED enum bus_status store_requests_find(struct store *self, const char *const *keys, size_t n,
                                                struct bus_arena *arena, struct store_request **ret,
                                                size_t *ret_n, struct bus_error *err);
BUS_CHECKED enum bus_status store_request_put(struct store *self, const struct store_request *request,
                                              struct bus_error *err);
/* Inside a turn: forgets the oldest 5,000 answers given before this time; `ret_more`: there are others. */
BUS_CHECKED enum bus_status store_requests_trim(struct store *self, int64_t before_us, bool *ret_more,
                                                struct bus_error *err);

/* Inside a turn: drops the log's oldest partitions that were written before this time and that every reader
 * known by its position has read past; *ret_first is the first event that is kept, and after the commit
 * store_head_get() has it. */
BUS_CHECKED enum bus_status store_log_trim(struct store *self, int64_t before_us, int64_t *ret_first,
                                           struct bus_error *err);

/* Commits with the fence. BUS_OK: all of it stands, store_head_get() has moved. BUS_RETRY: none of it stands;
 * with code BUS-UNKNOWN the reply was lost and the database is away: call store_resolve. BUS_INVALID: a
 * statement failed for what this message holds (SQLSTATE 22, 23). BUS_BUG: BUS-FENCED, or a wrong statement.
 */
BUS_CHECKED enum bus_status store_commit(struct store *self, struct bus_error *err);
/* The same in two halves. Between them the next turn may be begun: it sees what this one did, and is lost
 * with it. No more than that: questions outside of turns and the next turn's own commit wait until this one
 * is waited for. A failure to send is one of a statement; nothing was committed then. */
BUS_CHECKED enum bus_status store_commit_send(struct store *self, struct bus_error *err);
BUS_CHECKED enum bus_status store_commit_wait(struct store *self, struct bus_error *err);
/* For who has more to wait for than its answer: the descriptor by which that comes, or -1 when there is none
 * to come; to be called when something is there to be read; and whether what became of it is known by now, so
 * that waiting for it takes no time. */
int store_commit_fd(const struct store *self);
void store_commit_look(struct store *self);
bool store_commit_known(const struct store *self);
/* Whether it is already known to stand. */
bool store_commit_stands(const struct store *self);
/* After BUS-UNKNOWN: whether the last commit stands. BUS_RETRY while the database is away. */
BUS_CHECKED enum bus_status store_resolve(struct store *self, bool *ret_committed, struct bus_error *err);
void store_rollback(struct store *self);
/* Renews the lease when nothing was committed for a while. */
BUS_CHECKED enum bus_status store_beat(struct store *self, struct bus_error *err);
/* For an answer that nothing is committed for, inside or outside of a turn: whether this process still owns
 * the stream, so that what it knows is all that was done until now. Costs a round trip, and no write. */
BUS_CHECKED enum bus_status store_confirm(struct store *self, struct bus_error *err);

/* ---- the readers of our stream: what they told, kept outside of turns */

struct store_reader_position {
    const char *reader;
    int64_t seq;
    int64_t at_us;
};
BUS_CHECKED enum bus_status store_reader_positions(struct store *self, struct bus_arena *arena,
                                                   struct store_reader_position **ret, size_t *ret_n,
                                                   struct bus_error *err);
BUS_CHECKED enum bus_status store_reader_positions_put(struct store *self,
                                                       const struct store_reader_position *positions,
                                                       size_t n, struct bus_error *err);

/* Inside a turn: the log is not kept for this reader any more, until it tells where it is again. */
BUS_CHECKED enum bus_status store_reader_forget(struct store *self, const char *reader,
                                                struct bus_error *err);

/* ---- attempts and dead letters */

/* Counts an attempt in a transaction of its own, so that a crash cannot undo it; *ret_n is the count. It is
 * not fenced: one that hung and lands late counts an attempt that was never made, and what kills us is given
 * up that much sooner. */
BUS_CHECKED enum bus_status store_attempt(struct store *self, const char *source, int64_t seq, int *ret_n,
                                          struct bus_error *err);
/* Whether any are counted, as of the start. */
bool store_has_attempts(const struct store *self);
/* Inside a turn: forgets the attempts of `source` up to `seq`. A stream's are forgotten by themselves when
 * its position moves past them. */
BUS_CHECKED enum bus_status store_attempt_clear(struct store *self, const char *source, int64_t seq,
                                                struct bus_error *err);
/* Inside a turn: forgets what was counted under names that begin with a slash. */
BUS_CHECKED enum bus_status store_attempts_forget(struct store *self, struct bus_error *err);

struct store_dead {
    const char *source; /* stream, or "timer", "effect" */
    int64_t seq;        /* 0 for timers and effects */
    const char *event_id;
    const char *subject; /* later messages of the same source and subject park behind it; NULL: none do */
    const char *type;
    struct bus_bytes header;
    struct bus_bytes data;
    const char *state; /* "parked" (cause), "behind" (waits for its subject), "retrying" */
    const char *error;
    const char *fingerprint; /* equal for equal causes: type and error with ids and numbers taken out */
    int attempts;
    int64_t next_us; /* "retrying": when to try again; 0 otherwise */
    int64_t first_us, last_us;
    const char *note; /* why it was dropped */
};
/* Inside a turn. */
BUS_CHECKED enum bus_status store_dead_put(struct store *self, const struct store_dead *dead,
                                           struct bus_error *err);
BUS_CHECKED enum bus_status store_dead_remove(struct store *self, const char *source, int64_t seq,
                                              const char *event_id, struct bus_error *err);
/* The next one of what waited for this subject is to be tried at `now_us`. */
BUS_CHECKED enum bus_status store_dead_pass_on(struct store *self, const char *source, const char *subject,
                                               int64_t now_us, struct bus_error *err);
/* Those to be tried again by now, at most `max`, the longest due first. */
BUS_CHECKED enum bus_status store_dead_due(struct store *self, int64_t now_us, int max,
                                           struct bus_arena *arena, struct store_dead **ret, size_t *ret_n,
                                           struct bus_error *err);
/* When the next one is to be tried again, INT64_MAX when none is. */
BUS_CHECKED enum bus_status store_dead_next(struct store *self, int64_t *ret_us, struct bus_error *err);
/* ---- dead letters as an operator sees them */

struct store_dead_key {
    const char *source;
    int64_t seq;
    const char *event_id;
};
/* Those after `after` in the order of their keys, at most `max`, without header, data and note. */
BUS_CHECKED enum bus_status store_dead_page(struct store *self, const struct store_dead_key *after, int max,
                                            struct bus_arena *arena, struct store_dead **ret, size_t *ret_n,
                                            struct bus_error *err);
/* One of them whole; *ret is NULL when there is none. */
BUS_CHECKED enum bus_status store_dead_find(struct store *self, const struct store_dead_key *key,
                                            struct bus_arena *arena, const struct store_dead **ret,
                                            struct bus_error *err);

struct store_dead_group { /* of one fingerprint, with what waits behind it */
    const char *fingerprint;
    int64_t n, behind;
    int64_t first_us, last_us;
    const char *example; /* an event id */
};
/* The largest first, at most `max`. */
BUS_CHECKED enum bus_status store_dead_groups(struct store *self, int max, struct bus_arena *arena,
                                              struct store_dead_group **ret, size_t *ret_n,
                                              struct bus_error *err);

/* One dead letter, the causes of one fingerprint, or (both NULL) all. */
struct store_dead_choice {
    const struct store_dead_key *key;
    const char *fingerprint;
};
/* Inside a turn: due at once, except those that wait behind another; *ret_n of them. */
BUS_CHECKED enum bus_status store_dead_retry(struct store *self, const struct store_dead_choice *choice,
                                             int64_t now_us, int64_t *ret_n, struct bus_error *err);
/* Inside a turn: given up, and emptied; what waited behind them alone is due at once. */
BUS_CHECKED enum bus_status store_dead_drop(struct store *self, const struct store_dead_choice *choice,
                                            int64_t now_us, const char *note, struct bus_arena *arena,
                                            int64_t *ret_n, struct bus_error *err);

/* Inside a turn: forgets those that were given up before this time. */
BUS_CHECKED enum bus_status store_dead_trim(struct store *self, int64_t before_us, struct bus_error *err);
/* Whether (source, subject) has something parked: answered from memory, loaded at open. After a rollback that
 * took dead letters back, right again from the next store_begin on. */
bool store_dead_blocks(const struct store *self, const char *source, const char *subject);
/* Whether it is still there, and not given up: likewise. */
bool store_dead_stands(const struct store *self, const struct store_dead *dead);
size_t store_dead_count(const struct store *self);

/* Whether a thread of this process is still trying to reach the database. Nobody waits for it, so the process
 * has to leave by _exit: exit() takes from under it what its libraries hold. */
bool store_dialling(void);

/* ---- the reader: a second, read-only connection with a thread of its own */

struct store_reader;
BUS_CHECKED enum bus_status store_reader_open(const struct store_config *config, struct store_reader **ret,
                                              struct bus_error *err);
void store_reader_close(struct store_reader **self_p);
/* A read-only transaction for one query; reconnects if it must. */
BUS_CHECKED enum bus_status store_reader_begin(struct store_reader *self, struct bus_db **ret_db,
                                               struct bus_error *err);
void store_reader_end(struct store_reader *self);
/* From now on all of its reads see what stands now; not any more, where `ms` is 0. After so long without any
 * the server may end it: what stands for ever keeps it from tidying up. BUS_RETRY from a read whose session
 * was lost meanwhile. */
BUS_CHECKED enum bus_status store_reader_hold(struct store_reader *self, int64_t ms, struct bus_error *err);

struct store_batch {
    int64_t first_seq, head_seq;
    int64_t epoch;  /* the log's; after its last event the one that this was written in */
    int64_t writer; /* who wrote last, by the same rows: store_head's; nobody's after a release */
    struct store_run run;
};
/* The events after `after`, up to max_n and about max_bytes, as one run, 0 to 0 when there are none; after
 * STORE_END none, with the head. BUS_NOT_FOUND when trimmed, or when the event at `after` is and nothing
 * tells whether it is the one that was written in this epoch (0: it is not told); BUS_CONFLICT when it is
 * not, or lies beyond the head. */
#define STORE_END (-1)
BUS_CHECKED enum bus_status store_reader_fetch(struct store_reader *self, int64_t epoch, int64_t after,
                                               int max_n, size_t max_bytes, struct bus_arena *arena,
                                               struct store_batch *ret, struct bus_error *err);
/* The event id at `seq`, and the head. NULL: there is no such event, or none that could have been read when
 * `epoch` was the stream's (0: it is not told). RETRY also when it was trimmed meanwhile. For HELLO. */
BUS_CHECKED enum bus_status store_reader_check(struct store_reader *self, int64_t epoch, int64_t seq,
                                               struct bus_arena *arena, const char **ret_event_id,
                                               struct store_batch *ret_head, struct bus_error *err);
/* One hash over the service's tables (rows as text in order of themselves; tables whose comment starts with
 * "private" or "volatile" are left out) and its log's events, as 64 hex digits. */
BUS_CHECKED enum bus_status store_reader_state_hash(struct store_reader *self, struct bus_arena *arena,
                                                    const char **ret_hex, struct bus_error *err);
/* The same per table, the log under "event_log". */
BUS_CHECKED enum bus_status store_reader_table_hashes(struct store_reader *self, struct bus_arena *arena,
                                                      const char *const **ret_tables,
                                                      const char *const **ret_hexes, size_t *ret_n,
                                                      struct bus_error *err);

#endif
