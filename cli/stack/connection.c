/* See connection.h. */
#include "connection.h"

#include <string.h>

#include "postgres.h"
#include "secrets.h"

enum bus_status connection_open(const struct stack *stack, PGconn **ret, struct bus_error *err)
{
    const char *password;
    enum bus_status status =
        secret_read(postgres_password_file(stack, POSTGRES_ADMIN), stack->arena, &password, err);
    if (status != BUS_OK)
        return status;
    AUTO(connection_done)
    PGconn *connection = PQconnectdb(
        bus_printf(stack->arena, "%s password=%s", postgres_conninfo(stack, POSTGRES_ADMIN), password));
    if (PQstatus(connection) != CONNECTION_OK) {
        connection_fail(connection, err);
        return bus_fail_in(err, "no connection to the database");
    }
    *ret = connection;
    connection = NULL;
    return BUS_OK;
}

enum bus_status connection_fail(const PGconn *connection, struct bus_error *err)
{
    const char *text = PQerrorMessage(connection);
    return bus_fail(err, BUS_RETRY, "%.*s", (int)strcspn(text, "\n"), text);
}

void connection_done(PGconn **self_p)
{
    PQfinish(*self_p);
}

void connection_result_done(PGresult **self_p)
{
    PQclear(*self_p);
}
