/* What the server's error codes mean to us. */
#ifndef STORE_SQLSTATE_H
#define STORE_SQLSTATE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "bus/status.h"

/* Fills the error from a failed result of the statement `name`. The text never holds values of rows. */
enum bus_status sqlstate_fail(struct bus_error *err, const char *name, const PGresult *result);
/* The same for a connection that could not be made or broke. */
enum bus_status sqlstate_fail_connection(struct bus_error *err, const PGconn *conn);
/* Whether the error says that the database does not serve now, rather than that this statement did not get
 * through. What the statements of a service wait for is their message's own affair; ours wait for nobody but
 * the world. */
bool sqlstate_is_away(const char *name, const PGresult *result);
/* Whether the server ended the session with this error. */
bool sqlstate_is_fatal(const PGresult *result);
/* Whether the statement belongs to the bus, not to the service. */
bool sqlstate_is_ours(const char *name);

#endif
