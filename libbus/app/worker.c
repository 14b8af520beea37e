/* See worker.h. */
#include "app/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bus/status.h"

struct queue {
    struct job *first;
    struct job **last;
};

struct worker {
    work_fn *work;
    void (*open)(void *);
    void (*close)(void *);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct queue waiting, done;
    size_t pending;
    size_t done_n, done_max;
    bool stopping;
    bool whole; /* tells of jobs when all of them are finished */
    bool told;  /* `fd` is readable */
    int fd;
};

static void queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_put(struct queue *queue, struct job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

static struct job *queue_take(struct queue *queue)
{
    struct job *job = queue->first;
    if (job == NULL)
        return NULL;
    queue->first = job->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return job;
}

static void tell(struct worker *self)
{
    (void)!write(self->fd, &(uint64_t){1}, sizeof(uint64_t));
    self->told = true;
}

static bool has_room(const struct worker *self)
{
    return self->done_max == 0 || self->done_n < self->done_max;
}

static void *run(void *argument)
{
    struct worker *self = argument;
    if (self->open != NULL)
        self->open(self->context);
    pthread_mutex_lock(&self->lock);
    while (!self->stopping) {
        struct job *job = has_room(self) ? queue_take(&self->waiting) : NULL;
        if (job == NULL) {
            pthread_cond_wait(&self->changed, &self->lock);
            continue;
        }
        pthread_mutex_unlock(&self->lock);
        self->work(self->context, job);
        pthread_mutex_lock(&self->lock);
        queue_put(&self->done, job);
        self->done_n++;
        if (!self->whole || self->waiting.first == NULL)
            tell(self);
    }
    pthread_mutex_unlock(&self->lock);
    if (self->close != NULL)
        self->close(self->context);
    return NULL;
}

struct worker *worker_new(work_fn *work, void (*open)(void *), void (*close)(void *), void *context,
                          size_t done_max)
{
    struct worker *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory for a thread");
    *self =
        (struct worker){.work = work, .open = open, .close = close, .context = context, .done_max = done_max};
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->changed, NULL);
    queue_init(&self->waiting);
    queue_init(&self->done);
    self->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    /* Signals are the loop's. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&self->thread, NULL, run, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (self->fd < 0 || failed)
        bus_die("cannot start a thread: the system's limits are reached");
    return self;
}

void worker_free(struct worker **self_p)
{
    struct worker *self = *self_p;
    if (self == NULL)
        return;
    *self_p = NULL;
    pthread_mutex_lock(&self->lock);
    self->stopping = true;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    for (struct job *job; (job = queue_take(&self->waiting)) != NULL;)
        job_free(job);
    for (struct job *job; (job = queue_take(&self->done)) != NULL;)
        job_free(job);
    close(self->fd);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

void worker_push(struct worker *self, struct job *job)
{
    pthread_mutex_lock(&self->lock);
    queue_put(&self->waiting, job);
    self->pending++;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

struct job *worker_pop(struct worker *self)
{
    pthread_mutex_lock(&self->lock);
    struct job *job = queue_take(&self->done);
    if (job != NULL) {
        if (!has_room(self))
            pthread_cond_broadcast(&self->changed);
        self->pending--;
        self->done_n--;
    } else if (self->told) {
        (void)!read(self->fd, &(uint64_t){0}, sizeof(uint64_t));
        self->told = false;
    }
    pthread_mutex_unlock(&self->lock);
    return job;
}

size_t worker_behind(struct worker *self, struct job **jobs, size_t max)
{
    size_t n = 0;
    pthread_mutex_lock(&self->lock);
    for (struct job *job = self->waiting.first; job != NULL && n < max; job = job->next)
        jobs[n++] = job;
    pthread_mutex_unlock(&self->lock);
    return n;
}

void worker_tell_whole(struct worker *self, bool whole)
{
    pthread_mutex_lock(&self->lock);
    self->whole = whole;
    tell(self);
    pthread_mutex_unlock(&self->lock);
}

int worker_fd(const struct worker *self)
{
    return self->fd;
}

size_t worker_pending(struct worker *self)
{
    pthread_mutex_lock(&self->lock);
    size_t n = self->pending;
    pthread_mutex_unlock(&self->lock);
    return n;
}
