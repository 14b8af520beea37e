/* From a fresh daemon to a running stack, or to a restored one: lock, leftovers, secrets, keys, ports,
 * database, services. */
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backup/repairing.h"
#include "backup/restoring.h"
#include "bus/log.h"
#include "children.h"
#include "credentials.h"
#include "ports.h"
#include "postgres.h"
#include "process.h"
#include "services.h"

#define SERVICE_PATIENCE_MS  5000
#define POSTGRES_PATIENCE_MS 30000

__attribute__((format(printf, 3, 4))) static void report(int fd, char sign, const char *fmt, ...)
{
    char text[1000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    dprintf(fd, "%c%s\n", sign, text);
}

bool supervise_end_leftovers(const struct stack *stack)
{
    bool found = false;
    for (int i = 0; i < STACK_SERVICES; i++) {
        struct process_end end = {stack_path(stack, "run/%s.pid", stack_services[i]), SIGTERM, SIGKILL,
                                  SERVICE_PATIENCE_MS};
        found |= process_end_recorded(&end);
    }
    /* Postgres knows two ways to end quickly: fast, and at once with recovery at the next start. */
    struct process_end end = {stack_path(stack, "run/" STACK_POSTGRES ".pid"), SIGINT, SIGQUIT,
                              POSTGRES_PATIENCE_MS};
    return process_end_recorded(&end) || found;
}

static enum bus_status folders_make(const struct stack *stack, struct bus_error *err)
{
    static const char *const names[] = {"run", "log", "secrets", "keys", "mail", NULL};
    for (int i = 0; names[i]; i++)
        if (mkdir(stack_path(stack, "%s", names[i]), 0700) < 0 && errno != EEXIST)
            return bus_fail(err, BUS_RETRY, "%s cannot be made: %s", stack_path(stack, "%s", names[i]),
                            strerror(errno));
    return BUS_OK;
}

struct coming {
    struct stack *stack;
    struct children children;
    bool busy; /* another supervisor has the stack */
};

/* Held until this process lets go or ends. */
static enum bus_status lock_take(struct coming *self, struct bus_error *err)
{
    const char *path = stack_path(self->stack, SUPERVISOR_PID_FILE);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &lock) < 0) {
        int error = errno;
        close(fd);
        self->busy = error == EACCES || error == EAGAIN;
        return bus_fail(err, BUS_CONFLICT, "%s cannot be locked: %s", path, strerror(error));
    }
    return ftruncate(fd, 0) == 0 && dprintf(fd, "%d\n", (int)getpid()) > 0
               ? BUS_OK
               : bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
}

/* In a process of its own: the library that makes keys starts threads and takes over signals. */
static enum bus_status keys_make(const struct stack *stack, struct bus_error *err)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct bus_error fault;
        enum bus_status status = credentials_keys(stack_path(stack, "keys"), &fault);
        if (status != BUS_OK)
            bus_log_error("%s", fault.text);
        _exit(status != BUS_OK);
    }
    int ended;
    if (pid < 0 || waitpid(pid, &ended, 0) != pid || !WIFEXITED(ended) || WEXITSTATUS(ended) != 0)
        return bus_fail(err, BUS_RETRY, "the keys could not be made: %s",
                        stack_last_line(stack_path(stack, "log/supervisor.log"), stack->arena));
    return BUS_OK;
}

/* The ports asked for, or those of last time, or any. */
static enum bus_status ports_choose(struct stack *stack, const struct supervisor_order *order, int report_fd,
                                    struct bus_error *err)
{
    int guard, wanted = order->port ? order->port : stack->port ? stack->port : STACK_PORT_DEFAULT;
    enum bus_status status =
        order->port ? ports_claim(wanted, &guard, err) : ports_claim_from(wanted, &stack->port, &guard, err);
    if (order->port && status == BUS_CONFLICT) {
        struct bus_error why = *err;
        return bus_fail(err, BUS_CONFLICT,
                        "port %d is not free: name another with --port, or none, and the next free block is "
                        "taken (%s)",
                        order->port, why.text);
    }
    if (status != BUS_OK)
        return status;
    if (order->port)
        stack->port = order->port;
    if (stack->port != wanted)
        report(report_fd, REPORT_PROGRESS, "the ports from %d on are taken: using those from %d on", wanted,
               stack->port);
    return BUS_OK; /* the guard stays open as long as this process lives */
}

static enum bus_status prepare(struct stack *stack, const struct supervisor_order *order, int report_fd,
                               struct postgres *ret_postgres, struct bus_error *err)
{
    enum bus_status status = postgres_find(stack, ret_postgres, err);
    if (status == BUS_OK)
        status = ports_choose(stack, order, report_fd, err);
    if (status == BUS_OK)
        status = postgres_socket_dir(stack, &stack->socket_dir, err);
    stack->conducted = order->conducted;
    stack->mails = services_mail(order->conducted);
    if (status == BUS_OK)
        status = stack_save(stack, err);
    if (status == BUS_OK)
        status = credentials_secrets(stack_path(stack, "secrets"), stack->arena, err);
    if (status == BUS_OK)
        status = keys_make(stack, err);
    if (status == BUS_OK && postgres_is_new(stack))
        report(report_fd, REPORT_PROGRESS, "making a database");
    return status == BUS_OK ? postgres_prepare(ret_postgres, err) : status;
}

