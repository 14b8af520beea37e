/* Being told to stop: SIGTERM and SIGINT, heard by a thread of their own, whatever the loop is waiting for.
 * What is still under way 8 s later is cut off: the truth is in Postgres, and what has no outcome there is
 * done again. */
#ifndef APP_STOP_H
#define APP_STOP_H

#include <signal.h>
#include <stdbool.h>

struct stop {
    sigset_t signals;
    int fd; /* readable from the first of them on */
};

/* Once, before any other thread is made; for as long as the process lives. */
struct stop *stop_open(void);
/* Of NULL: never told. */
bool stop_told(const struct stop *self);

#endif
