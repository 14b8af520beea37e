/* What a store holds in memory. Private to this folder and its tests. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include <endian.h>
#include <string.h>

#include "store/answered.h"
#include "store/connection.h"
#include "store/dead_index.h"
#include "store/store.h"

/* A read position, as committed and as this turn moves it. */
struct place {
    char stream[64];
    char event_id[132], new_event_id[132];
    int64_t epoch, new_epoch;
    int64_t seq, new_seq;
    bool moved;
};

/* What a turn moves. */
struct progress {
    struct store_head head;
    int64_t room_until; /* the log's partitions reach this seq */
    struct place *places;
    size_t places_n;
    struct store_clock clock;
};

struct store {
    struct store_config config;
    struct bus_db *db;
    int64_t lease_epoch;
    struct progress at;     /* where the next turn begins: a COMMIT under way counts as done */
    struct progress before; /* what is known to be committed, while one is under way or its outcome unknown */
    bool under_way;         /* a COMMIT was sent and not waited for yet */
    bool unknown;           /* whether the last commit stands is not known */

    /* The turn at hand, besides `moved` in the places. */
    int64_t new_room_until;
    int64_t new_first_seq; /* it has trimmed the log up to here; 0: it has not */
    struct store_clock new_clock;
    int64_t appended;
    bool has_attempts;
    struct dead_index *dead;
    bool dead_touched; /* the index has changes of this turn */
    bool dead_sent;    /* and of the one that is under way */
    struct answered *answered;
    bool relaxed; /* commits need not reach the disk at once */
};

/* Who writes, on the wire: the random half of the instance's id, and the epoch, as a process that tries again
 * to start may have had the lease in an earlier one. A positive number. */
static inline int64_t store_writer(struct bus_id instance, int64_t epoch)
{
    uint64_t bits;
    memcpy(&bits, instance.bytes + 8, sizeof(bits));
    return (int64_t)((be64toh(bits) ^ (uint64_t)epoch) & INT64_MAX);
}

/* Migrates one module up to `limit` (0: all), under the lease when `lease_epoch` is not 0. */
BUS_CHECKED enum bus_status store_migrate(struct bus_db *db, const char *module,
                                          const struct bus_migration *migrations, int limit,
                                          int64_t lease_epoch, struct bus_error *err);
/* Reads what is kept in memory: positions, clock, dead letters, keys of answered requests, whether there
 * are attempts. */
BUS_CHECKED enum bus_status store_load(struct store *self, struct bus_error *err);
BUS_CHECKED enum bus_status store_load_dead(struct store *self, struct bus_error *err);
/* Takes the lease, or takes it `again` after a loss; *ret_turn is the turn that the database is at. */
BUS_CHECKED enum bus_status store_take_lease(struct store *self, bool again, int64_t *ret_turn,
                                             struct bus_error *err);
/* Fails as a process does that has lost its stream. */
BUS_CHECKED enum bus_status store_taken_over(const struct store *self, struct bus_error *err);
/* And one whose database is at another turn than it knows of. */
BUS_CHECKED enum bus_status store_elsewhere(const struct store *self, int64_t turn, int64_t known,
                                            struct bus_error *err);
/* Makes sure of a session: connects again after a loss, and keeps the lease; fails when another process took
 * it. *ret_turn (may be NULL) is the turn the database is at, -1 when the connection was not renewed. */
BUS_CHECKED enum bus_status store_session(struct store *self, int64_t *ret_turn, struct bus_error *err);
/* A query within the turn, or on its own between turns. */
BUS_CHECKED enum bus_status store_query(struct store *self, const struct bus_sql *sql,
                                        const struct bus_value *values, size_t n, struct bus_rows *ret_rows,
                                        struct bus_error *err);

#endif
