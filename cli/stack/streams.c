/* See streams.h. Names of schemas are those of stack_services, and need no quoting. */
#include "streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "credentials.h"
#include "postgres.h"
#include "secrets.h"
#include "store/store.h"

/* The first number of a query's first row; `otherwise` when there is none, such as for a table that does not
 * exist. */
static int64_t ask(PGconn *connection, int64_t otherwise, const char *sql)
{
    AUTO(connection_result_done) PGresult *result = PQexec(connection, sql);
    bool found = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    return found ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : otherwise;
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

static bool choose_one(struct streams *self, int reader)
{
    bool lost = self->heads[reader] < 0;
    for (int source = 0; source < STACK_SERVICES && !lost; source++)
        lost = self->chosen[source] && credentials_follows(stack_services[reader], stack_services[source]);
    bool more = lost && !self->chosen[reader];
    self->chosen[reader] = self->chosen[reader] || lost;
    return more;
}

/* Not by the positions that are there: one who lost them follows all the same. */
void streams_choose_followers(struct streams *self)
{
    for (bool more = true; more;) {
        more = false;
        for (int reader = 0; reader < STACK_SERVICES; reader++)
            more = choose_one(self, reader) || more;
    }
}

/* All in one transaction, as libpq runs statements that it gets at once. */
static enum bus_status all_or_nothing(PGconn *connection, const char *sql, const char *what,
                                      struct bus_error *err)
{
    AUTO(connection_result_done) PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
        return BUS_OK;
    connection_fail(connection, err);
    return bus_fail_in(err, "%s", what);
}

static bool is_aside(PGconn *connection, const char *service)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT 1 FROM pg_namespace WHERE nspname = '%s" STREAMS_ASIDE "'", service);
    return ask(connection, 0, sql) == 1;
}

/* One statement for each service of which something is aside. */
static const char *for_each_aside(PGconn *connection, struct bus_arena *arena, const char *form)
{
    const char *sql = "";
    for (int i = 0; i < STACK_SERVICES; i++)
        if (is_aside(connection, stack_services[i]))
            sql = bus_printf(arena, form, sql, stack_services[i]);
    return sql;
}

enum bus_status streams_put_aside(PGconn *connection, const struct streams *self, struct bus_arena *arena,
                                  struct bus_error *err)
{
    const char *sql = "";
    for (int i = 0; i < STACK_SERVICES; i++)
        if (self->chosen[i])
            sql = bus_printf(arena,
                             "%1$sALTER SCHEMA %2$s RENAME TO %2$s" STREAMS_ASIDE ";"
                             "CREATE SCHEMA %2$s AUTHORIZATION %2$s;",
                             sql, stack_services[i]);
    return all_or_nothing(connection, sql, "what is there cannot be put aside", err);
}

enum bus_status streams_put_back(PGconn *connection, struct bus_arena *arena, struct bus_error *err)
{
    const char *sql = for_each_aside(connection, arena,
                                     "%1$sDROP SCHEMA IF EXISTS %2$s CASCADE;"
                                     "ALTER SCHEMA %2$s" STREAMS_ASIDE " RENAME TO %2$s;");
    return all_or_nothing(connection, sql, "what a repair put aside cannot be put back", err);
}

enum bus_status streams_drop_aside(PGconn *connection, struct bus_arena *arena, struct bus_error *err)
{
    const char *sql = for_each_aside(connection, arena, "%1$sDROP SCHEMA %2$s" STREAMS_ASIDE " CASCADE;");
    return all_or_nothing(connection, sql, "what the repair put aside cannot be removed", err);
}

typedef enum bus_status one_fn(PGconn *connection, const char *service, struct bus_error *err);

static enum bus_status each_chosen(PGconn *connection, const struct streams *self, one_fn *one,
                                   struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++)
        if (self->chosen[i])
            status = one(connection, stack_services[i], err);
    return status;
}

