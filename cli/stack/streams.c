/* See streams.h. Names of schemas are those of stack_services, and need no quoting. */
#include "streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"
#include "secrets.h"

enum bus_status streams_connect(const struct stack *stack, PGconn **ret, struct bus_error *err)
{
    const char *password;
    enum bus_status status =
        secret_read(postgres_password_file(stack, POSTGRES_ADMIN), stack->arena, &password, err);
    if (status != BUS_OK)
        return status;
    PGconn *connection = PQconnectdb(
        bus_printf(stack->arena, "%s password=%s", postgres_conninfo(stack, POSTGRES_ADMIN), password));
    if (PQstatus(connection) != CONNECTION_OK) {
        const char *text = PQerrorMessage(connection);
        status =
            bus_fail(err, BUS_RETRY, "no connection to the database: %.*s", (int)strcspn(text, "\n"), text);
        PQfinish(connection);
        return status;
    }
    *ret = connection;
    return BUS_OK;
}

void streams_close(PGconn *connection)
{
    PQfinish(connection);
}

/* The first number of a query's first row; `otherwise` when there is none, such as for a table that does not
 * exist. */
static int64_t ask(PGconn *connection, int64_t otherwise, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
        otherwise = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return otherwise;
}

void streams_heads(PGconn *connection, struct streams *self)
{
    for (int i = 0; i < STACK_SERVICES; i++) {
        char sql[128];
        snprintf(sql, sizeof sql, "SELECT last_seq FROM %s.stream_head", stack_services[i]);
        self->heads[i] = ask(connection, -1, sql);
    }
}

static bool follows(PGconn *connection, int reader, int source)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s.position WHERE stream = '%s'", stack_services[reader],
             stack_services[source]);
    return ask(connection, 0, sql) > 0;
}

static bool choose_one(PGconn *connection, struct streams *self, int reader)
{
    for (int source = 0; source < STACK_SERVICES && !self->chosen[reader]; source++)
        if (self->chosen[source] && follows(connection, reader, source)) {
            self->chosen[reader] = true;
            return true;
        }
    return false;
}

void streams_choose_followers(PGconn *connection, struct streams *self)
{
    for (bool more = true; more;) {
        more = false;
        for (int reader = 0; reader < STACK_SERVICES; reader++)
            more = choose_one(connection, self, reader) || more;
    }
}

enum bus_status streams_empty(PGconn *connection, const struct streams *self, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++) {
        char sql[256];
        const char *name = stack_services[i];
        if (!self->chosen[i])
            continue;
        snprintf(sql, sizeof sql,
                 "BEGIN; DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s AUTHORIZATION %s; COMMIT", name,
                 name, name);
        PGresult *result = PQexec(connection, sql);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            const char *text = PQerrorMessage(connection);
            status = bus_fail(err, BUS_RETRY, "the schema of %s cannot be emptied: %.*s", name,
                              (int)strcspn(text, "\n"), text);
        }
        PQclear(result);
    }
    return status;
}

static enum bus_status fits(PGconn *connection, int reader, int source, struct bus_error *err)
{
    char sql[320];
    snprintf(sql, sizeof sql,
             "SELECT p.seq FROM %s.position AS p WHERE p.stream = '%s' AND p.seq > 0 AND NOT EXISTS "
             "(SELECT FROM %s.event_log AS l WHERE l.seq = p.seq AND l.event_id = p.event_id)",
             stack_services[reader], stack_services[source], stack_services[source]);
    int64_t lost = ask(connection, 0, sql);
    return lost == 0
               ? BUS_OK
               : bus_fail(
                     err, BUS_CONFLICT,
                     "%s has read event %lld of %s, which is not in its log: repair %s from this backup too",
                     stack_services[reader], (long long)lost, stack_services[source], stack_services[source]);
}

enum bus_status streams_fit(PGconn *connection, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (int reader = 0; reader < STACK_SERVICES; reader++)
        for (int source = 0; status == BUS_OK && source < STACK_SERVICES; source++)
            if (follows(connection, reader, source))
                status = fits(connection, reader, source, err);
    return status;
}
