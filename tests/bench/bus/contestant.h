/* A contestant as the bench drives it: how events leave a writer and come to a reader. Each is one file that
 * defines `contestant`; contestant.c has the pace and the clock, effect.c the reader's Postgres. Whatever
 * fails ends the process. */
#ifndef BENCH_CONTESTANT_H
#define BENCH_CONTESTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_BYTES 300
#define BATCH       2000 /* as many as are sent or committed at once */

struct event {
    int64_t number;  /* from 1, dense */
    int64_t said_us; /* by the wall clock, when the writer took it up */
    char rest[EVENT_BYTES - 2 * sizeof(int64_t)];
};

struct place {
    const char *host; /* where the server listens; of one that has none, the reader */
    int port;
    const char *conninfo; /* of the Postgres that keeps the effects */
};

struct contestant {
    /* An empty stream or queue, whatever was there before. */
    void (*renew)(const struct place *place);

    /* Is connected when it returns. `paced`: every send is for itself and must not wait for others. */
    void *(*open_writer)(const struct place *place, bool paced);
    void (*send)(void *writer, const struct event *events, size_t n);
    /* Returns once everything is confirmed. */
    void (*close_writer)(void *writer);

    /* All below is NULL where the reader is a program of its own, which also makes the events' content. */

    /* Whatever was committed before, up to that number, need not come again. */
    void *(*open_reader)(const struct place *place, int64_t after);
    /* Waits for the first event, then takes what else has arrived, at most BATCH. */
    size_t (*receive)(void *reader, struct event *events);
    /* All that was received is committed in the reader's database. */
    void (*committed)(void *reader);
    void (*close_reader)(void *reader);
    bool forgets; /* what committed() acknowledges does not come again: it has to be on the disk by then */
};

extern const struct contestant contestant;

#endif