struct load_report {
    int fd;
    int64_t done;
};

static void on_table(void *arg)
{
    struct load_report *self = arg;
    report(self->fd, REPORT_PART, "%lld", (long long)++self->done);
}

static void on_repair(void *arg, const char *text)
{
    const struct load_report *self = arg;
    report(self->fd, REPORT_PROGRESS, "%s", text);
}

/* Postgres alone, for as long as it takes to fill it. */
static enum bus_status restore_all(struct children *children, const struct postgres *postgres,
                                   const struct supervisor_order *order, int report_fd, struct bus_error *err)
{
    struct load_report parts = {.fd = report_fd};
    enum bus_status status = children_start(children, 0, err);
    if (status == BUS_OK)
        status = postgres_wait(postgres, children->items[0].pid, children->items[0].log_from, err);
    if (status == BUS_OK)
        status = postgres_roles(postgres, err);
    if (status == BUS_OK)
        status = order->repairs ? repairing_run(postgres, order->repairs, on_repair, &parts, err)
                                : restoring_load(postgres, on_table, &parts, err);
    struct bus_error why;
    if (status == BUS_OK && restoring_analyze(postgres, &why) != BUS_OK)
        report(report_fd, REPORT_PROGRESS,
               "warning: the database's statistics are missing, which it makes by itself in time: %s",
               why.text);
    children_stop(children);
    return status == BUS_OK ? restoring_finish(children->stack, err) : status;
}

static enum bus_status start_all(struct children *children, const struct postgres *postgres, int report_fd,
                                 struct bus_error *err)
{
    enum bus_status status = children_start(children, 0, err);
    if (status == BUS_OK)
        status = postgres_wait(postgres, children->items[0].pid, children->items[0].log_from, err);
    if (status == BUS_OK)
        status = postgres_roles(postgres, err);
    for (size_t i = 1; status == BUS_OK && i < children->n; i++) {
        status = children_start(children, i, err);
        if (status == BUS_OK)
            report(report_fd, REPORT_PROGRESS, "starting %s", children->items[i].name);
    }
    return status;
}

static enum bus_status restore_begin(const struct stack *stack, const struct supervisor_order *order,
                                     struct bus_error *err)
{
    if (!order->restores)
        return restoring_refuse(stack, err);
    return order->repairs ? restoring_begin_repair(stack, order->backup_fd, err)
                          : restoring_begin(stack, order->backup_fd, err);
}

/* Lets go of the terminal and of everything the starter had open. */
static enum bus_status detach(const struct stack *stack, struct bus_error *err)
{
    const char *path = stack_path(stack, "log/supervisor.log");
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0 || chdir(stack->dir) < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
    close(log);
    close(null);
    setenv("HOME", stack->dir, 1);
    prctl(PR_SET_NAME, "koppel-stack");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    bus_log_open("supervisor", getenv("BUS_LOG_LEVEL"));
    return BUS_OK;
}

static enum bus_status come_up(struct coming *self, const char *dir, const struct supervisor_order *order,
                               int report_fd, struct bus_error *err)
{
    static struct services services; /* kept for restarts */
    struct postgres postgres;
    umask(077);
    services_find(&services);
    enum bus_status status = stack_open(dir, &self->stack, err);
    if (status == BUS_OK)
        status = place_drop(&order->account, err);
    if (status == BUS_OK)
        status = folders_make(self->stack, err);
    if (status == BUS_OK)
        status = lock_take(self, err);
    if (status == BUS_OK)
        status = detach(self->stack, err);
    if (status != BUS_OK)
        return status;
    children_block_signals();
    if (supervise_end_leftovers(self->stack))
        bus_log_warn("ended what an earlier supervisor had left behind");
    status = restore_begin(self->stack, order, err);
    if (status == BUS_OK)
        status = prepare(self->stack, order, report_fd, &postgres, err);
    if (status != BUS_OK)
        return status;
    children_init(&self->children, self->stack, &postgres, &services);
    return order->restores ? restore_all(&self->children, &postgres, order, report_fd, err)
                           : start_all(&self->children, &postgres, report_fd, err);
}

/* The last report may be answered by the next command at once: it must find neither the lock of the stack
 * taken nor the guard of its ports. */
static void let_go(int report_fd)
{
    close_range(STDERR_FILENO + 1, (unsigned)report_fd - 1, 0);
    close_range((unsigned)report_fd + 1, ~0U, 0);
}

void supervise(const char *dir, const struct supervisor_order *order, int report_fd)
{
    struct coming self = {0};
    struct bus_error err;
    if (come_up(&self, dir, order, report_fd, &err) != BUS_OK) {
        if (!self.busy)
            bus_log_error("the stack did not start: %s", err.text);
        children_stop(&self.children);
        let_go(report_fd);
        report(report_fd, self.busy ? REPORT_BUSY : REPORT_FAILED, "%s", err.text);
        _exit(1);
    }
    if (order->restores)
        let_go(report_fd);
    report(report_fd, REPORT_STARTED, "%s", "");
    if (order->restores)
        _exit(0);
    close(report_fd);
    children_watch(&self.children);
    children_stop(&self.children);
    _exit(0);
}
