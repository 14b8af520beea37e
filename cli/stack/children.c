/* Starting, watching and stopping the processes of a stack. */
#include "children.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/log.h"

#define LOG_BYTES_MAX       (INT64_C(16) << 20)
#define SERVICE_PATIENCE_US (12 * BUS_SECOND_US)
#define FAST_PATIENCE_US    (30 * BUS_SECOND_US)

static sigset_t watched(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

void children_block_signals(void)
{
    sigset_t set = watched();
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* `data_dir` is an argument of the program, or NULL. */
static struct child *child_add(struct children *self, const char *name, const char *path,
                               const char *data_dir)
{
    struct child *child = &self->items[self->n++];
    char **argv = bus_alloc_array(self->stack->arena, 4, sizeof(char *));
    argv[0] = bus_strdup(self->stack->arena, path);
    if (data_dir) {
        argv[1] = bus_strdup(self->stack->arena, "-D");
        argv[2] = bus_strdup(self->stack->arena, data_dir);
    }
    *child = (struct child){.name = name};
    child->plan = (struct process_plan){
        .path = path,
        .program_fd = -1,
        .argv = argv,
        .envp = environ,
        .log = stack_path(self->stack, "log/%s.log", name),
        .end_signal = data_dir ? SIGINT : SIGTERM,
        .pid_file = stack_path(self->stack, "run/%s.pid", name),
    };
    return child;
}

void children_init(struct children *self, const struct stack *stack, const struct postgres *postgres,
                   const struct services *services)
{
    *self = (struct children){.stack = stack};
    const char *path = bus_printf(stack->arena, "%s/postgres", postgres->bin);
    child_add(self, STACK_POSTGRES, path, stack_path(stack, "pg"));
    for (int i = 0; i < STACK_SERVICES; i++) {
        if (services->fd[i] < 0)
            continue;
        path = bus_printf(stack->arena, "%s/koppel-%s", services->bin, stack_services[i]);
        struct child *child = child_add(self, stack_services[i], path, NULL);
        child->plan.program_fd = services->fd[i];
        child->plan.envp = services_environment(stack, i);
    }
}

/* One older file is kept. Returns how much stands in the log. */
static int64_t log_turn(const struct stack *stack, const char *log)
{
    struct stat st;
    if (stat(log, &st) < 0)
        return 0;
    if (st.st_size > LOG_BYTES_MAX && rename(log, bus_printf(stack->arena, "%s.1", log)) == 0)
        return 0;
    return st.st_size;
}

enum bus_status children_start(struct children *self, size_t i, struct bus_error *err)
{
    struct child *child = &self->items[i];
    child->log_from = log_turn(self->stack, child->plan.log);
    enum bus_status status = process_start(&child->plan, &child->pid, err);
    child->started_us = bus_clock_monotonic_us();
    if (status == BUS_OK)
        bus_log_info("started %s (%d)", child->name, (int)child->pid);
    return status;
}

static struct child *child_of(struct children *self, pid_t pid)
{
    for (size_t i = 0; i < self->n; i++)
        if (self->items[i].pid == pid)
            return &self->items[i];
    return NULL;
}

/* The status a service ends with when it cannot work with its settings. */
#define SETTINGS_REFUSED 2

static void give_up(struct child *child)
{
    struct bus_error err;
    child->due_us = CHILD_NEVER;
    bus_log_error(
        "%s refuses its settings and is not started again: stop the stack, set them right, start it",
        child->name);
    if (process_record(child->plan.pid_file, 0, &err) != BUS_OK)
        bus_log_error("%s", err.text);
}

static void on_end(struct children *self, pid_t pid, int ended, bool stopping)
{
    struct child *child = child_of(self, pid);
    if (!child)
        return;
    int64_t now_us = bus_clock_monotonic_us();
    child->pid = 0;
    if (stopping) {
        unlink(child->plan.pid_file);
        bus_log_info("%s has ended", child->name);
        return;
    }
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == SETTINGS_REFUSED && child != &self->items[0]) {
        give_up(child);
        return;
    }
    child->backoff_ms = children_backoff_ms(child->backoff_ms, now_us - child->started_us);
    child->due_us = now_us + child->backoff_ms * INT64_C(1000);
    bus_log_warn("%s ended (%s %d): again in %d ms", child->name, WIFSIGNALED(ended) ? "signal" : "status",
                 WIFSIGNALED(ended) ? WTERMSIG(ended) : WEXITSTATUS(ended), child->backoff_ms);
}

static void reap(struct children *self, bool stopping)
{
    int ended;
    pid_t pid;
    while ((pid = waitpid(-1, &ended, WNOHANG)) > 0)
        on_end(self, pid, ended, stopping);
}

/* Starts what is due; returns when the next is, in microseconds from now, -1 for never. */
static int64_t restart_due(struct children *self)
{
    int64_t next_us = -1;
    for (size_t i = 0; i < self->n; i++) {
        struct child *child = &self->items[i];
        int64_t now_us = bus_clock_monotonic_us();
        struct bus_error err;
        if (child->pid == 0 && child->due_us <= now_us && children_start(self, i, &err) != BUS_OK) {
            bus_log_error("%s", err.text);
            child->due_us = now_us + 5 * BUS_SECOND_US;
        }
        if (child->pid == 0 && child->due_us != CHILD_NEVER &&
            (next_us < 0 || child->due_us - now_us < next_us))
            next_us = child->due_us - now_us;
    }
    return next_us;
}

void children_watch(struct children *self)
{
    sigset_t set = watched();
    for (;;) {
        int64_t wait_us = restart_due(self);
        struct timespec wait = {.tv_sec = wait_us / BUS_SECOND_US, .tv_nsec = wait_us % BUS_SECOND_US * 1000};
        int got = wait_us < 0 ? sigwaitinfo(&set, NULL) : sigtimedwait(&set, NULL, &wait);
        if (got == SIGTERM || got == SIGINT)
            return;
        reap(self, false);
    }
}

static bool running(const struct children *self, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (self->items[i].pid > 0)
            return true;
    return false;
}

static void send(const struct children *self, size_t from, size_t to, int what)
{
    for (size_t i = from; i < to; i++)
        if (self->items[i].pid > 0)
            kill(self->items[i].pid, what);
}

static void stop_some(struct children *self, size_t from, size_t to, const int signals[2],
                      int64_t patience_us)
{
    sigset_t set = watched();
    int64_t until_us = bus_clock_monotonic_us() + patience_us;
    bool forced = false;
    send(self, from, to, signals[0]);
    for (reap(self, true); running(self, from, to); reap(self, true)) {
        struct timespec wait = {.tv_nsec = 100000000};
        sigtimedwait(&set, NULL, &wait);
        if (!forced && bus_clock_monotonic_us() > until_us) {
            bus_log_warn("forcing to end what did not by itself");
            send(self, from, to, signals[1]);
            forced = true;
        }
    }
}

void children_stop(struct children *self)
{
    if (self->n == 0)
        return;
    bus_log_info("stopping");
    stop_some(self, 1, self->n, (const int[]){SIGTERM, SIGKILL}, SERVICE_PATIENCE_US);
    stop_some(self, 0, 1, (const int[]){SIGINT, SIGQUIT}, FAST_PATIENCE_US);
    bus_log_info("stopped");
}

int children_backoff_ms(int before_ms, int64_t lived_us)
{
    enum { FIRST = 100, MOST = 5000, LONG_LIFE_S = 30 };
    if (before_ms <= 0 || lived_us >= LONG_LIFE_S * INT64_C(1000000))
        return FIRST;
    return before_ms * 2 < MOST ? before_ms * 2 : MOST;
}
