/* The writer's session: its lease, getting both back after a loss, and questions between turns. */
#include "store/session.h"

#include <stdio.h>
#include <string.h>

#include "base/failpoint.h"
#include "sql/bus.h"

enum bus_status store_taken_over(const struct store *self, struct bus_error *err)
{
    return bus_fail_code(err, BUS_BUG, "BUS-FENCED",
                         "another process has taken over stream %s: this one must stop",
                         self->config.service);
}

enum bus_status store_elsewhere(const struct store *self, int64_t turn, int64_t known, struct bus_error *err)
{
    if (turn < known)
        return bus_fail_code(
            err, BUS_BUG, "BUS-FENCED",
            "the database went back from turn %lld of %s to %lld, as a crash does that loses what was "
            "not on its disk yet: started anew, the service does the rest again",
            (long long)known, self->config.service, (long long)turn);
    return bus_fail_code(err, BUS_BUG, "BUS-FENCED",
                         "stream %s is at turn %lld, not %lld: another process wrote", self->config.service,
                         (long long)turn, (long long)known);
}

enum bus_status store_take_lease(struct store *self, bool again, int64_t *ret_turn, struct bus_error *err)
{
    char me[BUS_ID_TEXT], lease_ms[16];
    bus_id_format(self->config.instance, me);
    snprintf(lease_ms, sizeof(lease_ms), "%d", self->config.lease_ms);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = db_call(self->db, &bus_lease_take,
                                     (const char *const[]){me, lease_ms, again ? "t" : "f"}, &rows, err);
    if (status != BUS_OK)
        return status;
    if (!bus_row_bool(&rows, 0, 0) && again)
        return store_taken_over(self, err);
    if (!bus_row_bool(&rows, 0, 0))
        return bus_fail_code(err, BUS_CONFLICT, "BUS-OWNED",
                             "another process owns stream %s: stop it first, or run this one as a standby",
                             self->config.service);
    int64_t epoch = bus_row_int(&rows, 0, 1);
    if (again && epoch != self->at.head.epoch)
        return bus_fail_code(err, BUS_BUG, "BUS-FENCED",
                             "a backup of stream %s was put back: this process must start anew",
                             self->config.service);
    bus_failpoint("leased");
    self->lease_epoch = bus_row_int(&rows, 0, 5);
    *ret_turn = bus_row_int(&rows, 0, 4);
    if (!again)
        self->at.head = (struct store_head){.epoch = epoch,
                                            .writer = store_writer(self->config.instance, epoch),
                                            .last_seq = bus_row_int(&rows, 0, 2),
                                            .first_seq = bus_row_int(&rows, 0, 3),
                                            .turn = *ret_turn,
                                            .unclean = bus_row_bool(&rows, 0, 6)};
    return BUS_OK;
}

const struct store_head *store_head_get(const struct store *self)
{
    return self->under_way || self->unknown ? &self->before.head : &self->at.head;
}

static enum bus_status reconnect(struct store *self, int64_t *ret_turn, struct bus_error *err)
{
    enum bus_status status = db_connect(self->db, err);
    if (status == BUS_OK)
        status = store_take_lease(self, true, ret_turn, err);
    if (status == BUS_OK)
        status = db_start(self->db, err);
    if (status != BUS_OK)
        db_disconnect(self->db);
    return status;
}

enum bus_status store_session(struct store *self, int64_t *ret_turn, struct bus_error *err)
{
    int64_t turn = -1;
    if (self->under_way)
        return bus_fail(err, BUS_BUG, "the database was asked for something while a commit is under way");
    enum bus_status status = db_alive(self->db) ? BUS_OK : reconnect(self, &turn, err);
    if (status == BUS_OK && turn >= 0 && !self->unknown && turn != self->at.head.turn) {
        db_disconnect(self->db); /* whoever asks next is told so too */
        status = store_elsewhere(self, turn, self->at.head.turn, err);
    }
    if (status == BUS_OK && self->dead_touched)
        status = store_load_dead(self, err);
    if (status == BUS_OK && ret_turn)
        *ret_turn = turn;
    return status;
}

void store_on_silence(struct store *self, store_silent_fn *silent, void *context)
{
    self->db->silent = silent;
    self->db->silent_context = context;
}

enum bus_status store_query(struct store *self, const struct bus_sql *sql, const struct bus_value *values,
                            size_t n, struct bus_rows *ret_rows, struct bus_error *err)
{
    if (!self->db->in_turn) {
        enum bus_status status = store_session(self, NULL, err);
        if (status != BUS_OK)
            return status;
    }
    return bus_db_query(self->db, sql, values, n, ret_rows, err);
}

enum bus_status store_beat(struct store *self, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_session(self, NULL, err);
    if (status == BUS_OK)
        status = bus_query(self->db, err, &rows, &bus_lease_renew, BUS_INT(self->lease_epoch),
                           BUS_INT(self->config.lease_ms));
    return status == BUS_OK && rows.n != 1 ? store_taken_over(self, err) : status;
}

enum bus_status store_confirm(struct store *self, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_query(self, &bus_lease_ours, &BUS_INT(self->lease_epoch), 1, &rows, err);
    return status == BUS_OK && rows.n != 1 ? store_taken_over(self, err) : status;
}
