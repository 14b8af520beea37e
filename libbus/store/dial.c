/* See dial.h. libpq asks the resolver in the middle of its call, whichever way it is called, and the resolver
 * may take half a minute: so the thread is never waited for, and what both hold goes with the last of them.
 */
#include "store/dial.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bus/clock.h"
#include "bus/status.h"
#include "store/store.h"

#define PARAMS_MAX 16

struct dial {
    pthread_mutex_t lock;
    pthread_cond_t over;
    char *keywords[PARAMS_MAX + 1], *values[PARAMS_MAX + 1];
    PGconn *conn; /* NULL until it is known */
    bool left;    /* by who began it */
};

static atomic_int under_way; /* threads */

bool store_dialling(void)
{
    return atomic_load(&under_way) > 0;
}

static void release(struct dial *self)
{
    PQfinish(self->conn);
    for (size_t i = 0; i < PARAMS_MAX; i++) {
        free(self->keywords[i]);
        free(self->values[i]);
    }
    pthread_cond_destroy(&self->over);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

static void *run(void *argument)
{
    struct dial *self = argument;
    PGconn *conn =
        PQconnectdbParams((const char *const *)self->keywords, (const char *const *)self->values, 1);
    if (conn == NULL)
        bus_die("out of memory: no room for a database connection");
    pthread_mutex_lock(&self->lock);
    self->conn = conn;
    bool left = self->left;
    pthread_cond_signal(&self->over);
    pthread_mutex_unlock(&self->lock);
    if (left)
        release(self);
    atomic_fetch_sub(&under_way, 1);
    return NULL;
}

static char *copy(const char *text)
{
    char *copied = text != NULL ? strdup(text) : NULL;
    if (text != NULL && copied == NULL)
        bus_die("out of memory: no room for a database connection");
    return copied;
}

static void start(struct dial *self)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&under_way, 1);
    int failed = pthread_create(&thread, NULL, run, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed || pthread_detach(thread) != 0)
        bus_die("cannot start a thread: the system's limits are reached");
}

struct dial *dial_new(const char *const *keywords, const char *const *values)
{
    struct dial *self = calloc(1, sizeof(*self));
    if (self == NULL)
        bus_die("out of memory: no room for a database connection");
    for (size_t i = 0; keywords[i] != NULL; i++) {
        if (i == PARAMS_MAX)
            bus_die("a database connection of more than %d parameters", PARAMS_MAX);
        self->keywords[i] = copy(keywords[i]);
        self->values[i] = copy(values[i]);
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self->over, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&self->lock, NULL);
    start(self);
    return self;
}

PGconn *dial_take(struct dial **self_p, int wait_ms)
{
    struct dial *self = *self_p;
    int64_t until_us = bus_clock_monotonic_us() + wait_ms * INT64_C(1000);
    struct timespec until = {.tv_sec = until_us / BUS_SECOND_US, .tv_nsec = until_us % BUS_SECOND_US * 1000};
    pthread_mutex_lock(&self->lock);
    for (int late = 0; self->conn == NULL && !late;)
        late = wait_ms < 0 ? pthread_cond_wait(&self->over, &self->lock)
                           : pthread_cond_timedwait(&self->over, &self->lock, &until);
    PGconn *conn = self->conn;
    self->conn = NULL;
    pthread_mutex_unlock(&self->lock);
    if (conn == NULL)
        return NULL;
    release(self);
    *self_p = NULL;
    return conn;
}

void dial_free(struct dial **self_p)
{
    struct dial *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    pthread_mutex_lock(&self->lock);
    self->left = true;
    bool over = self->conn != NULL;
    pthread_mutex_unlock(&self->lock);
    if (over)
        release(self);
}