/* As deploy/restored.sql does it, where the reasons stand. */
static enum bus_status raise_one(PGconn *connection, const char *service, struct bus_error *err)
{
    char sql[320];
    snprintf(
        sql, sizeof sql,
        "UPDATE %s.stream_head SET epoch = greatest(epoch, floor(extract(epoch FROM now()) * 1000)::bigint "
        "* 1000) + 1 + floor(random() * 1000)::bigint, lease_epoch = lease_epoch + 1",
        service);
    AUTO(connection_result_done) PGresult *result = PQexec(connection, sql);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (done && strcmp(PQcmdTuples(result), "1") == 0)
        return BUS_OK;
    if (done)
        bus_fail(err, BUS_RETRY, "it was not put back; take another backup");
    else
        connection_fail(connection, err);
    return bus_fail_in(err, "the stream of %s cannot be told from what it was", service);
}

enum bus_status streams_raise(PGconn *connection, const struct streams *self, struct bus_error *err)
{
    return each_chosen(connection, self, raise_one, err);
}

static enum bus_status reader_back(PGconn *connection, const char *reader, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (int source = 0; status == BUS_OK && source < STACK_SERVICES; source++) {
        char sql[256];
        const char *name = stack_services[source];
        snprintf(sql, sizeof sql,
                 "UPDATE %s.reader_position SET seq = least(seq, coalesce((SELECT seq FROM %s.position "
                 "WHERE stream = '%s'), 0)) WHERE reader = '%s'",
                 name, reader, name, reader);
        AUTO(connection_result_done) PGresult *result = PQexec(connection, sql);
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            continue;
        status = connection_fail(connection, err);
        bus_fail_in(err, "%s cannot be told how far %s has read", name, reader);
    }
    return status;
}

enum bus_status streams_readers_back(PGconn *connection, const struct streams *self, struct bus_error *err)
{
    return each_chosen(connection, self, reader_back, err);
}

/* Whether the source's log, as it answers its readers, has the event that this one has read last, or begins
 * right behind it. */
static enum bus_status fits(PGconn *connection, struct store_reader *log, struct bus_arena *arena, int reader,
                            int source, struct bus_error *err)
{
    char sql[160];
    const char *id = NULL;
    struct store_batch head;
    snprintf(sql, sizeof sql, "SELECT seq, event_id, epoch FROM %s.position WHERE stream = '%s'",
             stack_services[reader], stack_services[source]);
    PGresult *result = PQexec(connection, sql);
    int64_t seq = PQntuples(result) > 0 ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    int64_t epoch = seq > 0 ? strtoll(PQgetvalue(result, 0, 2), NULL, 10) : 0;
    const char *read = seq > 0 ? bus_strdup(arena, PQgetvalue(result, 0, 1)) : NULL;
    PQclear(result);
    enum bus_status status = seq > 0 ? store_reader_check(log, epoch, seq, arena, &id, &head, err) : BUS_OK;
    if (status != BUS_OK || seq == 0 || seq + 1 == head.first_seq || (id != NULL && strcmp(id, read) == 0))
        return status;
    return bus_fail(err, BUS_CONFLICT,
                    "%s has read event %lld of %s, which is not in its log: repair %s from this backup too",
                    stack_services[reader], (long long)seq, stack_services[source], stack_services[source]);
}

static enum bus_status readers_fit(PGconn *connection, const struct stack *stack, const char *password,
                                   int source, struct bus_error *err)
{
    AUTO(store_reader_close) struct store_reader *log = NULL;
    const struct store_config config = {.service = stack_services[source],
                                        .conninfo = postgres_conninfo(stack, POSTGRES_ADMIN),
                                        .password = password};
    enum bus_status status = BUS_OK;
    for (int reader = 0; status == BUS_OK && reader < STACK_SERVICES; reader++) {
        if (!follows(connection, reader, source))
            continue;
        if (log == NULL)
            status = store_reader_open(&config, &log, err);
        if (status == BUS_OK)
            status = fits(connection, log, stack->arena, reader, source, err);
    }
    return status;
}

enum bus_status streams_fit(PGconn *connection, const struct stack *stack, struct bus_error *err)
{
    const char *password;
    enum bus_status status =
        secret_read(postgres_password_file(stack, POSTGRES_ADMIN), stack->arena, &password, err);
    for (int source = 0; status == BUS_OK && source < STACK_SERVICES; source++)
        status = readers_fit(connection, stack, password, source, err);
    return status;
}
