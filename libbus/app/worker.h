/* A thread with a queue of jobs and a queue of finished ones. The loop pushes and pops; an eventfd tells it
 * that something is finished. */
#ifndef APP_WORKER_H
#define APP_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/arena.h"

struct worker;

/* A job owns its arena; everything it points to lives there. Embed it as the first member. */
struct job {
    struct job *next;
    struct bus_arena *arena;
};
/* A zeroed job of `size` bytes, in an arena of its own. */
void *job_new(size_t size);
void job_free(struct job *job);

typedef void work_fn(void *context, struct job *job);

/* `open` and `close` (may be NULL) run in the thread, before the first and after the last job. It waits with
 * the next job while `done_max` finished ones were not popped; 0: it does not. */
struct worker *worker_new(work_fn *work, void (*open)(void *), void (*close)(void *), void *context,
                          size_t done_max);
void worker_free(struct worker **self_p); /* lets the job at hand finish, drops the rest */
void worker_push(struct worker *self, struct job *job);
struct job *worker_pop(struct worker *self); /* a finished job, or NULL */
/* Within work_fn: the jobs behind the one at hand, at most `max` of them; they stay where they are. */
size_t worker_behind(struct worker *self, struct job **jobs, size_t max);
int worker_fd(const struct worker *self); /* readable when there is one */
/* Or only when no other waits to be done: for who needs all of them, and would be woken for each. */
void worker_tell_whole(struct worker *self, bool whole);
size_t worker_pending(struct worker *self); /* pushed and not yet popped */

#endif
