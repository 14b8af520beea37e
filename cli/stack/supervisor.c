/* The supervisor from the outside: starting it as a daemon, finding it, stopping it. */
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"
#include "supervise.h"

#define STOP_PATIENCE_MS 60000

/* The lock is a record lock: the kernel knows its holder, and drops it when that process ends, however it
 * ends. */
pid_t supervisor_find(const struct stack *stack)
{
    int fd = open(stack_path(stack, SUPERVISOR_PID_FILE), O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return 0;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int asked = fcntl(fd, F_GETLK, &lock);
    close(fd);
    return asked == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

_Noreturn static void daemonise(const char *dir, const struct supervisor_order *order, int report_fd)
{
    if (setsid() < 0)
        _exit(1);
    pid_t pid = fork();
    if (pid != 0)
        _exit(pid < 0);
    supervise(dir, order, report_fd);
}

/* Its reports are lines: a sign, then text. */
static enum bus_status reports_read(int fd, const struct supervisor_order *order, struct bus_error *err)
{
    FILE *reports = fdopen(fd, "r");
    char line[1024];
    enum bus_status status = BUS_BUG;
    while (status == BUS_BUG && reports && fgets(line, sizeof(line), reports)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == REPORT_PROGRESS && order->on_progress)
            order->on_progress(line + 1);
        else if (line[0] == REPORT_PART && order->on_part)
            order->on_part(strtoll(line + 1, NULL, 10));
        else if (line[0] == REPORT_STARTED)
            status = BUS_OK;
        else if (line[0] == REPORT_BUSY)
            status = bus_fail(err, BUS_CONFLICT, "this stack runs already");
        else if (line[0] == REPORT_FAILED)
            status = bus_fail(err, BUS_RETRY, "%s", line + 1);
    }
    if (reports)
        fclose(reports);
    return status == BUS_BUG
               ? bus_fail(err, BUS_BUG, "the supervisor ended while starting: see log/supervisor.log")
               : status;
}

enum bus_status supervisor_start(const char *dir, const struct supervisor_order *order, struct bus_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return bus_fail(err, BUS_RETRY, "no pipe can be made: %s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        daemonise(dir, order, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return bus_fail(err, BUS_RETRY, "no process can be made: %s", strerror(errno));
    }
    waitpid(pid, NULL, 0);
    return reports_read(ends[0], order, err);
}

enum bus_status supervisor_stop(const struct stack *stack, bool *ret_found, struct bus_error *err)
{
    pid_t pid = supervisor_find(stack);
    bool found = pid > 0;
    if (found && kill(pid, SIGTERM) < 0 && errno == EPERM)
        return bus_fail(err, BUS_DENIED,
                        "the stack in %s belongs to somebody else: use the account that started it",
                        stack->dir);
    for (int waited = 0; supervisor_find(stack) == pid && pid > 0; waited += 10) {
        if (waited > STOP_PATIENCE_MS)
            return bus_fail(err, BUS_RETRY, "the stack is still stopping (supervisor %d): see %s", (int)pid,
                            stack_path(stack, "log/supervisor.log"));
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    *ret_found = supervise_end_leftovers(stack) || found;
    return BUS_OK;
}
