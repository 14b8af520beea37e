/* See effect.h. One statement is one transaction and one round trip. */
#include "effect.h"

#include <libpq-fe.h>
#include <stdlib.h>

#include "bus/status.h"
#include "store/array.h"

#define PARAMETERS 4

struct effect {
    PGconn *conn;
    int64_t position;
    struct bus_buffer arrays[3];
};

static void check(struct effect *self, PGresult *result, ExecStatusType wanted)
{
    if (PQresultStatus(result) != wanted)
        bus_die("%s", PQerrorMessage(self->conn));
}

struct effect *effect_open(const char *conninfo, bool flushed)
{
    struct effect *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->conn = PQconnectdb(conninfo);
    if (PQstatus(self->conn) != CONNECTION_OK)
        bus_die("%s", PQerrorMessage(self->conn));
    PGresult *result =
        PQexec(self->conn, flushed ? "SET synchronous_commit TO on" : "SET synchronous_commit TO off");
    check(self, result, PGRES_COMMAND_OK);
    PQclear(result);
    result = PQexec(self->conn, "SELECT number FROM position");
    check(self, result, PGRES_TUPLES_OK);
    self->position = atoll(PQgetvalue(result, 0, 0));
    PQclear(result);
    result = PQprepare(self->conn, "effect",
                       "WITH moved AS (UPDATE position SET number = number + cardinality($2::bigint[])"
                       " WHERE number = $1::bigint RETURNING number) "
                       "INSERT INTO effect (seq, number, said_us) SELECT e.* FROM moved, "
                       "unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS e",
                       0, NULL);
    check(self, result, PGRES_COMMAND_OK);
    PQclear(result);
    return self;
}

void effect_close(struct effect *self)
{
    for (int i = 0; i < 3; i++)
        bus_buffer_done(&self->arrays[i]);
    PQfinish(self->conn);
    free(self);
}

int64_t effect_position(const struct effect *self)
{
    return self->position;
}

/* Fills the arrays with what is new and returns how much that is. */
static size_t take_new(struct effect *self, const struct event *events, size_t n)
{
    size_t taken = 0;
    for (int i = 0; i < 3; i++) {
        bus_buffer_clear(&self->arrays[i]);
        array_begin(&self->arrays[i], OID_INT8);
    }
    for (size_t i = 0; i < n; i++) {
        int64_t next = self->position + (int64_t)taken + 1;
        if (events[i].number < next)
            continue;
        if (events[i].number > next)
            bus_die("event %lld is missing", (long long)next);
        array_add_int8(&self->arrays[0], events[i].number);
        array_add_int8(&self->arrays[1], events[i].number);
        array_add_int8(&self->arrays[2], events[i].said_us);
        taken++;
    }
    for (int i = 0; i < 3; i++)
        array_end(&self->arrays[i], 0, taken);
    return taken;
}

void effect_commit(struct effect *self, const struct event *events, size_t n)
{
    size_t taken = take_new(self, events, n);
    if (taken == 0)
        return;
    uint64_t position = htobe64((uint64_t)self->position);
    const char *values[PARAMETERS] = {(const char *)&position};
    int lengths[PARAMETERS] = {sizeof position}, formats[PARAMETERS] = {1, 1, 1, 1};
    for (int i = 0; i < 3; i++) {
        values[i + 1] = (const char *)self->arrays[i].data;
        lengths[i + 1] = (int)self->arrays[i].size;
    }
    PGresult *result = PQexecPrepared(self->conn, "effect", PARAMETERS, values, lengths, formats, 1);
    check(self, result, PGRES_COMMAND_OK);
    if ((size_t)atoll(PQcmdTuples(result)) != taken)
        bus_die("the position is no longer %lld: somebody else reads, too", (long long)self->position);
    PQclear(result);
    self->position += (int64_t)taken;
}
