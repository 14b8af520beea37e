/* The bare ceiling: what the same work costs with nothing but libpq and plain ZeroMQ. The writer commits a
 * log row for each event and pushes it; the reader commits an effect row for each, and how far it has read.
 *   ceiling write CONNINFO ENDPOINT EVENTS PER_SECOND     (0: as fast as it goes)   prints when it began
 *   ceiling read  CONNINFO ENDPOINT EVENTS                                           prints when it had ended
 * Times are microseconds of the monotonic clock. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "../support/filling.h"
#include "bus/status.h"
#include "peers/pace.h"
#include "store/array.h"

#define EVENT_BYTES 300
#define BATCH       2000

struct event {
    int64_t seq;
    int64_t said_us;
    char rest[EVENT_BYTES - 2 * sizeof(int64_t)];
};

static PGconn *connect_to(const char *conninfo)
{
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK)
        bus_die("%s", PQerrorMessage(conn));
    return conn;
}

static void prepare(PGconn *conn, const char *sql)
{
    PGresult *result = PQprepare(conn, "put", sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bus_die("%s", PQerrorMessage(conn));
    PQclear(result);
}

static void run(PGconn *conn, struct bus_buffer *arrays, int n)
{
    const char *values[3];
    int lengths[3], formats[3] = {1, 1, 1};
    for (int i = 0; i < n; i++) {
        values[i] = (const char *)arrays[i].data;
        lengths[i] = (int)arrays[i].size;
    }
    PGresult *result = PQexecPrepared(conn, "put", n, values, lengths, formats, 1);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bus_die("%s", PQerrorMessage(conn));
    PQclear(result);
}

static void begin_arrays(struct bus_buffer *arrays, int n, const Oid *types)
{
    for (int i = 0; i < n; i++) {
        bus_buffer_clear(&arrays[i]);
        array_begin(&arrays[i], types[i]);
    }
}

static void end_arrays(struct bus_buffer *arrays, int n, size_t rows)
{
    for (int i = 0; i < n; i++)
        array_end(&arrays[i], 0, rows);
}

/* Commits and sends whatever has come due. An event that is late counts from when it was due. */
static void write_events(const char *conninfo, void *socket, int64_t events, int64_t per_second)
{
    PGconn *conn = connect_to(conninfo);
    prepare(conn, "INSERT INTO bare_log (seq, data) SELECT * FROM unnest($1::bigint[], $2::bytea[])");
    static struct event batch[BATCH];
    static const Oid types[] = {OID_INT8, OID_BYTEA};
    struct bus_buffer arrays[2] = {0};
    int64_t began_us = bus_clock_monotonic_us();
    printf("%lld\n", (long long)began_us);
    int64_t began_wall_us = bus_clock_wall_us();
    for (int64_t seq = 0; seq < events;) {
        size_t n = 0;
        int64_t now_us = wait_until(began_us + due_after_us(seq, per_second));
        begin_arrays(arrays, 2, types);
        while (n < BATCH && seq < events && began_us + due_after_us(seq, per_second) <= now_us) {
            batch[n].said_us = began_wall_us + due_after_us(seq, per_second);
            batch[n].seq = ++seq;
            filling_write(batch[n].rest, sizeof batch[n].rest, (uint64_t)seq);
            array_add_int8(&arrays[0], seq);
            array_add_bytes(&arrays[1], &batch[n], sizeof batch[n]);
            n++;
        }
        end_arrays(arrays, 2, n);
        run(conn, arrays, 2);
        for (size_t i = 0; i < n; i++)
            zmq_send(socket, &batch[i], sizeof batch[i], 0);
    }
    PQfinish(conn);
}

static void read_events(const char *conninfo, void *socket, int64_t events)
{
    PGconn *conn = connect_to(conninfo);
    prepare(conn, "WITH moved AS (UPDATE bare_position SET seq = seq + cardinality($1::bigint[])) "
                  "INSERT INTO bare_effect (seq, number, said_us) "
                  "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])");
    static const Oid types[] = {OID_INT8, OID_INT8, OID_INT8};
    struct bus_buffer arrays[3] = {0};
    printf("ready\n");
    fflush(stdout);
    for (int64_t read = 0; read < events;) {
        size_t n = 0;
        struct event event;
        begin_arrays(arrays, 3, types);
        while (n < BATCH && zmq_recv(socket, &event, sizeof event, n ? ZMQ_DONTWAIT : 0) == sizeof event) {
            array_add_int8(&arrays[0], event.seq);
            array_add_int8(&arrays[1], event.seq);
            array_add_int8(&arrays[2], event.said_us);
            n++;
        }
        end_arrays(arrays, 3, n);
        run(conn, arrays, 3);
        read += (int64_t)n;
    }
    printf("%lld\n", (long long)bus_clock_monotonic_us());
    PQfinish(conn);
}

int main(int argc, char **argv)
{
    bool writes = argc == 6 && strcmp(argv[1], "write") == 0;
    if (!writes && !(argc == 5 && strcmp(argv[1], "read") == 0)) {
        fprintf(
            stderr,
            "ceiling write CONNINFO ENDPOINT EVENTS PER_SECOND | ceiling read CONNINFO ENDPOINT EVENTS\n");
        return 2;
    }
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, writes ? ZMQ_PUSH : ZMQ_PULL);
    int limit = 10000;
    zmq_setsockopt(socket, writes ? ZMQ_SNDHWM : ZMQ_RCVHWM, &limit, sizeof limit);
    if ((writes ? zmq_connect(socket, argv[3]) : zmq_bind(socket, argv[3])) != 0)
        bus_die("%s: %s", argv[3], zmq_strerror(zmq_errno()));
    if (writes)
        write_events(argv[2], socket, atoll(argv[4]), atoll(argv[5]));
    else
        read_events(argv[2], socket, atoll(argv[4]));
    zmq_close(socket);
    zmq_ctx_term(context);
    return 0;
}
