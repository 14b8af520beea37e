/* A message ends the process at most seven times: in a whole batch, in a small one, and five times alone.
 * Then it is parked, or refused, and the rest go on.
 *
 * So after a process that ended without goodbye as much as its turn may have held is handled in small
 * batches. When one of those ends the process too, the first of them are run one by one, with attempts
 * counted. A command comes when its sender repeats it: for half a minute all commands are run so. */
#ifndef APP_CARE_H
#define APP_CARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/status.h"

struct item;
struct loop;

struct care {
    size_t small;     /* items still to be handled in small batches */
    size_t single;    /* items still to be run one by one */
    int64_t until_us; /* monotonic: a command may be repeated until then; 0: all is well */
    bool counted;     /* this start */
    bool wary;        /* commands are run one by one */
};

/* `needed`: the last process did not say goodbye, or did so before it had come through this. Asks for nothing
 * yet. */
void care_open(struct loop *loop, bool needed);
/* Before the first turn: counts this start. */
BUS_CHECKED enum bus_status care_begin(struct loop *loop, struct bus_error *err);
/* Whether these are to be run one by one. */
bool care_alone(const struct loop *loop, const struct item *items, size_t n);
/* `n` items were handled. At the end of what may kill, or of all there is, the starts are forgotten. */
BUS_CHECKED enum bus_status care_go_on(struct loop *loop, size_t n, struct bus_error *err);

#endif
