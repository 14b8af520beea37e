/* A turn: begin, append, advance, commit; and finding out what became of a commit whose answer was lost. */
#include <stdlib.h>
#include <string.h>

#include "sql/bus.h"
#include "store/bulk.h"
#include "store/session.h"

enum bus_status store_begin(struct store *self, struct bus_error *err)
{
    if (self->unknown) /* who resolves it tries until it knows, or learns that it is too late */
        return store_taken_over(self, err);
    if (self->db->in_turn)
        return bus_fail(err, BUS_BUG, "a turn was begun before the last one was rolled back");
    enum bus_status status = self->under_way ? BUS_OK : store_session(self, NULL, err);
    if (status == BUS_OK)
        status = db_begin(self->db, DB_BEGIN, err);
    if (status != BUS_OK)
        return status;
    if (self->relaxed)
        db_command(self->db, DB_RELAX);
    return BUS_OK;
}

void store_relax(struct store *self, bool relaxed)
{
    self->relaxed = relaxed;
}

void store_relax_turn(struct store *self)
{
    if (!self->relaxed)
        db_command(self->db, DB_RELAX);
}

struct bus_db *store_db(struct store *self)
{
    return self->db;
}

bool store_in_turn(const struct store *self)
{
    return self->db->in_turn;
}

uint64_t store_writes(const struct store *self)
{
    return self->db->writes;
}

bool store_failed(const struct store *self)
{
    return self->db->now.failed || self->db->lost;
}

bool store_away(const struct store *self)
{
    return self->db->now.away || self->db->lost;
}

int64_t store_last_seq(const struct store *self)
{
    return self->at.head.last_seq + self->appended;
}

void store_append(struct store *self, const struct store_run *run)
{
    if (self->db->now.failed || !self->db->in_turn)
        return;
    if (run->from != store_last_seq(self) + 1 || run->to < run->from) {
        struct bus_error error = {0};
        (void)bus_fail(&error, BUS_BUG, "events %lld to %lld were appended after %lld", (long long)run->from,
                       (long long)run->to, (long long)store_last_seq(self));
        pipeline_fail(self->db, &error);
        return;
    }
    int64_t n = run->to - run->from + 1, partition = self->config.log_partition;
    self->appended += n;
    if (run->to > self->new_room_until - partition / 2) {
        int64_t upto = run->to + partition;
        db_queue(self->db, &bus_log_room, PENDING_STATEMENT,
                 (const struct bus_value[]){BUS_INT(upto), BUS_INT(partition)}, 2);
        self->new_room_until = upto;
    }
    /* A failure to gather stays in the connection and fails the commit. */
    const struct bus_value values[] = {BUS_INT(run->to), BUS_INT(n), BUS_BYTES(run->events)};
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
    for (size_t i = 0; i < self->at.places_n; i++)
        if (strcmp(self->at.places[i].stream, stream) == 0)
            return &self->at.places[i];
    struct place *grown = realloc(self->at.places, (self->at.places_n + 1) * sizeof(*grown));
    if (!grown)
        bus_die("out of memory: no room for a read position");
    self->at.places = grown;
    struct place *place = &grown[self->at.places_n++];
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
}

static int by_stream(const void *a, const void *b)
{
    return strcmp((*(const struct place *const *)a)->stream, (*(const struct place *const *)b)->stream);
}

/* Moves the head, the clock and the positions, which are one row, and fails the transaction when somebody
 * else has moved the turn; so the positions, which only a turn moves, are ours to write unseen. By their
 * names: in which order streams were first read is a matter of time. */
static void queue_fence(struct store *self)
{
    size_t n = self->at.places_n, room = n + 1;
    const struct place *places[room];
    const char *streams[room], *ids[room];
    int64_t epochs[room], seqs[room];
    for (size_t i = 0; i < n; i++)
        places[i] = &self->at.places[i];
    qsort(places, n, sizeof(places[0]), by_stream);
    for (size_t i = 0; i < n; i++) {
        const struct place *place = places[i];
        streams[i] = place->stream;
        ids[i] = place->moved ? place->new_event_id : place->event_id;
        epochs[i] = place->moved ? place->new_epoch : place->epoch;
        seqs[i] = place->moved ? place->new_seq : place->seq;
        if (place->moved && self->has_attempts)
            db_queue(self->db, &bus_attempt_clear, PENDING_STATEMENT,
                     (const struct bus_value[]){BUS_TEXT(place->stream), BUS_INT(place->new_seq)}, 2);
    }
    const struct bus_value values[] = {BUS_INT(self->at.head.turn),
                                       BUS_INT(self->lease_epoch),
                                       BUS_INT(store_last_seq(self)),
                                       BUS_INT(self->config.lease_ms),
                                       BUS_INT((int64_t)self->new_clock.mode),
                                       BUS_INT(self->new_clock.now_us),
                                       BUS_INT(self->new_clock.offset_us),
                                       BUS_TEXTS(streams, n),
                                       BUS_INTS(epochs, n),
                                       BUS_INTS(seqs, n),
                                       BUS_TEXTS(ids, n)};
    db_queue(self->db, &bus_advance, PENDING_FENCE, values, sizeof(values) / sizeof(values[0]));
}

