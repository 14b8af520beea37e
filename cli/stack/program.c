/* See program.h. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

_Noreturn static void child_run(const struct program *plan, int err_fd)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(plan->in_fd >= 0 ? plan->in_fd : null, STDIN_FILENO) < 0 ||
        dup2(plan->out_fd >= 0 ? plan->out_fd : null, STDOUT_FILENO) < 0 || dup2(err_fd, STDERR_FILENO) < 0)
        _exit(127);
    setenv("LC_ALL", "C", 1);
    if (plan->password)
        setenv("PGPASSWORD", plan->password, 1);
    execvp(plan->path, plan->argv);
    dprintf(STDERR_FILENO, "it cannot be run: %s\n", strerror(errno));
    _exit(127);
}

/* Returns the last line in `last`. */
static void lines_read(const struct program *plan, int fd, char last[LINE_MAX_BYTES])
{
    FILE *lines = fdopen(fd, "r");
    char line[LINE_MAX_BYTES];
    last[0] = '\0';
    while (lines && fgets(line, sizeof line, lines)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0])
            strcpy(last, line);
        if (plan->on_line)
            plan->on_line(plan->arg, line);
    }
    if (lines)
        fclose(lines);
    else
        close(fd);
}

enum bus_status program_run(const struct program *plan, struct bus_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return bus_fail(err, BUS_RETRY, "no pipe can be made: %s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        child_run(plan, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return bus_fail(err, BUS_RETRY, "no process can be made: %s", strerror(errno));
    }
    char last[LINE_MAX_BYTES];
    lines_read(plan, ends[0], last);
    int ended = 0;
    if (waitpid(pid, &ended, 0) != pid || !WIFEXITED(ended) || WEXITSTATUS(ended) != 0)
        return bus_fail(err, BUS_RETRY, "%.64s failed: %.300s", plan->argv[0], last);
    return BUS_OK;
}
