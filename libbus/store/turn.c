/* A turn: begin, append, advance, commit; and finding out what became of a commit whose answer was lost. */
#include <stdlib.h>
#include <string.h>

#include "sql/bus.h"
#include "store/bulk.h"
#include "store/session.h"

enum bus_status store_begin(struct store *self, struct bus_error *err)
{
    if (self->unknown || self->db->in_turn)
        return bus_fail(err, BUS_BUG, "a turn was begun before the last one was resolved or rolled back");
    enum bus_status status = store_session(self, NULL, err);
    if (status != BUS_OK)
        return status;
    db_begin(self->db, DB_BEGIN);
    /* Holds for the session once this turn is committed. */
    if (self->relaxed != self->db->relaxed)
        db_command(self->db, self->relaxed ? DB_RELAX : DB_NOT_RELAX);
    return BUS_OK;
}

void store_relax(struct store *self, bool relaxed)
{
    self->relaxed = relaxed;
}

struct bus_db *store_db(struct store *self)
{
    return self->db;
}

uint64_t store_writes(const struct store *self)
{
    return self->db->writes;
}

bool store_failed(const struct store *self)
{
    return self->db->failed || self->db->lost;
}

bool store_away(const struct store *self)
{
    return self->db->away || self->db->lost;
}

void store_append(struct store *self, const struct store_event *event)
{
    if (self->db->failed || !self->db->in_turn)
        return;
    if (event->seq != self->head.last_seq + self->appended + 1) {
        struct bus_error error = {0};
        (void)bus_fail(&error, BUS_BUG, "event %lld was appended after %lld", (long long)event->seq,
                       (long long)(self->head.last_seq + self->appended));
        pipeline_fail(self->db, &error);
        return;
    }
    self->appended++;
    int64_t partition = self->config.log_partition;
    if (event->seq > self->new_room_until - partition / 2) {
        int64_t upto = event->seq + partition;
        db_queue(self->db, &bus_log_room, PENDING_STATEMENT,
                 (const struct bus_value[]){BUS_INT(upto), BUS_INT(partition)}, 2);
        self->new_room_until = upto;
    }
    /* A failure to gather stays in the connection and fails the commit. */
    const struct bus_value values[] = {BUS_INT(event->seq),
                                       BUS_TEXT(event->event_id),
                                       BUS_BYTES(event->header),
                                       BUS_BYTES(event->data),
                                       {.kind = BUS_VALUE_TIME, .as.integer = event->time_us}};
    db_ignore(bulk_add(self->db, &bus_log_append, values, sizeof(values) / sizeof(values[0]), NULL));
}

static void copy_name(char *to, size_t size, const char *from)
{
    size_t n = strlen(from);
    if (n >= size)
        bus_die("a stream or event id of %zu characters; the most is %zu", n, size - 1);
    memcpy(to, from, n + 1);
}

static struct place *place_of(struct store *self, const char *stream)
{
    for (size_t i = 0; i < self->places_n; i++)
        if (strcmp(self->places[i].stream, stream) == 0)
            return &self->places[i];
    struct place *grown = realloc(self->places, (self->places_n + 1) * sizeof(*grown));
    if (!grown)
        bus_die("out of memory: no room for a read position");
    self->places = grown;
    struct place *place = &grown[self->places_n++];
    memset(place, 0, sizeof(*place));
    copy_name(place->stream, sizeof(place->stream), stream);
    return place;
}

void store_advance(struct store *self, const struct store_position *position)
{
    struct place *place = place_of(self, position->stream);
    place->new_epoch = position->epoch;
    place->new_seq = position->seq;
    copy_name(place->new_event_id, sizeof(place->new_event_id), position->event_id ? position->event_id : "");
    place->moved = true;
}

void store_clock_set(struct store *self, const struct store_clock *clock)
{
    self->new_clock = *clock;
    self->clock_moved = true;
}

