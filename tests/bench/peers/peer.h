/* A peer as the bench drives it: how events go to its server and come back. Each peer is one file that
 * defines `peer`; main.c has the pace and the clock, effect.c the reader's Postgres. Whatever fails ends the
 * process. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_BYTES 300
#define BATCH       2000 /* as many as are sent or committed at once */

struct event {
    int64_t number; /* from 1, dense */
    int64_t said_us;
    char rest[EVENT_BYTES - 2 * sizeof(int64_t)];
};

struct peer {
    /* An empty stream or queue, whatever was there before. */
    void (*renew)(const char *host, int port);

    /* `paced`: every send is for itself and must not wait for others. */
    void *(*open_writer)(const char *host, int port, bool paced);
    void (*send)(void *writer, const struct event *events, size_t n);
    /* Returns once the server has confirmed everything. */
    void (*close_writer)(void *writer);

    /* Whatever was committed before, up to that number, need not come again. */
    void *(*open_reader)(const char *host, int port, int64_t after);
    /* Waits for the first event, then takes what else has arrived, at most BATCH. */
    size_t (*receive)(void *reader, struct event *events);
    /* All that was received is committed in the reader's database. */
    void (*committed)(void *reader);
    void (*close_reader)(void *reader);
};

extern const struct peer peer;

#endif
