/* The processes a supervisor keeps alive: Postgres first, then the services that are built. */
#ifndef CLI_STACK_CHILDREN_H
#define CLI_STACK_CHILDREN_H

#include <stdint.h>

#include "layout.h"
#include "postgres.h"
#include "process.h"
#include "services.h"

#define CHILD_NEVER INT64_MAX

struct child {
    const char *name;
    struct process_plan plan;
    pid_t pid;          /* 0: not running */
    int64_t started_us; /* monotonic */
    int64_t log_from;   /* what stands before in its log is of earlier lives */
    int64_t due_us;     /* not running: when to start it again, CHILD_NEVER */
    int backoff_ms;
};

struct children {
    const struct stack *stack;
    struct child items[1 + STACK_SERVICES];
    size_t n;
};

/* The signals a supervisor waits for; before the first child. */
void children_block_signals(void);
void children_init(struct children *self, const struct stack *stack, const struct postgres *postgres,
                   const struct services *services);
BUS_CHECKED enum bus_status children_start(struct children *self, size_t i, struct bus_error *err);
/* Restarts what dies, until SIGTERM or SIGINT comes. What refuses its settings is given up: here they stay
 * what they are. */
void children_watch(struct children *self);
/* Services first, together; then Postgres. Returns when all have ended. */
void children_stop(struct children *self);

/* How long to wait before the next start, after a life of `lived_us`; `before_ms` is the wait before that
 * life. */
int children_backoff_ms(int before_ms, int64_t lived_us);

#endif