/* Moves the head and the positions, and fails the transaction when somebody else has. */
static void queue_fence(struct store *self)
{
    size_t n = 0, room = self->places_n + 1;
    const char *streams[room], *ids[room];
    int64_t old_epochs[room], old_seqs[room], epochs[room], seqs[room];
    for (size_t i = 0; i < self->places_n; i++) {
        const struct place *place = &self->places[i];
        if (!place->moved)
            continue;
        streams[n] = place->stream;
        ids[n] = place->new_event_id;
        old_epochs[n] = place->epoch;
        old_seqs[n] = place->seq;
        epochs[n] = place->new_epoch;
        seqs[n++] = place->new_seq;
        if (self->has_attempts)
            db_queue(self->db, &bus_attempt_clear, PENDING_STATEMENT,
                     (const struct bus_value[]){BUS_TEXT(place->stream), BUS_INT(place->new_seq)}, 2);
    }
    const struct bus_value values[] = {BUS_INT(self->head.turn),
                                       BUS_INT(self->lease_epoch),
                                       BUS_INT(self->head.last_seq + self->appended),
                                       BUS_INT(self->config.lease_ms),
                                       BUS_TEXTS(streams, n),
                                       BUS_INTS(old_epochs, n),
                                       BUS_INTS(old_seqs, n),
                                       BUS_INTS(epochs, n),
                                       BUS_INTS(seqs, n),
                                       BUS_TEXTS(ids, n)};
    db_queue(self->db, &bus_advance, PENDING_STATEMENT, values, sizeof(values) / sizeof(values[0]));
}

/* The turn is over: what it changed holds, or is forgotten. */
static void end_turn(struct store *self, bool committed)
{
    for (size_t i = 0; i < self->places_n; i++) {
        struct place *place = &self->places[i];
        if (committed && place->moved) {
            place->epoch = place->new_epoch;
            place->seq = place->new_seq;
            memcpy(place->event_id, place->new_event_id, sizeof(place->event_id));
        }
        place->moved = false;
    }
    /* A stream that was never read before this turn stays unread: it has no row to be compared with. */
    while (self->places_n > 0 && self->places[self->places_n - 1].epoch == 0)
        self->places_n--;
    if (committed) {
        self->head.turn++;
        self->head.last_seq += self->appended;
        self->room_until = self->new_room_until;
        self->head.first_seq = self->new_first_seq > 0 ? self->new_first_seq : self->head.first_seq;
        self->clock = self->clock_moved ? self->new_clock : self->clock;
        self->dead_touched = false;
    }
    self->new_room_until = self->room_until;
    self->new_first_seq = 0;
    self->appended = 0;
    self->clock_moved = false;
    self->unknown = false;
}

void store_rollback(struct store *self)
{
    if (self->unknown)
        return; /* store_resolve() still needs to know what the turn did */
    db_rollback(self->db);
    end_turn(self, false);
}

/* Taking the lease again ends the old session and waits for its commit: after that the turn tells. */
static enum bus_status settle(struct store *self, bool *ret_committed, struct bus_error *err)
{
    int64_t turn;
    db_disconnect(self->db);
    enum bus_status status = store_session(self, &turn, err);
    if (status != BUS_OK)
        return status;
    if (turn != self->head.turn && turn != self->head.turn + 1)
        return bus_fail_code(err, BUS_BUG, "BUS-FENCED",
                             "stream %s is at turn %lld, not %lld: another process wrote",
                             self->config.service, (long long)turn, (long long)self->head.turn);
    *ret_committed = turn == self->head.turn + 1;
    end_turn(self, *ret_committed);
    return BUS_OK;
}

enum bus_status store_resolve(struct store *self, bool *ret_committed, struct bus_error *err)
{
    if (!self->unknown)
        return bus_fail(err, BUS_BUG, "there is no commit to resolve");
    return settle(self, ret_committed, err);
}

/* A connection that broke is often followed by one that works. */
static enum bus_status settle_at_once(struct store *self, struct bus_error *err)
{
    bool committed = false;
    self->unknown = true;
    enum bus_status status = settle(self, &committed, err);
    if (status == BUS_RETRY)
        return bus_fail_code(err, BUS_RETRY, "BUS-UNKNOWN",
                             "the connection was lost during the commit, and the database is away");
    if (status == BUS_OK && !committed)
        return bus_fail(err, BUS_RETRY,
                        "the connection was lost during the commit, and nothing was committed");
    return status;
}

enum bus_status store_commit(struct store *self, struct bus_error *err)
{
    struct bus_db *db = self->db;
    if (!db->in_turn)
        return bus_fail(err, BUS_BUG, "a commit without a turn");
    bulk_flush(db, false);
    queue_fence(self);
    if (self->clock_moved)
        db_queue(db, &bus_clock_set, PENDING_STATEMENT,
                 (const struct bus_value[]){BUS_INT((int64_t)self->new_clock.mode),
                                            BUS_INT(self->new_clock.now_us),
                                            BUS_INT(self->new_clock.offset_us)},
                 3);
    enum bus_status status = db_commit(db, err);
    if (status == BUS_OK) {
        db->relaxed = self->relaxed;
        end_turn(self, true);
    } else if (db->lost && !db->refused) {
        status = settle_at_once(self, err);
    }
    return status;
}
