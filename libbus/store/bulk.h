/* Rows of one statement gathered column by column, ready to be sent as arrays. Private to this folder. */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "store/connection.h"

struct bulk;

/* Makes a gatherer for each bulk statement of the list (which may be NULL). */
void bulk_register(struct bus_db *db, const struct bus_sql *const *statements);
struct bulk *bulk_get(struct bus_db *db, const struct bus_sql *sql);
/* Learns the columns' types from the described statement. */
BUS_CHECKED enum bus_status bulk_learn(struct bulk *self, const PGresult *description, struct bus_error *err);
BUS_CHECKED enum bus_status bulk_add(struct bus_db *db, const struct bus_sql *sql,
                                     const struct bus_value *values, size_t n, struct bus_error *err);
/* Queues what was gathered: for the bus's own statements, or for the service's. */
void bulk_flush(struct bus_db *db, bool ours);
void bulk_clear_all(struct bus_db *db);
void bulk_free_all(struct bus_db *db);

#endif
