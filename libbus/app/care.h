/* After a process that ended without goodbye: something that it handled may have killed it. That is among what comes
 * first, so as much as its turn may have held is handled in small batches; when one of those kills too, the first of them
 * are run one by one, with attempts counted. So a message kills the process at most seven times: in a whole batch, in a
 * small one, and five times alone. */
#ifndef APP_CARE_H
#define APP_CARE_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/status.h"

struct loop;

struct care {
    size_t small;  /* items still to be handled in small batches */
    size_t single; /* items still to be run one by one */
    bool counted;  /* this start */
};

/* `needed`: the last process did not say goodbye, or did so before it had come through this. Asks for nothing yet. */
void care_open(struct loop *loop, bool needed);
/* Before the first turn: counts this start. */
BUS_CHECKED enum bus_status care_begin(struct loop *loop, struct bus_error *err);
/* `n` items were handled. At the end of what may kill, or of all there is, the starts are forgotten. */
BUS_CHECKED enum bus_status care_go_on(struct loop *loop, size_t n, struct bus_error *err);

#endif
