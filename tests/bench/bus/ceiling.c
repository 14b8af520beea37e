/* The bare ceiling: what the same work costs with nothing but libpq and plain ZeroMQ. The writer commits a
 * log row for each event, then pushes it. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "bus/status.h"
#include "contestant.h"
#include "store/array.h"

#define QUEUED_MAX 10000

struct ceiling {
    void *context, *socket;
    PGconn *conn; /* the writer's */
    struct bus_buffer numbers, data;
};

static void check(PGconn *conn, PGresult *result)
{
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bus_die("ceiling: %s", PQerrorMessage(conn));
    PQclear(result);
}

static PGconn *connect_to(const char *conninfo)
{
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK)
        bus_die("ceiling: %s", PQerrorMessage(conn));
    return conn;
}

static void renew(const struct place *place)
{
    PGconn *conn = connect_to(place->conninfo);
    check(conn, PQexec(conn, "TRUNCATE bare_log"));
    PQfinish(conn);
}

static struct ceiling *open_ceiling(const struct place *place, int type)
{
    struct ceiling *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    char endpoint[64];
    int limit = QUEUED_MAX;
    snprintf(endpoint, sizeof endpoint, "tcp://%s:%d", place->host, place->port);
    self->context = zmq_ctx_new();
    self->socket = zmq_socket(self->context, type);
    zmq_setsockopt(self->socket, ZMQ_SNDHWM, &limit, sizeof limit);
    zmq_setsockopt(self->socket, ZMQ_RCVHWM, &limit, sizeof limit);
    int status = type == ZMQ_PULL ? zmq_bind(self->socket, endpoint) : zmq_connect(self->socket, endpoint);
    if (status != 0)
        bus_die("ceiling: %s: %s", endpoint, zmq_strerror(zmq_errno()));
    return self;
}

static void close_ceiling(void *either)
{
    struct ceiling *self = either;
    zmq_close(self->socket);
    zmq_ctx_term(self->context);
    PQfinish(self->conn);
    bus_buffer_done(&self->numbers);
    bus_buffer_done(&self->data);
    free(self);
}

static void *open_writer(const struct place *place, bool paced)
{
    (void)paced;
    struct ceiling *self = open_ceiling(place, ZMQ_PUSH);
    self->conn = connect_to(place->conninfo);
    check(self->conn,
          PQprepare(self->conn, "log",
                    "INSERT INTO bare_log (seq, data) SELECT * FROM unnest($1::bigint[], $2::bytea[])", 0,
                    NULL));
    return self;
}

static void send_events(void *writer, const struct event *events, size_t n)
{
    struct ceiling *self = writer;
    bus_buffer_clear(&self->numbers);
    bus_buffer_clear(&self->data);
    array_begin(&self->numbers, OID_INT8);
    array_begin(&self->data, OID_BYTEA);
    for (size_t i = 0; i < n; i++) {
        array_add_int8(&self->numbers, events[i].number);
        array_add_bytes(&self->data, &events[i], sizeof events[i]);
    }
    array_end(&self->numbers, 0, n);
    array_end(&self->data, 0, n);
    const char *values[] = {(const char *)self->numbers.data, (const char *)self->data.data};
    int lengths[] = {(int)self->numbers.size, (int)self->data.size}, formats[] = {1, 1};
    check(self->conn, PQexecPrepared(self->conn, "log", 2, values, lengths, formats, 1));
    for (size_t i = 0; i < n; i++)
        if (zmq_send(self->socket, &events[i], sizeof events[i], 0) < 0)
            bus_die("ceiling: %s", zmq_strerror(zmq_errno()));
}

static void *open_reader(const struct place *place, int64_t after)
{
    (void)after;
    return open_ceiling(place, ZMQ_PULL);
}

static size_t receive(void *reader, struct event *events)
{
    struct ceiling *self = reader;
    size_t n = 0;
    while (n < BATCH &&
           zmq_recv(self->socket, &events[n], sizeof events[n], n ? ZMQ_DONTWAIT : 0) == sizeof events[n])
        n++;
    return n;
}

static void committed(void *reader)
{
    (void)reader;
}

const struct contestant contestant = {renew,   open_writer, send_events,   close_ceiling, open_reader,
                                      receive, committed,   close_ceiling, false};
