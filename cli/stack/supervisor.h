/* The process that keeps a stack alive: a daemon that makes what is missing, starts Postgres and the
 * services, restarts what dies, and on SIGTERM ends the services first, then Postgres. It holds a lock on
 * run/supervisor.pid as long as it lives. */
#ifndef CLI_STACK_SUPERVISOR_H
#define CLI_STACK_SUPERVISOR_H

#include <stdint.h>
#include <sys/types.h>

#include "bus/status.h"
#include "layout.h"
#include "place.h"

struct supervisor_order {
    struct place_account account;
    int port; /* asked for; 0: the one of last time, or any */
    bool conducted;
    bool restores; /* no services: what `backup_fd` holds becomes the stack, and it ends */
    int backup_fd;
    const char *repairs; /* NULL: all of the stack; else this service, and all that follow it */
    /* Called in the starter's process; the second says how many tables have been restored. */
    void (*on_progress)(const char *text);
    void (*on_part)(int64_t done);
};

/* Starts one and returns when Postgres and the services have been started (not: are ready), or when a backup
 * has been restored and all has ended again. BUS_CONFLICT: there is one already. `dir` must have been
 * prepared. */
BUS_CHECKED enum bus_status supervisor_start(const char *dir, const struct supervisor_order *order,
                                             struct bus_error *err);
/* The pid of the stack's supervisor; 0: none runs. */
pid_t supervisor_find(const struct stack *stack);
/* Asks it to stop and waits until all of the stack has ended; *ret_found says whether there was anything.
 * What a killed supervisor left behind is ended too. */
BUS_CHECKED enum bus_status supervisor_stop(const struct stack *stack, bool *ret_found,
                                            struct bus_error *err);

#endif