static void forget_turn(struct store *self)
{
    for (size_t i = 0; i < self->at.places_n; i++)
        self->at.places[i].moved = false;
    /* A stream that was never read before this turn stays unread. */
    while (self->at.places_n > 0 && self->at.places[self->at.places_n - 1].epoch == 0)
        self->at.places_n--;
    self->new_room_until = self->at.room_until;
    self->new_first_seq = 0;
    self->new_clock = self->at.clock;
    self->appended = 0;
}

static void remember(struct store *self)
{
    struct place *places = self->before.places;
    places = realloc(places, (self->at.places_n + 1) * sizeof(*places));
    if (!places)
        bus_die("out of memory: no room for %zu read positions", self->at.places_n);
    if (self->at.places_n > 0)
        memcpy(places, self->at.places, self->at.places_n * sizeof(*places));
    self->before = self->at;
    self->before.places = places;
}

/* `before` is never larger than `at` has room for. */
static void go_back(struct store *self)
{
    struct place *places = self->at.places;
    if (self->before.places_n > 0)
        memcpy(places, self->before.places, self->before.places_n * sizeof(*places));
    self->at = self->before;
    self->at.places = places;
    forget_turn(self);
}

/* What the turn moved counts as moved. */
static void go_on(struct store *self)
{
    for (size_t i = 0; i < self->at.places_n; i++) {
        struct place *place = &self->at.places[i];
        if (!place->moved)
            continue;
        place->epoch = place->new_epoch;
        place->seq = place->new_seq;
        memcpy(place->event_id, place->new_event_id, sizeof(place->event_id));
    }
    struct store_head *head = &self->at.head;
    head->turn++;
    head->last_seq += self->appended;
    head->first_seq = self->new_first_seq > 0 ? self->new_first_seq : head->first_seq;
    self->at.room_until = self->new_room_until;
    self->at.clock = self->new_clock;
    forget_turn(self);
}

void store_rollback(struct store *self)
{
    if (self->unknown)
        return; /* store_resolve() still needs to know what the turn did */
    db_rollback(self->db);
    forget_turn(self);
}

/* Taking the lease again ends the old session and waits for its commit: after that the turn tells. What was
 * begun behind that commit is gone with the session. */
static enum bus_status settle(struct store *self, bool *ret_committed, struct bus_error *err)
{
    int64_t turn, before = self->before.head.turn;
    db_disconnect(self->db);
    enum bus_status status = store_session(self, &turn, err);
    if (status != BUS_OK)
        return status;
    *ret_committed = turn == before + 1;
    forget_turn(self);
    if (!*ret_committed)
        go_back(self);
    self->unknown = false;
    if (*ret_committed || turn == before)
        return BUS_OK;
    db_disconnect(self->db); /* so that store_session() tells whoever asks next, too */
    return store_elsewhere(self, turn, before, err);
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

enum bus_status store_commit_send(struct store *self, struct bus_error *err)
{
    struct bus_db *db = self->db;
    if (!db->in_turn || self->under_way)
        return bus_fail(err, BUS_BUG, "a commit without a turn, or before the last one was waited for");
    bulk_flush(db, false);
    queue_fence(self);
    enum bus_status status = db_commit_send(db, err);
    if (status != BUS_OK)
        return status;
    remember(self);
    go_on(self);
    self->under_way = true;
    self->dead_sent = self->dead_touched;
    self->dead_touched = false;
    return BUS_OK;
}

int store_commit_fd(const struct store *self)
{
    return db_commit_fd(self->db);
}

void store_commit_look(struct store *self)
{
    db_commit_look(self->db);
}

bool store_commit_known(const struct store *self)
{
    return self->under_way && !self->db->under_way;
}

bool store_commit_stands(const struct store *self)
{
    return self->under_way && self->db->sent.committed;
}

enum bus_status store_commit_wait(struct store *self, struct bus_error *err)
{
    struct bus_db *db = self->db;
    if (!self->under_way)
        return bus_fail(err, BUS_BUG, "there is no commit to wait for");
    enum bus_status status = db_commit_wait(db, err);
    self->under_way = false;
    if (status == BUS_OK)
        return BUS_OK;
    self->dead_touched = self->dead_touched || self->dead_sent;
    if (db->lost && !db->sent.refused)
        return settle_at_once(self, err);
    go_back(self);
    return status;
}

enum bus_status store_commit(struct store *self, struct bus_error *err)
{
    enum bus_status status = store_commit_send(self, err);
    return status == BUS_OK ? store_commit_wait(self, err) : status;
}
