/* The first talks with a stack's Postgres: until it answers, then its database, roles and schemas. */
#include <sys/wait.h>
#include <time.h>

#include "bus/clock.h"
#include "connection.h"
#include "credentials.h"
#include "postgres.h"
#include "roles.h"
#include "secrets.h"

#define START_PATIENCE_US (60 * BUS_SECOND_US)

static void notice_drop(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

static enum bus_status fail_with(const PGconn *connection, const char *what, struct bus_error *err)
{
    connection_fail(connection, err);
    return bus_fail_in(err, "%s", what);
}

static PGconn *connect_admin(const struct roles_place *place, const char *database, const char *password)
{
    const char *names[] = {
        "host", "port", "dbname", "user", "password", "connect_timeout", "application_name", NULL};
    const char *values[] = {place->host, place->port, database, POSTGRES_ADMIN,
                            password,    "5",         "koppel", NULL};
    PGconn *connection = PQconnectdbParams(names, values, 0);
    PQsetNoticeProcessor(connection, notice_drop, NULL);
    return connection;
}

enum bus_status postgres_wait(const struct postgres *self, pid_t pid, int64_t log_from, struct bus_error *err)
{
    const struct stack *stack = self->stack;
    const char *names[] = {"host", "port", "dbname", "user", NULL};
    const char *values[] = {stack->socket_dir, "5432", "postgres", POSTGRES_ADMIN, NULL};
    int64_t until_us = bus_clock_monotonic_us() + START_PATIENCE_US;
    const char *log = stack_path(stack, "log/" STACK_POSTGRES ".log");
    while (PQpingParams(names, values, 0) != PQPING_OK) {
        siginfo_t ended = {0};
        if (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == pid)
            return bus_fail(err, BUS_RETRY, "Postgres ended while starting: %s (all of it: %s)",
                            stack_reason(log, log_from, stack->arena), log);
        if (bus_clock_monotonic_us() > until_us)
            return bus_fail(err, BUS_RETRY, "Postgres takes no connections: %s (all of it: %s)",
                            stack_reason(log, log_from, stack->arena), log);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return BUS_OK;
}

static enum bus_status run(PGconn *connection, const char *sql, struct bus_error *err)
{
    AUTO(connection_result_done) PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
               ? BUS_OK
               : fail_with(connection, "the database could not be set up", err);
}

/* Whether a query finds a row. */
static bool finds(PGconn *connection, const char *sql, const char *value)
{
    AUTO(connection_result_done)
    PGresult *result = PQexecParams(connection, sql, 1, NULL, &value, NULL, NULL, 0);
    return PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
}

/* The server gets the password's verifier, never the password. */
static enum bus_status role_make(PGconn *connection, const struct roles_place *place, const char *role,
                                 struct bus_error *err)
{
    const char *password;
    enum bus_status status = secret_read(credentials_password_file(place->secrets_dir, role, place->arena),
                                         place->arena, &password, err);
    if (status != BUS_OK)
        return status;
    if (!finds(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", role))
        status = run(connection, bus_printf(place->arena, "CREATE ROLE %s LOGIN", role), err);
    if (status != BUS_OK)
        return status;
    char *verifier = PQencryptPasswordConn(connection, password, role, "scram-sha-256");
    if (!verifier)
        return fail_with(connection, "the password of a role could not be set", err);
    const char *sql = bus_printf(place->arena,
                                 "ALTER ROLE %s PASSWORD '%s';"
                                 "ALTER ROLE %s SET search_path = %s;"
                                 "GRANT CONNECT ON DATABASE " POSTGRES_DATABASE " TO %s",
                                 role, verifier, role, role, role);
    PQfreemem(verifier);
    return run(connection, sql, err);
}

static enum bus_status all_roles_make(const struct roles_place *place, const char *password,
                                      struct bus_error *err)
{
    AUTO(connection_done) PGconn *connection = connect_admin(place, "postgres", password);
    if (PQstatus(connection) != CONNECTION_OK)
        return fail_with(connection, "no connection to the database", err);
    enum bus_status status = BUS_OK;
    if (!finds(connection, "SELECT 1 FROM pg_database WHERE datname = $1", POSTGRES_DATABASE))
        status = run(connection, "CREATE DATABASE " POSTGRES_DATABASE, err);
    if (status == BUS_OK)
        status = run(connection,
                     "REVOKE ALL ON DATABASE " POSTGRES_DATABASE ", postgres, template1 FROM PUBLIC", err);
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++)
        status = role_make(connection, place, stack_services[i], err);
    return status;
}

static enum bus_status schemas_make(const struct roles_place *place, const char *password,
                                    struct bus_error *err)
{
    AUTO(connection_done) PGconn *connection = connect_admin(place, POSTGRES_DATABASE, password);
    if (PQstatus(connection) != CONNECTION_OK)
        return fail_with(connection, "no connection to the database", err);
    enum bus_status status = run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC", err);
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++)
        status = run(connection,
                     bus_printf(place->arena, "CREATE SCHEMA IF NOT EXISTS %s AUTHORIZATION %s",
                                stack_services[i], stack_services[i]),
                     err);
    return status;
}

enum bus_status roles_make(const struct roles_place *place, struct bus_error *err)
{
    const char *password;
    enum bus_status status =
        secret_read(credentials_password_file(place->secrets_dir, POSTGRES_ADMIN, place->arena), place->arena,
                    &password, err);
    if (status == BUS_OK)
        status = all_roles_make(place, password, err);
    return status == BUS_OK ? schemas_make(place, password, err) : status;
}

enum bus_status postgres_roles(const struct postgres *self, struct bus_error *err)
{
    struct roles_place place = {.arena = self->stack->arena,
                                .host = self->stack->socket_dir,
                                .port = "5432",
                                .secrets_dir = stack_path(self->stack, "secrets")};
    return roles_make(&place, err);
}
