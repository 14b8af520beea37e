/* Fibers: each has a stack of its own, and runs until it sleeps. The one with the earliest time is next. The
 * jumps are the compiler's: they keep no signals and look for no cleanups, and a world jumps a thousand
 * times. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "sim.h"

#define FIBERS_MAX 64
#define NEVER      INT64_MAX
#define STACK_BYTES \
    ((size_t)256 * 1024 + 5 * 1024 + 64) /* odd: tops that lie alike crowd each other out of the cache */

typedef void *place[5]; /* of __builtin_setjmp() */

struct fiber {
    struct process *process;
    fiber_fn *run;
    void *argument;
    bool live;
    bool begun;
    place bottom; /* of its stack: where a new life begins */
    place at;
    bool has_stack;
};

static struct fiber fibers[FIBERS_MAX];
static int64_t
    wake_us[FIBERS_MAX];  /* of each; NEVER for those that are not alive: looked through at each switch */
static size_t fibers_n;   /* those above were never used */
static int64_t others_us; /* none but the current one has a turn before */
static struct fiber *current;
static place scheduler;

/* Not inlined: a function must not hold both kinds of jump. */
static _Noreturn __attribute__((noinline)) void leave(place to)
{
    __builtin_longjmp(to, 1);
}

static void end(struct fiber *self)
{
    self->live = false;
    wake_us[self - fibers] = NEVER;
}

/* The bottom of each stack: a fiber that was killed leaves its frames, and the next one begins from here
 * again. */
static void bottom(void)
{
    struct fiber *volatile self = current;
    if (__builtin_setjmp(self->bottom) == 0)
        leave(scheduler);
    self->run(self->argument);
    end(self);
    leave(scheduler);
}

static void give_stack(struct fiber *self)
{
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp =
        mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    context.uc_stack.ss_size = STACK_BYTES;
    context.uc_link = NULL;
    makecontext(&context, bottom, 0);
    struct fiber *volatile before = current;
    place back;
    memcpy(&back, &scheduler, sizeof back);
    current = self;
    if (__builtin_setjmp(scheduler) == 0)
        setcontext(&context);
    memcpy(&scheduler, &back, sizeof back);
    current = before;
    self->has_stack = true;
}

struct fiber *fiber_start(struct process *process, fiber_fn *run, void *argument, int64_t at_us)
{
    size_t i = 0;
    while (i < fibers_n && (fibers[i].live || &fibers[i] == current))
        i++;
    if (i == FIBERS_MAX)
        abort();
    if (i == fibers_n)
        fibers_n++;
    struct fiber *self = &fibers[i];
    if (!self->has_stack)
        give_stack(self);
    self->process = process;
    self->run = run;
    self->argument = argument;
    wake_us[i] = at_us;
    if (at_us < others_us)
        others_us = at_us;
    self->begun = false;
    self->live = true;
    return self;
}

void fiber_kill(struct fiber *self)
{
    end(self);
    if (self == current)
        leave(scheduler);
}

struct fiber *fiber_current(void)
{
    return current;
}

void fiber_sleep_until(int64_t at_us)
{
    struct fiber *self = current;
    if (at_us < world.now_us)
        at_us = world.now_us;
    if (at_us < others_us && (self->process == NULL || process_runnable_us(self->process) <= at_us)) {
        world.now_us = at_us; /* it would be the next: spares two jumps */
        return;
    }
    wake_us[self - fibers] = at_us;
    if (__builtin_setjmp(self->at) == 0)
        leave(scheduler);
}

void fiber_wake(struct fiber *self, int64_t at_us)
{
    size_t i = (size_t)(self - fibers);
    if (!self->live || wake_us[i] <= at_us)
        return;
    wake_us[i] = at_us;
    if (at_us < others_us)
        others_us = at_us;
}

/* Notes when another is the next after it. */
static size_t earliest(void)
{
    size_t first = 0;
    others_us = NEVER;
    for (size_t i = 1; i < fibers_n; i++) {
        size_t later = i;
        if (wake_us[i] < wake_us[first]) {
            later = first;
            first = i;
        }
        if (wake_us[later] < others_us)
            others_us = wake_us[later];
    }
    return first;
}

/* Of a process that is stopped none runs before it goes on. */
static struct fiber *next(void)
{
    size_t first = earliest();
    while (wake_us[first] < NEVER) {
        int64_t runnable = fibers[first].process != NULL ? process_runnable_us(fibers[first].process) : 0;
        if (runnable <= wake_us[first])
            break;
        wake_us[first] = runnable;
        first = earliest();
    }
    if (wake_us[first] == NEVER)
        return NULL;
    if (wake_us[first] > world.now_us)
        world.now_us = wake_us[first];
    return &fibers[first];
}

static volatile bool stopped;

void fibers_run(void)
{
    stopped = false;
    (void)__builtin_setjmp(scheduler);
    current = NULL;
    if (stopped)
        return;
    current = next();
    if (current == NULL)
        return;
    wake_us[current - fibers] = NEVER;
    process_entered(current->process);
    if (current->begun)
        leave(current->at);
    current->begun = true;
    leave(current->bottom);
}

_Noreturn void fibers_stop(void)
{
    stopped = true;
    leave(scheduler);
}

void fibers_reset(void)
{
    for (size_t i = 0; i < fibers_n; i++)
        end(&fibers[i]);
}
