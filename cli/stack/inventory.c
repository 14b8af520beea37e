/* See inventory.h. */
#include "inventory.h"

#include <stdlib.h>

#include "connection.h"

#define QUERY                                                                                                \
    "SELECT (SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "           \
    "        WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'), " \
    "       pg_database_size(current_database())"

enum bus_status inventory_read(const struct stack *stack, struct inventory *ret, struct bus_error *err)
{
    AUTO(connection_done) PGconn *connection = NULL;
    enum bus_status status = connection_open(stack, &connection, err);
    if (status != BUS_OK)
        return status;
    AUTO(connection_result_done) PGresult *result = PQexec(connection, QUERY);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        return bus_fail(err, BUS_RETRY, "the database does not answer; see koppel status");
    *ret = (struct inventory){.tables = strtoll(PQgetvalue(result, 0, 0), NULL, 10),
                              .bytes = strtoll(PQgetvalue(result, 0, 1), NULL, 10)};
    return BUS_OK;
}
