/* Opening a store: connect, migrate, take the lease, load; and closing it. */
#include <stdlib.h>

#include "sql/bus.h"
#include "store/session.h"

#define DIAL_MS 250 /* that the loop stands still for: most attempts are over by then */

/* The bus's first migration makes the lease; all others run under it, so that a refused process changes
 * nothing. */
static enum bus_status open_session(struct store *self, struct bus_error *err)
{
    int64_t turn;
    enum bus_status status = db_connect(self->db, err);
    if (status == BUS_OK)
        status = store_migrate(self->db, "bus", bus_migrations, 1, 0, err);
    if (status == BUS_OK)
        status = db_call(self->db, &bus_head_make, (const char *const[]){self->config.service}, NULL, err);
    if (status == BUS_OK)
        status = store_take_lease(self, false, &turn, err);
    if (status == BUS_OK)
        status = store_migrate(self->db, "bus", bus_migrations, 0, self->lease_epoch, err);
    if (status == BUS_OK)
        status =
            store_migrate(self->db, self->config.service, self->config.migrations, 0, self->lease_epoch, err);
    if (status == BUS_OK)
        status = db_start(self->db, err);
    return status;
}

static enum bus_status make_room(struct store *self, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(self->db, err, &rows, &bus_log_room,
                                       BUS_INT(self->at.head.last_seq + self->config.log_partition),
                                       BUS_INT(self->config.log_partition));
    if (status == BUS_OK)
        self->at.room_until = self->new_room_until = bus_row_int(&rows, 0, 0);
    return status;
}

/* Gives the lease back and says that all is well. */
static void release(struct store *self)
{
    if (!self->db || !self->db->conn || self->lease_epoch == 0)
        return;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    db_ignore(bus_query(self->db, NULL, &rows, &bus_lease_release, BUS_INT(self->lease_epoch)));
}

static void free_store(struct store **self_p)
{
    if (!*self_p)
        return;
    db_free(&(*self_p)->db);
    dead_index_free(&(*self_p)->dead);
    answered_free(&(*self_p)->answered);
    free((*self_p)->at.places);
    free((*self_p)->before.places);
    free(*self_p);
    *self_p = NULL;
}

enum bus_status store_open(const struct store_config *config, struct store **ret_store, struct bus_error *err)
{
    AUTO(free_store) struct store *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for a store");
    self->config = *config;
    self->dead = dead_index_new();
    self->answered = answered_new();
    self->db = db_new(config->service, config->conninfo, config->password, config->statements, false);
    enum bus_status status = open_session(self, err);
    if (status == BUS_OK)
        status = make_room(self, err);
    if (status == BUS_OK)
        status = store_load(self, err);
    if (status != BUS_OK)
        return status;
    self->db->dial_ms = DIAL_MS;
    *ret_store = self;
    self = NULL;
    return BUS_OK;
}

void store_close(struct store **self_p)
{
    if (!self_p || !*self_p)
        return;
    if ((*self_p)->under_way)
        db_ignore(store_commit_wait(*self_p, NULL));
    store_rollback(*self_p);
    if (!(*self_p)->unknown)
        release(*self_p);
    free_store(self_p);
}
