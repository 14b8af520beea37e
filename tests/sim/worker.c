/* Stands in for app/worker.c: the thread is a fiber. */
#include "app/worker.h"

#include <stdlib.h>

#include "sim.h"

struct worker {
    work_fn *work;
    void (*open)(void *);
    void (*close)(void *);
    void *context;
    struct fiber *thread;
    struct fiber *owner;
    struct job *waiting, *done;
    size_t pending;
    size_t done_n, done_max;
    bool whole;
};

static void put(struct job **queue, struct job *job)
{
    job->next = NULL;
    while (*queue != NULL)
        queue = &(*queue)->next;
    *queue = job;
}

static struct job *take(struct job **queue)
{
    struct job *job = *queue;
    if (job != NULL)
        *queue = job->next;
    return job;
}

static bool has_room(const struct worker *self)
{
    return self->done_max == 0 || self->done_n < self->done_max;
}

static void run(void *argument)
{
    struct worker *self = argument;
    if (self->open != NULL)
        self->open(self->context);
    for (;;) {
        struct job *job = has_room(self) ? take(&self->waiting) : NULL;
        if (job == NULL) {
            fiber_sleep_until(INT64_MAX);
            continue;
        }
        step("worker: takes a job");
        self->work(self->context, job);
        put(&self->done, job);
        self->done_n++;
        if (!self->whole || self->waiting == NULL) {
            running->job_done = true;
            fiber_wake(self->owner, world.now_us);
        }
    }
}

struct worker *worker_new(work_fn *work, void (*open)(void *), void (*close)(void *), void *context,
                          size_t done_max)
{
    struct worker *self = calloc(1, sizeof *self);
    *self = (struct worker){.work = work,
                            .open = open,
                            .close = close,
                            .context = context,
                            .owner = fiber_current(),
                            .done_max = done_max};
    self->thread = process_thread(run, self);
    return self;
}

void worker_free(struct worker **self_p)
{
    struct worker *self = *self_p;
    if (self == NULL)
        return;
    *self_p = NULL;
    fiber_kill(self->thread);
    if (self->close != NULL)
        self->close(self->context);
    free(self);
}

void worker_push(struct worker *self, struct job *job)
{
    put(&self->waiting, job);
    self->pending++;
    fiber_wake(self->thread, world.now_us);
}

struct job *worker_pop(struct worker *self)
{
    struct job *job = take(&self->done);
    if (job != NULL && !has_room(self))
        fiber_wake(self->thread, world.now_us);
    self->pending -= job != NULL;
    self->done_n -= job != NULL;
    return job;
}

int worker_fd(const struct worker *self)
{
    (void)self;
    return -1;
}

size_t worker_behind(struct worker *self, struct job **jobs, size_t max)
{
    size_t n = 0;
    for (struct job *job = self->waiting; job != NULL && n < max; job = job->next)
        jobs[n++] = job;
    return n;
}

void worker_tell_whole(struct worker *self, bool whole)
{
    self->whole = whole;
}

size_t worker_pending(struct worker *self)
{
    return self->pending;
}
