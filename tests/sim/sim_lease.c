/* Stands in for the statements of a service that are a transaction each: the lease, as in 0001_bus.sql, and
 * what is noted beside turns. */
#include <stdlib.h>

#include "sim_store.h"
#include "sql/bus.h"

void database_end_earlier(struct database *self, const struct session *session, struct bus_id me)
{
    struct session *holder = database_session(self, self->tables.head.session);
    if (holder != NULL && holder != session && bus_id_compare(self->tables.head.owner, me) == 0)
        session_end(self, holder);
}

void database_take_lease(struct database *self, struct session *session, struct bus_id me, int64_t lease_ms,
                         bool again, struct rows *ret)
{
    struct head *head = &self->tables.head;
    struct session *holder = database_session(self, head->session);
    bool mine = bus_id_compare(head->owner, me) == 0;
    bool taken =
        again ? mine
              : bus_id_is_nil(head->owner) || mine || holder == NULL || head->lease_until_us < world.now_us;
    struct head before = *head;
    if (taken) {
        database_flush(self, false);
        world.faults[FAULT_STANDBY] +=
            session->process->standby && !again && !bus_id_is_nil(head->owner) && !mine;
        if (holder != NULL && holder != session)
            session_end(self, holder);
        if (!again)
            session->process->start.at_us = world.now_us;
        head->lease_epoch++;
        head->owner = me;
        head->session = session->number;
        head->lease_until_us = world.now_us + lease_ms * MS;
        head->clean = false;
    }
    trace("%-9s lease %s %s", self->name, taken ? "taken by" : "refused to", session->process->name);
    const struct bus_value row[] = {BUS_BOOL(taken),          BUS_INT(before.epoch),
                                    BUS_INT(before.last_seq), BUS_INT(before.first_seq),
                                    BUS_INT(before.turn),     BUS_INT(before.lease_epoch + 1),
                                    BUS_BOOL(!before.clean)};
    *ret = (struct rows){.at = malloc(sizeof(struct row *)), .n = 1};
    ret->at[0] = row_new(row, sizeof row / sizeof *row);
}

/* Statements that read and write in one; each is a transaction of its own. Returns how many rows they give,
 * and the one column of them in *ret; -1 when it is no such statement. */
int database_write_and_read(struct database *self, const struct bus_sql *sql, const struct bus_value *v,
                            int64_t *ret)
{
    struct head *head = &self->tables.head;
    bool owned = head->lease_epoch == v[0].as.integer;
    *ret = head->turn;
    if (sql == &bus_attempt) {
        database_flush(self, false);
        const struct rows *attempts = &self->tables.of[TABLE_ATTEMPT];
        *ret = 1;
        for (size_t i = 0; i < attempts->n; i++)
            if (cells_equal(&attempts->at[i]->cells[0], &v[0]) &&
                cells_equal(&attempts->at[i]->cells[1], &v[1]))
                *ret = cell_int(attempts->at[i], 2) + 1;
        tables_put(&self->tables, TABLE_ATTEMPT, (const struct bus_value[]){v[0], v[1], BUS_INT(*ret)}, 3, 2);
        return 1;
    }
    if (sql == &bus_reader_position_put) {
        if (owned)
            database_flush(self, false);
        for (size_t i = 0; owned && i < v[1].n; i++) {
            ledger_noted(self, v[1].as.texts[i], v[2].as.ints[i]);
            tables_put(&self->tables, TABLE_READER,
                       (const struct bus_value[]){BUS_TEXT(v[1].as.texts[i]), BUS_INT(v[2].as.ints[i]),
                                                  BUS_TIME(v[3].as.ints[i])},
                       3, 1);
        }
        return owned ? (int)v[1].n : 0;
    }
    if (sql != &bus_lease_renew && sql != &bus_lease_release)
        return -1;
    if (owned)
        database_flush(self, false);
    if (owned && sql == &bus_lease_renew)
        head->lease_until_us = world.now_us + v[1].as.integer * MS;
    if (owned && sql == &bus_lease_release) {
        head->owner = (struct bus_id){0};
        head->clean = true;
    }
    return owned;
}
